import type { BabusError } from '../../errors/index.js';
import type { FieldType } from '../descriptor.js';
import { rangeWords } from '../runtime/range-words.js';
import type { NumberRange } from '../types.js';
import { typeName } from '../type-name.js';
import { numberOf, wantedOf } from './constants.js';
import type { FieldSource, SchemaFile } from './model.js';

/**
 * The range that a field gives its numbers, or the numbers of its array.
 * @returns undefined when it gives none, or there were errors
 */
export function rangeOf(
  file: SchemaFile,
  field: FieldSource,
  type: FieldType,
  errors: BabusError[],
): NumberRange | undefined {
  const given = [
    ['minimum', field.minimum],
    ['maximum', field.maximum],
  ] as const;
  const present = given.filter(([, value]) => value !== undefined);
  if (present.length === 0) return undefined;
  const report = (key: string, message: string, onKey = false): undefined => {
    const path = ['fields', field.name, key];
    errors.push(
      file.source.error('ERR_BABUS_SCHEMA', path, `fields.${field.name}.${key}: ${message}`, { key: onKey }),
    );
  };
  const element = type.kind === 'array' || type.kind === 'sequence' ? type.element : type;
  if (element.kind !== 'scalar' || element.type === 'bool')
    return report(
      present[0]![0],
      `goes with numbers and arrays of numbers, not with ${typeName(type)}`,
      true,
    );
  const range: { minimum?: number | bigint; maximum?: number | bigint } = {};
  for (const [key, value] of present) {
    const number = numberOf(element.type, value!);
    if (number === undefined)
      return report(key, `wants ${wantedOf(element.type)} (${element.type}), given ${String(value)}`);
    range[key] = number;
  }
  const { minimum, maximum } = range;
  if (minimum !== undefined && maximum !== undefined && minimum > maximum)
    return report('minimum', `no number is ${rangeWords(range)}`);
  return range;
}
