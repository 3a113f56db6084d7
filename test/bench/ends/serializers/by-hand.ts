import { imageData, ROW, sumRow, type Contestant, type ImuValues } from './contestant.js';

/**
 * The same bytes as Babus's, as somebody would write them who knows the offsets by heart: the limit of what JavaScript can do. Text is
 * kept as bytes in both, encoded and decoded by Node's own functions.
 */
const AT = {
  frame: 1,
  orientation: 2,
  first: 6,
  turning: 15,
  second: 18,
  pull: 27,
  third: 30,
  tail: 312,
} as const;

const decoder = new TextDecoder();
const encoder = new TextEncoder();

export function typedArrays(withText: boolean): Contestant {
  const buffer = new ArrayBuffer(4096);
  const [u8, i32, u32, f64] = [
    new Uint8Array(buffer),
    new Int32Array(buffer),
    new Uint32Array(buffer),
    new Float64Array(buffer),
  ];
  const image = imageData();
  return {
    writeImu({ sec, nsec, frameId, orientation, turning, pull, covariances }: ImuValues) {
      i32[0] = sec;
      u32[1] = nsec;
      if (withText) {
        u32[2 * AT.frame] = AT.tail;
        u32[2 * AT.frame + 1] = encoder.encodeInto(frameId, u8.subarray(AT.tail)).written;
      }
      for (let i = 0; i < 4; i++) f64[AT.orientation + i] = orientation[i]!;
      for (let i = 0; i < 3; i++) {
        f64[AT.turning + i] = turning[i]!;
        f64[AT.pull + i] = pull[i]!;
      }
      f64.set(covariances[0], AT.first);
      f64.set(covariances[1], AT.second);
      f64.set(covariances[2], AT.third);
    },
    readImu() {
      let sum = i32[0]! + u32[1]!;
      if (withText) {
        const start = u32[2 * AT.frame]!;
        sum += decoder.decode(u8.subarray(start, start + u32[2 * AT.frame + 1]!)).length;
      }
      for (let i = AT.orientation; i < AT.third + 9; i++) sum += f64[i]!;
      return sum;
    },
    readRow: () => sumRow(image, ROW.row * ROW.step),
  };
}

export function dataView(withText: boolean): Contestant {
  const buffer = new ArrayBuffer(4096);
  const view = new DataView(buffer);
  const u8 = new Uint8Array(buffer);
  const image = new DataView(imageData().buffer);
  const put = (at: number, values: Float64Array): void => {
    for (let i = 0; i < values.length; i++) view.setFloat64((at + i) * 8, values[i]!, true);
  };
  return {
    writeImu({ sec, nsec, frameId, orientation, turning, pull, covariances }: ImuValues) {
      view.setInt32(0, sec, true);
      view.setUint32(4, nsec, true);
      if (withText) {
        view.setUint32(8, AT.tail, true);
        view.setUint32(12, encoder.encodeInto(frameId, u8.subarray(AT.tail)).written, true);
      }
      put(AT.orientation, orientation);
      put(AT.turning, turning);
      put(AT.pull, pull);
      put(AT.first, covariances[0]);
      put(AT.second, covariances[1]);
      put(AT.third, covariances[2]);
    },
    readImu() {
      let sum = view.getInt32(0, true) + view.getUint32(4, true);
      if (withText) {
        const start = view.getUint32(8, true);
        sum += decoder.decode(u8.subarray(start, start + view.getUint32(12, true))).length;
      }
      for (let i = AT.orientation; i < AT.third + 9; i++) sum += view.getFloat64(i * 8, true);
      return sum;
    },
    readRow() {
      let sum = 0;
      for (let i = ROW.row * ROW.step; i < (ROW.row + 1) * ROW.step; i++) sum += image.getUint8(i);
      return sum;
    },
  };
}
