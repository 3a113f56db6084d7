import type { FieldType, SchemaDescriptor, StructDescriptor } from '../descriptor.js';

/** A cloned struct as JSON data: bigints as strings, arrays of numbers as lists, bools as booleans. */
export function jsonOf(
  value: Record<string, unknown>,
  struct: StructDescriptor,
  schema: SchemaDescriptor,
): Record<string, unknown> {
  return Object.fromEntries(
    struct.fields.map(({ name, type }) => [name, fieldToJson(value[name], type, schema)]),
  );
}

function fieldToJson(value: unknown, type: FieldType, schema: SchemaDescriptor): unknown {
  if (type.kind === 'array' || type.kind === 'sequence')
    return Array.from(value as ArrayLike<unknown>, (element) => fieldToJson(element, type.element, schema));
  if (type.kind === 'struct')
    return jsonOf(value as Record<string, unknown>, structOf(schema, type.schema), schema);
  if (type.kind === 'scalar' && type.type === 'bool') return Boolean(value);
  return typeof value === 'bigint' ? String(value) : value;
}

/** A struct that the schema's fields name. */
export function structOf(schema: SchemaDescriptor, name: string): StructDescriptor {
  return schema.structs.find((struct) => struct.name === name)!;
}
