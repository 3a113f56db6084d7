import type { FieldType, SchemaDescriptor, StructDescriptor } from '../descriptor.js';
import { structOf } from './json.js';

/**
 * A message as the JSON data that generated JSON Schemas describe: as `toJSON()` gives it, but enums as numbers and arrays of
 * uint8 as base64 text, which is what Foxglove reads.
 * @param value what `toJSON()` of a view, or `readDynamic()`, returned
 */
export function toFoxgloveJson(
  value: Readonly<Record<string, unknown>>,
  schema: SchemaDescriptor,
): Record<string, unknown> {
  return structJson(value, schema, schema);
}

function structJson(
  value: Readonly<Record<string, unknown>>,
  struct: StructDescriptor,
  schema: SchemaDescriptor,
): Record<string, unknown> {
  return Object.fromEntries(
    struct.fields.map(({ name, type }) => [name, fieldJson(value[name], type, schema)]),
  );
}

function fieldJson(value: unknown, type: FieldType, schema: SchemaDescriptor): unknown {
  switch (type.kind) {
    case 'enum':
      return typeof value === 'string' ? type.values[value] : value;
    case 'struct':
      return structJson(value as Record<string, unknown>, structOf(schema, type.schema), schema);
    case 'array':
    case 'sequence':
      if (type.element.kind === 'scalar' && type.element.type === 'uint8')
        return Buffer.from(value as number[]).toString('base64');
      return (value as unknown[]).map((element) => fieldJson(element, type.element, schema));
    default:
      return value;
  }
}
