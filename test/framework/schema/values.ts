import type { Everything, Fixed, Lists, Numbers, Part } from './fixtures/index.js';

export const numbers: Numbers = {
  flag: true,
  i8: -128,
  u8: 255,
  i16: -32768,
  u16: 65535,
  i32: -2147483648,
  u32: 4294967295,
  i64: -9223372036854775808n,
  u64: 18446744073709551615n,
  f32: 0.5,
  f64: Math.PI,
  m: 7,
  class: 8,
};

export const parts: Part[] = [
  { flag: true, label: 'léft', marks: Float64Array.of(1, 2.5), points: [{ x: 1, y: 2 }] },
  { flag: false, label: '', marks: Float64Array.of(), points: [] },
];

export const fixed: Fixed = {
  before: 9,
  bools: Uint8Array.of(1, 0, 1),
  bytes: Uint8Array.of(1, 2, 3, 4, 255),
  shorts: Int16Array.of(-1, 32767),
  floats: Float32Array.of(0.5, -2, Infinity),
  doubles: Float64Array.of(1, 2, 3, 4, 5, 6, 7, 8, 9.25),
  longs: BigInt64Array.of(-1n, 2n ** 62n),
  states: ['cold', 'off', 'on'],
  times: [
    { sec: 1, nsec: 2 },
    { sec: -3, nsec: 999999999 },
  ],
  points: [
    { x: 1, y: -1 },
    { x: 0.25, y: 8 },
  ],
  parts,
};

export const lists: Lists = {
  bools: Uint8Array.of(0, 1, 1, 0),
  bytes: Uint8Array.of(7),
  shorts: Uint16Array.of(1, 65535),
  floats: Float32Array.of(0.5),
  doubles: Float64Array.of(Math.E, -0),
  longs: BigUint64Array.of(2n ** 64n - 1n),
  states: ['on', 'off', 'on'],
  times: [{ sec: 5, nsec: 6 }],
  spans: [{ sec: -1, nsec: 500_000_000 }],
  points: [
    { x: 1, y: 2 },
    { x: 3, y: 4 },
    { x: 5, y: 6 },
  ],
  parts,
};

export const everything: Everything = {
  stamp: { sec: 1_700_000_000, nsec: 123_456_789 },
  age: { sec: -2, nsec: 1 },
  frame_id: 'kamera \u{1F916}',
  mode: 'drive',
  numbers,
  fixed,
  lists,
  part: parts[0]!,
  vector: { x: 1, origin: { x: 1, y: 2, z: 3 } },
  std_vector: { x: -1, y: -2, z: -3 },
  end: 77,
};
