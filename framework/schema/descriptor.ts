/**
 * The canonical form of a schema: what the layout hash is taken over, what is stored in a slot's control file, and what
 * generic readers (such as `babus slot echo`) interpret. It holds names, types and offsets; no docs, no units.
 */

export type ScalarType =
  | 'bool'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float32'
  | 'float64';

/** `time` and `duration` are structs {sec int32, nsec uint32}, 8 bytes, aligned to 4, with accessors of their own. */
export type FieldType =
  | { readonly kind: 'scalar'; readonly type: ScalarType }
  | { readonly kind: 'enum'; readonly base: ScalarType; readonly values: Readonly<Record<string, number>> }
  | { readonly kind: 'time' | 'duration' }
  | { readonly kind: 'string' }
  | { readonly kind: 'struct'; readonly schema: string }
  /** Inline, `length` elements. */
  | { readonly kind: 'array'; readonly element: FieldType; readonly length: number }
  /** A span {offset u32 from the payload's start, length u32 in elements} into the message's tail. */
  | { readonly kind: 'sequence'; readonly element: FieldType };

export interface FieldDescriptor {
  readonly name: string;
  /** Bytes from the start of the struct. */
  readonly offset: number;
  readonly type: FieldType;
}

export interface StructDescriptor {
  /** Qualified: `std/Image`. */
  readonly name: string;
  /** Bytes, a multiple of `align`. */
  readonly size: number;
  readonly align: number;
  readonly fields: readonly FieldDescriptor[];
}

export interface SchemaDescriptor extends StructDescriptor {
  /** Every struct that the fields name, directly or deeper, sorted by name. */
  readonly structs: readonly StructDescriptor[];
}
