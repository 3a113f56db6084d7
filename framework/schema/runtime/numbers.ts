import type { ScalarType } from '../descriptor.js';

/** Typed arrays that fields of numbers are seen through. */
export type NumberArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array;

/** One of the scalar types: how its arrays are made and which values fit. */
export interface NumberType<A extends NumberArray = NumberArray> {
  readonly name: ScalarType;
  readonly bytes: number;
  readonly array: new (buffer: ArrayBuffer, byteOffset: number, length: number) => A;
  /** What a value must be, in words. */
  readonly wanted: string;
  fits(value: unknown): boolean;
}

const FLOAT32_WANTED = 'a number of at most 3.4e38 either way';

/** False for what is no number, and for finite numbers that a float32 can only hold as infinity. */
export function fitsFloat32(value: unknown): boolean {
  return typeof value === 'number' && (Number.isFinite(Math.fround(value)) || !Number.isFinite(value));
}

export function fitsInt64(value: unknown): boolean {
  return typeof value === 'bigint' && value >= -0x8000000000000000n && value <= 0x7fffffffffffffffn;
}

export function fitsUint64(value: unknown): boolean {
  return typeof value === 'bigint' && value >= 0n && value <= 0xffffffffffffffffn;
}

function integer<A extends NumberArray>(
  name: ScalarType,
  array: NumberType<A>['array'],
  bytes: number,
  min: number,
  max: number,
): NumberType<A> {
  const fits = (value: unknown): boolean =>
    Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  return { name, bytes, array, wanted: `a whole number from ${min} to ${max}`, fits };
}

/** Arrays of `bool` are seen as bytes that are 0 or 1. */
export const BOOL: NumberType<Uint8Array> = {
  name: 'bool',
  bytes: 1,
  array: Uint8Array,
  wanted: 'true or false',
  fits: (value) => typeof value === 'boolean' || value === 0 || value === 1,
};
export const INT8 = integer('int8', Int8Array, 1, -0x80, 0x7f);
export const UINT8 = integer('uint8', Uint8Array, 1, 0, 0xff);
export const INT16 = integer('int16', Int16Array, 2, -0x8000, 0x7fff);
export const UINT16 = integer('uint16', Uint16Array, 2, 0, 0xffff);
export const INT32 = integer('int32', Int32Array, 4, -0x80000000, 0x7fffffff);
export const UINT32 = integer('uint32', Uint32Array, 4, 0, 0xffffffff);
export const INT64: NumberType<BigInt64Array> = {
  name: 'int64',
  bytes: 8,
  array: BigInt64Array,
  wanted: 'a bigint from -9223372036854775808n to 9223372036854775807n',
  fits: fitsInt64,
};
export const UINT64: NumberType<BigUint64Array> = {
  name: 'uint64',
  bytes: 8,
  array: BigUint64Array,
  wanted: 'a bigint from 0n to 18446744073709551615n',
  fits: fitsUint64,
};
export const FLOAT32: NumberType<Float32Array> = {
  name: 'float32',
  bytes: 4,
  array: Float32Array,
  wanted: FLOAT32_WANTED,
  fits: fitsFloat32,
};
export const FLOAT64: NumberType<Float64Array> = {
  name: 'float64',
  bytes: 8,
  array: Float64Array,
  wanted: 'a number',
  fits: (value) => typeof value === 'number',
};

export const NUMBER_TYPES: Readonly<Record<ScalarType, NumberType>> = {
  bool: BOOL,
  int8: INT8,
  uint8: UINT8,
  int16: INT16,
  uint16: UINT16,
  int32: INT32,
  uint32: UINT32,
  int64: INT64,
  uint64: UINT64,
  float32: FLOAT32,
  float64: FLOAT64,
};
