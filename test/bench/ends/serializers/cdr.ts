import { CdrReader, CdrWriter } from '@foxglove/cdr';
import { imageData, ROW, sumOf, sumRow, type Contestant } from './contestant.js';

/** As ROS 2 sends them. */
export function cdr(): Contestant {
  const writer = new CdrWriter();
  let bytes = writer.data;
  const pictures = new CdrWriter({ size: ROW.step * ROW.height + 64 });
  const image = pictures.uint32(ROW.step).uint8Array(imageData(), true).data.slice();
  const doubles = (of: CdrWriter, values: Float64Array): void => {
    for (const value of values) of.float64(value);
  };
  return {
    writeImu({ sec, nsec, frameId, orientation, turning, pull, covariances }) {
      const out = new CdrWriter();
      out.int32(sec).uint32(nsec).string(frameId);
      doubles(out, orientation);
      doubles(out, covariances[0]);
      doubles(out, turning);
      doubles(out, covariances[1]);
      doubles(out, pull);
      doubles(out, covariances[2]);
      bytes = out.data;
    },
    readImu() {
      const from = new CdrReader(bytes);
      let sum = from.int32() + from.uint32() + from.string().length;
      for (let i = 0; i < 4; i++) sum += from.float64();
      sum += sumOf(from.float64Array(9));
      for (let i = 0; i < 3; i++) sum += from.float64();
      sum += sumOf(from.float64Array(9));
      for (let i = 0; i < 3; i++) sum += from.float64();
      return sum + sumOf(from.float64Array(9));
    },
    readRow() {
      const from = new CdrReader(image);
      const step = from.uint32();
      return sumRow(from.uint8Array(), ROW.row * step);
    },
  };
}
