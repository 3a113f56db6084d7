import type { FieldType, SchemaDescriptor, StructDescriptor } from '../descriptor.js';
import { inOrder } from '../canonical.js';
import type { NumberRange } from '../types.js';
import { sizeOf } from '../runtime/dynamic.js';
import type { FieldSource, LoadedField } from './model.js';
import type { Bounds } from './type-text.js';

/** Bytes of the fixed part of a message. What is longer belongs into a variable array. */
export const MAX_FIXED_BYTES = 65536;
/** Bytes of a descriptor as JSON: slots have room for that much. */
export const MAX_DESCRIPTOR_BYTES = 65536;

/** A field whose type was looked up. */
export interface TypedField {
  readonly source: FieldSource;
  readonly type: FieldType;
  readonly bounds: Bounds | undefined;
  readonly range: NumberRange | undefined;
}

export interface Layout {
  readonly fields: readonly LoadedField[];
  readonly descriptor: SchemaDescriptor;
  /** The first field that does not fit into MAX_FIXED_BYTES. */
  readonly tooFar: LoadedField | undefined;
}

/**
 * Lays fields out as a C compiler does: in their order, each at the next multiple of its alignment, the whole padded to the
 * largest alignment.
 * @param nested descriptors of the schemas that the fields name
 */
export function layOut(
  name: string,
  typed: readonly TypedField[],
  nested: readonly SchemaDescriptor[],
): Layout {
  const structs = collectStructs(nested);
  const known: SchemaDescriptor = { name, size: 0, align: 1, fields: [], structs };
  const fields: LoadedField[] = [];
  let end = 0;
  let align = 1;
  let tooFar: LoadedField | undefined;
  for (const { source, type, bounds, range } of typed) {
    const size = sizeOf(type, known);
    const offset = roundUp(end, size.align);
    const { unit, doc, deprecated } = source;
    const field = { name: source.name, offset, type, unit, doc, deprecated, bounds, range };
    fields.push(field);
    end = offset + size.bytes;
    align = Math.max(align, size.align);
    if (end > MAX_FIXED_BYTES) tooFar ??= field;
  }
  const descriptor = inOrder<SchemaDescriptor>({
    name,
    size: roundUp(end, align),
    align,
    fields: fields.map((field) => ({ name: field.name, offset: field.offset, type: field.type })),
    structs,
  });
  return { fields, descriptor, tooFar };
}

function collectStructs(nested: readonly SchemaDescriptor[]): StructDescriptor[] {
  const byName = new Map<string, StructDescriptor>();
  for (const { structs, ...own } of nested)
    for (const struct of [...structs, own]) byName.set(struct.name, struct);
  return [...byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

function roundUp(bytes: number, align: number): number {
  return Math.ceil(bytes / align) * align;
}
