import { canonicalJson } from '../canonical.js';
import type { FieldType, SchemaDescriptor, StructDescriptor } from '../descriptor.js';
import { MAX_DESCRIPTOR_BYTES, MAX_FIXED_BYTES } from '../load/layout.js';
import { boundWords, type LoadedField, type LoadedSchema } from '../load/model.js';
import { hasSpans } from '../runtime/define.js';
import { sizeOf } from '../runtime/dynamic.js';
import { structOf } from '../runtime/json.js';
import { typeName } from '../type-name.js';

/** One field, or one inside a struct of the fixed part by its dotted name. */
export interface FieldFacts {
  readonly name: string;
  readonly type: string;
  /** Bytes from the start of the message; of an element's field, from the start of the element. */
  readonly offset: number;
  /** Bytes in the fixed part: 8 for a span. */
  readonly size: number;
  readonly align: number;
  /** What a span points to; null for what lies in the fixed part. */
  readonly tail: { readonly element: string; readonly size: number; readonly align: number } | null;
  readonly unit?: string;
  readonly doc?: string;
  readonly minimum?: number | string;
  readonly maximum?: number | string;
  /** Such as `at most 9 elements`. */
  readonly bounds?: string;
  /** What to use instead. */
  readonly deprecated?: string;
  /** Of enums: names and their numbers. */
  readonly values?: Readonly<Record<string, number>>;
}

export interface SchemaFacts {
  /** Qualified: `std/Image`. */
  readonly name: string;
  readonly file: string;
  readonly doc: string | null;
  /** 16 hexadecimal digits. */
  readonly hash: string;
  /** Bytes of the fixed part. */
  readonly size: number;
  readonly align: number;
  readonly has_tail: boolean;
  readonly fields: readonly FieldFacts[];
  /** Structs that are elements of arrays, each with its fields from the start of an element. */
  readonly elements: readonly {
    readonly name: string;
    readonly size: number;
    readonly align: number;
    readonly fields: readonly FieldFacts[];
  }[];
  /** Of no message; 64-bit integers as text. */
  readonly constants: readonly {
    readonly name: string;
    readonly type: string;
    readonly value: number | string | boolean;
    readonly unit?: string;
    readonly doc?: string;
  }[];
  /** Bytes used and allowed. */
  readonly limits: {
    readonly fixed_bytes: number;
    readonly max_fixed_bytes: number;
    readonly description_bytes: number;
    readonly max_description_bytes: number;
  };
}

/** Where every byte of a schema's messages lies. */
export function layoutOf(schema: LoadedSchema): SchemaFacts {
  const { name, file, doc, hash, descriptor } = schema;
  const told = new Map(schema.fields.map((field) => [field.name, field]));
  return {
    name,
    file,
    doc: doc?.trim() ?? null,
    hash,
    size: descriptor.size,
    align: descriptor.align,
    has_tail: hasSpans(descriptor),
    fields: fieldsOf(descriptor, descriptor, told),
    elements: elementStructs(descriptor).map((struct) => ({
      name: struct.name,
      size: struct.size,
      align: struct.align,
      fields: fieldsOf(struct, descriptor),
    })),
    constants: schema.constants.map((constant) => ({
      name: constant.name,
      type: constant.type,
      value: typeof constant.value === 'bigint' ? String(constant.value) : constant.value,
      ...(constant.unit === undefined ? {} : { unit: constant.unit }),
      ...(constant.doc === undefined ? {} : { doc: constant.doc.trim() }),
    })),
    limits: {
      fixed_bytes: descriptor.size,
      max_fixed_bytes: MAX_FIXED_BYTES,
      description_bytes: Buffer.byteLength(canonicalJson(descriptor)),
      max_description_bytes: MAX_DESCRIPTOR_BYTES,
    },
  };
}

/** @param told what the file says of fields beside their types: known of the schema itself, not of structs inside */
function fieldsOf(
  struct: StructDescriptor,
  schema: SchemaDescriptor,
  told: ReadonlyMap<string, LoadedField> = new Map(),
  prefix = '',
  base = 0,
): FieldFacts[] {
  return struct.fields.flatMap(({ name, offset, type }) => {
    const { bytes, align } = sizeOf(type, schema);
    const { unit, doc, deprecated, range, bounds } = told.get(name) ?? {};
    const element = elementOf(type);
    const facts: FieldFacts = {
      name: prefix + name,
      type: typeName(type),
      offset: base + offset,
      size: bytes,
      align,
      tail: tailOf(type, schema),
      ...(unit === undefined ? {} : { unit }),
      ...(doc === undefined ? {} : { doc: doc.trim() }),
      ...rangeFacts(range),
      ...(bounds === undefined ? {} : { bounds: boundWords(bounds)! }),
      ...(deprecated === undefined ? {} : { deprecated: deprecated.trim() }),
      ...(element.kind === 'enum' ? { values: element.values } : {}),
    };
    if (type.kind !== 'struct') return [facts];
    return [
      facts,
      ...fieldsOf(structOf(schema, type.schema), schema, undefined, `${facts.name}.`, facts.offset),
    ];
  });
}

/** JSON has no bigint. */
function rangeFacts(range: LoadedField['range']): Pick<FieldFacts, 'minimum' | 'maximum'> {
  const ends = Object.entries(range ?? {}) as [string, number | bigint][];
  return Object.fromEntries(ends.map(([key, end]) => [key, typeof end === 'bigint' ? String(end) : end]));
}

function tailOf(type: FieldType, schema: SchemaDescriptor): FieldFacts['tail'] {
  if (type.kind === 'string') return { element: 'byte of UTF-8', size: 1, align: 1 };
  if (type.kind !== 'sequence') return null;
  const { bytes, align } = sizeOf(type.element, schema);
  return { element: typeName(type.element), size: bytes, align };
}

function elementOf(type: FieldType): FieldType {
  return type.kind === 'array' || type.kind === 'sequence' ? elementOf(type.element) : type;
}

/** Structs that stand in arrays, anywhere in the schema, in alphabetical order. */
function elementStructs(schema: SchemaDescriptor): StructDescriptor[] {
  const names = [schema, ...schema.structs].flatMap(({ fields }) =>
    fields.flatMap(({ type }) => {
      const element = elementOf(type);
      return element !== type && element.kind === 'struct' ? [element.schema] : [];
    }),
  );
  return [...new Set(names)].sort().map((name) => structOf(schema, name));
}
