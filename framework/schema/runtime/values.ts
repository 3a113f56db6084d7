import { inspect } from 'node:util';
import { BabusError } from '../../errors/index.js';
import type { ScalarType } from '../descriptor.js';
import type { Memory } from './memory.js';
import { NUMBER_TYPES, type NumberArray, type NumberType } from './numbers.js';

/** What an array of numbers may be set from: a typed array, or a list of numbers (bigints for 64-bit integers). */
export type NumberValues<A extends NumberArray> = A | ArrayLike<A[number]>;

/** What a nested struct may be set from: a plain object, or a view of the same schema. */
export type ValueOf<M> = M | { clone(): M };

/** What an array of structs or of enum values may be set from. */
export type Values<T> = Iterable<T> & { readonly length: number };

/** A value in a message: short, on one line, running no code of the value's own. */
export function show(value: unknown): string {
  return inspect(value, {
    depth: 0,
    maxStringLength: 40,
    maxArrayLength: 3,
    breakLength: Infinity,
    customInspect: false,
  });
}

/** @throws BabusError ERR_BABUS_VALUE always */
export function refuseValue(memory: Memory, field: string, wanted: string, given: unknown): never {
  throw new BabusError('ERR_BABUS_VALUE', `${memory.slot}: ${field} wants ${wanted}, given ${show(given)}`);
}

/** The slow end of a number setter of generated code. @throws BabusError ERR_BABUS_VALUE always */
export function refuseNumber(memory: Memory, field: string, type: ScalarType, given: unknown): never {
  return refuseValue(memory, field, `${NUMBER_TYPES[type].wanted} (${type})`, given);
}

/**
 * Checks all elements before any of them is written.
 * @throws BabusError ERR_BABUS_VALUE naming the first element that does not fit
 */
export function checkNumbers<A extends NumberArray>(
  memory: Memory,
  field: string,
  type: NumberType<A>,
  values: unknown,
): asserts values is NumberValues<A> {
  if (values instanceof type.array && type.name !== 'bool') return;
  if (!isArrayLike(values))
    refuseValue(memory, field, `a ${type.array.name} or a list of ${type.name}`, values);
  for (let i = 0; i < values.length; i++)
    if (!type.fits(values[i]))
      refuseValue(memory, `${field}[${i}]`, `${type.wanted} (${type.name})`, values[i]);
}

/** Copies checked values; typed arrays of the same type go as one block. */
export function copyNumbers<A extends NumberArray>(target: A, values: NumberValues<A>): void {
  (target as Uint8Array).set(values as ArrayLike<number>);
}

/** @throws BabusError ERR_BABUS_VALUE for what is no list, with a length that a list can have */
export function checkValues<T>(memory: Memory, field: string, values: unknown): asserts values is Values<T> {
  const iterable = typeof (values as Iterable<T> | null | undefined)?.[Symbol.iterator] === 'function';
  if (typeof values !== 'object' || !iterable || !isLength((values as Values<T>).length))
    refuseValue(memory, field, 'a list', values);
}

function isArrayLike(values: unknown): values is ArrayLike<unknown> {
  return typeof values === 'object' && values !== null && isLength((values as ArrayLike<unknown>).length);
}

export function isLength(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
