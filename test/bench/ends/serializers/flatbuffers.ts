import { Builder, ByteBuffer } from 'flatbuffers';
import { imageData, ROW, sumRow, type Contestant } from './contestant.js';

/** Places in the table's vtable: 4 + 2 * the field's number. */
const FIELD = {
  stamp: 4,
  frame: 6,
  orientation: 8,
  first: 10,
  turning: 12,
  second: 14,
  pull: 16,
  third: 18,
} as const;
const DOUBLE = 8;

/**
 * What its compiler would make of a table with structs for vectors and stamp, and vectors of doubles for covariances, without the
 * accessor objects: read in place.
 */
export function flatbuffers(): Contestant {
  const builder = new Builder(1024);
  let bytes: Uint8Array = new Uint8Array();
  const picture = imageOf();
  const struct = (values: Float64Array): number => {
    builder.prep(DOUBLE, DOUBLE * values.length);
    for (let i = values.length - 1; i >= 0; i--) builder.writeFloat64(values[i]!);
    return builder.offset();
  };
  const vector = (values: Float64Array): number => {
    builder.startVector(DOUBLE, values.length, DOUBLE);
    for (let i = values.length - 1; i >= 0; i--) builder.addFloat64(values[i]!);
    return builder.endVector();
  };
  return {
    writeImu({ sec, nsec, frameId, orientation, turning, pull, covariances }) {
      builder.clear();
      const frame = builder.createString(frameId);
      const [first, second, third] = [vector(covariances[0]), vector(covariances[1]), vector(covariances[2])];
      builder.startObject(8);
      builder.prep(4, 8);
      builder.writeInt32(nsec);
      builder.writeInt32(sec);
      builder.addFieldStruct(0, builder.offset(), 0);
      builder.addFieldOffset(1, frame, 0);
      builder.addFieldStruct(2, struct(orientation), 0);
      builder.addFieldOffset(3, first, 0);
      builder.addFieldStruct(4, struct(turning), 0);
      builder.addFieldOffset(5, second, 0);
      builder.addFieldStruct(6, struct(pull), 0);
      builder.addFieldOffset(7, third, 0);
      builder.finish(builder.endObject());
      bytes = builder.asUint8Array();
    },
    readImu() {
      const from = new ByteBuffer(bytes);
      const table = from.readInt32(from.position()) + from.position();
      const at = (field: number): number => table + from.__offset(table, field);
      const doubles = (start: number, count: number): number => {
        let sum = 0;
        for (let i = 0; i < count; i++) sum += from.readFloat64(start + i * DOUBLE);
        return sum;
      };
      const stamp = at(FIELD.stamp);
      let sum = from.readInt32(stamp) + from.readUint32(stamp + 4);
      sum += (from.__string(at(FIELD.frame)) as string).length;
      sum += doubles(at(FIELD.orientation), 4) + doubles(at(FIELD.turning), 3) + doubles(at(FIELD.pull), 3);
      for (const field of [FIELD.first, FIELD.second, FIELD.third])
        sum += doubles(from.__vector(at(field)), 9);
      return sum;
    },
    readRow() {
      const from = new ByteBuffer(picture);
      const table = from.readInt32(from.position()) + from.position();
      const step = from.readUint32(table + from.__offset(table, 4));
      const start = from.__vector(table + from.__offset(table, 6));
      return sumRow(from.bytes(), start + ROW.row * step);
    },
  };
}

function imageOf(): Uint8Array {
  const builder = new Builder(ROW.step * ROW.height + 1024);
  const data = builder.createByteVector(imageData());
  builder.startObject(2);
  builder.addFieldInt32(0, ROW.step, 0);
  builder.addFieldOffset(1, data, 0);
  builder.finish(builder.endObject());
  return builder.asUint8Array().slice();
}
