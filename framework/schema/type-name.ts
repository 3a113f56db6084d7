import type { FieldType } from './descriptor.js';

/** A field's type as a schema file writes it; an enum with its base. */
export function typeName(type: FieldType): string {
  switch (type.kind) {
    case 'scalar':
      return type.type;
    case 'enum':
      return `enum ${type.base}`;
    case 'struct':
      return type.schema;
    case 'array':
      return `${typeName(type.element)}[${type.length}]`;
    case 'sequence':
      return `${typeName(type.element)}[]`;
    case 'time':
    case 'duration':
    case 'string':
      return type.kind;
  }
}
