import type { ScalarType } from '../descriptor.js';

/** A type as written in a schema file: `float64[9]` is { base: 'float64', list: 9 }. */
export interface TypeText {
  readonly base: string;
  /** Number of elements, `any` for `[]`, undefined for a single value. */
  readonly list: number | 'any' | undefined;
  readonly bounds: Bounds | undefined;
}

/** The most that a field may hold. They take no part in the layout: a span is a span. */
export interface Bounds {
  /** Elements of a variable array: `T[<=9]`. */
  readonly elements?: number;
  /** Bytes of a string in UTF-8, of each one in an array of strings: `string<=9`. */
  readonly textBytes?: number;
}

/** Elements of a fixed array; the limit for a message's fixed part is lower for all but single bytes. */
export const MAX_FIXED_LENGTH = 65536;

/** Longer than any name with brackets. */
const MAX_TYPE_TEXT = 256;

/** @returns the type, or in words why it is none */
export function parseTypeText(text: string): TypeText | string {
  if (text.length > MAX_TYPE_TEXT)
    return `'${text.slice(0, 60)}…' is not a type: ${text.length} characters; write such as uint32, float64[9] or my_robot/Grip`;
  const match = /^\s*([A-Za-z_][A-Za-z0-9_/]*)\s*(?:<=\s*(\d+)\s*)?((?:\[[^\]]*\]\s*)*)$/.exec(text);
  if (!match) return `'${text}' is not a type; write such as uint32, float64[9], float32[] or my_robot/Grip`;
  const base = match[1]!;
  const lists = match[3]!.trim();
  const textBytes = match[2] === undefined ? undefined : Number(match[2]);
  if (textBytes !== undefined && base !== 'string')
    return `'${text}': <= after the name goes with string; bound an array as in ${base}[<=${textBytes}]`;
  if (textBytes !== undefined && !isBound(textBytes)) return `'${text}': ${BOUND_WANTED}`;
  const ofText = textBytes === undefined ? {} : { textBytes };
  const bounds = textBytes === undefined ? undefined : ofText;
  if (lists === '') return { base, list: undefined, bounds };
  const brackets = lists.split(']').length - 1;
  if (brackets > 1)
    return `'${text}': arrays of arrays are not supported; use one array, or an array of a schema`;
  const length = lists.slice(1, -1).trim();
  if (length === '') return { base, list: 'any', bounds };
  const bound = /^<=\s*(\d+)$/.exec(length);
  if (bound) {
    const elements = Number(bound[1]);
    if (!isBound(elements)) return `'${text}': ${BOUND_WANTED}`;
    return { base, list: 'any', bounds: { elements, ...ofText } };
  }
  const count = Number(length);
  if (!/^\d+$/.test(length) || count < 1 || count > MAX_FIXED_LENGTH)
    return `'${text}': a fixed array has 1 to ${MAX_FIXED_LENGTH} elements`;
  return { base, list: count, bounds };
}

const BOUND_WANTED = 'a bound is a whole number from 1 to 4294967295';

function isBound(count: number): boolean {
  return count >= 1 && count <= 0xffffffff;
}

export const SCALAR_TYPES: readonly ScalarType[] = [
  'bool',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
];

export const BUILT_IN_TYPES: readonly string[] = [...SCALAR_TYPES, 'string', 'time', 'duration', 'enum'];

/** What other languages call the types. */
const ALIASES: Readonly<Record<string, string>> = {
  boolean: 'bool',
  byte: 'uint8',
  char: 'uint8',
  bytes: 'uint8[]',
  short: 'int16',
  int: 'int32',
  integer: 'int32',
  uint: 'uint32',
  long: 'int64',
  bigint: 'int64',
  float: 'float32',
  double: 'float64',
  number: 'float64',
  f32: 'float32',
  f64: 'float64',
  str: 'string',
  text: 'string',
  timestamp: 'time',
};

/** The Babus type that a foreign word stands for. */
export function aliasOf(word: string): string | undefined {
  return Object.hasOwn(ALIASES, word.toLowerCase()) ? ALIASES[word.toLowerCase()] : undefined;
}
