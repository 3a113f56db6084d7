import { didYouMean, type BabusError } from '../../errors/index.js';
import type { YamlPath } from '../../yaml/index.js';
import type { FieldType, ScalarType } from '../descriptor.js';
import { NUMBER_TYPES } from '../runtime/numbers.js';
import type { FieldSource, LoadedSchema, SchemaFile } from './model.js';
import {
  aliasOf,
  BUILT_IN_TYPES,
  parseTypeText,
  SCALAR_TYPES,
  type Bounds,
  type TypeText,
} from './type-text.js';

/** Looks up the schema that a field names. Reports its own errors. */
export type FindSchema = (name: string, file: SchemaFile, field: FieldSource) => LoadedSchema | undefined;

/** A field's type, and what bounds it. */
export interface BoundedType {
  readonly type: FieldType;
  readonly bounds: Bounds | undefined;
}

/** Turns a field's text into a type. @returns undefined when there were errors */
export function fieldTypeOf(
  file: SchemaFile,
  field: FieldSource,
  errors: BabusError[],
  find: FindSchema,
): BoundedType | undefined {
  const report = (message: string, path: YamlPath = field.typePath, key = false): undefined => {
    errors.push(file.source.error('ERR_BABUS_SCHEMA', path, `fields.${field.name}: ${message}`, { key }));
  };
  const text = parseTypeText(field.type);
  if (typeof text === 'string') return report(text);
  if (text.base !== 'enum')
    for (const key of ['base', 'values'] as const)
      if (field[key] !== undefined)
        return report(`'${key}' goes with the type enum`, ['fields', field.name, key], true);
  const element = text.base === 'enum' ? enumType(field, report) : plainType(file, field, text, find);
  if (element === undefined) return undefined;
  return { type: listOf(element, text.list), bounds: text.bounds };
}

function listOf(element: FieldType, list: TypeText['list']): FieldType {
  if (list === undefined) return element;
  return list === 'any' ? { kind: 'sequence', element } : { kind: 'array', element, length: list };
}

type Report = (message: string, path?: YamlPath, key?: boolean) => undefined;

function plainType(
  file: SchemaFile,
  field: FieldSource,
  text: TypeText,
  find: FindSchema,
): FieldType | undefined {
  const { base } = text;
  if (isScalar(base)) return { kind: 'scalar', type: base };
  if (base === 'string' || base === 'time' || base === 'duration') return { kind: base };
  const schema = find(base, file, field);
  return schema && { kind: 'struct', schema: schema.name };
}

function isScalar(word: string): word is ScalarType {
  return (SCALAR_TYPES as readonly string[]).includes(word);
}

function enumType(field: FieldSource, report: Report): FieldType | undefined {
  const base = (field.base ?? 'uint8') as ScalarType;
  const { values } = field;
  if (values === undefined) return report("missing key 'values', such as values: { off: 0, on: 1 }");
  const type = NUMBER_TYPES[base];
  const names = new Map<number, string>();
  let valid = true;
  for (const [name, number] of Object.entries(values)) {
    const other = names.get(number);
    const path = ['fields', field.name, 'values', name];
    if (!type.fits(number)) report(`${name} is ${number}; ${base} holds ${type.wanted}`, path);
    else if (other !== undefined)
      report(`${name} is ${number}, as ${other} is; each name needs a number of its own`, path);
    else {
      names.set(number, name);
      continue;
    }
    valid = false;
  }
  return valid ? { kind: 'enum', base, values } : undefined;
}

/** What to say about a type that is not known. */
export function unknownType(word: string, titles: readonly string[]): string {
  const alias = aliasOf(word);
  if (alias !== undefined) return `unknown type '${word}'; did you mean '${alias}'?`;
  return `unknown type '${word}'${didYouMean(word, [...BUILT_IN_TYPES, ...titles])}`;
}
