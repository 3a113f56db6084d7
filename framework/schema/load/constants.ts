import type { BabusError } from '../../errors/index.js';
import type { YamlSource } from '../../yaml/index.js';
import type { ScalarType } from '../descriptor.js';
import { NUMBER_TYPES } from '../runtime/numbers.js';
import type { ConstantType, LoadedConstant } from './model.js';

/** A constant as a schema file writes it, its shape checked. */
export interface ConstantData {
  readonly type: ConstantType;
  readonly value: number | boolean | string;
  readonly unit?: string;
  readonly doc?: string;
}

/**
 * Reads the constants of a schema file. They take no part in the layout and its hash: no message carries them.
 * @returns those whose values fit their types; of the others errors are reported
 */
export function constantsOf(
  source: YamlSource,
  data: Readonly<Record<string, ConstantData>>,
  errors: BabusError[],
): LoadedConstant[] {
  return Object.entries(data).flatMap(([name, { type, value: given, unit, doc }]) => {
    const value = valueOf(type, given);
    if (fits(type, value)) return [{ name, type, value, unit, doc }];
    const message = `constants.${name}: wants ${wantedOf(type)} (${type}), given ${JSON.stringify(given) ?? String(given)}`;
    errors.push(source.error('ERR_BABUS_SCHEMA', ['constants', name, 'value'], message));
    return [];
  });
}

/** A number as the type has it. @returns undefined when it does not fit, or is not finite */
export function numberOf(type: ScalarType, given: number | string): number | bigint | undefined {
  const value = valueOf(type, given);
  return fits(type, value) ? (value as number | bigint) : undefined;
}

/** YAML's numbers are exact to 53 bits: greater 64-bit integers are written as text. */
function valueOf(type: ConstantType, given: ConstantData['value']): LoadedConstant['value'] {
  if (type !== 'int64' && type !== 'uint64') return given;
  if (typeof given === 'string' && /^-?\d{1,20}$/.test(given)) return BigInt(given);
  return Number.isSafeInteger(given) ? BigInt(given) : given;
}

function fits(type: ConstantType, value: LoadedConstant['value']): boolean {
  if (type === 'string') return typeof value === 'string';
  if (type === 'bool') return typeof value === 'boolean';
  return NUMBER_TYPES[type].fits(value) && (typeof value === 'bigint' || Number.isFinite(value));
}

/** What a value of the type is, in words. */
export function wantedOf(type: ConstantType): string {
  if (type === 'string') return 'a text';
  if (type === 'int64' || type === 'uint64') {
    const range = NUMBER_TYPES[type].wanted.replace('a bigint', 'a whole number').replaceAll(/(\d)n/g, '$1');
    return `${range}, in quotes above 9007199254740991 either way`;
  }
  if (type === 'float64') return 'a finite number';
  return NUMBER_TYPES[type].wanted;
}
