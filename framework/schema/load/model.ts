import type { YamlPath, YamlSource } from '../../yaml/index.js';
import type { NumberRange, Rules } from '../types.js';
import type { Bounds } from './type-text.js';
import type { FieldType, ScalarType, SchemaDescriptor } from '../descriptor.js';

/** A schema file after its shape was checked, before its types are looked up. */
export interface SchemaFile {
  readonly source: YamlSource;
  /** Path of the file. */
  readonly file: string;
  /** Qualified: `std/Image`. */
  readonly name: string;
  readonly packageName: string;
  /** `Image` */
  readonly title: string;
  readonly doc: string | undefined;
  readonly fields: readonly FieldSource[];
  readonly constants: readonly LoadedConstant[];
}

export interface FieldSource {
  readonly name: string;
  /** As written: `float64[9]`. */
  readonly type: string;
  readonly base: string | undefined;
  readonly values: Readonly<Record<string, number>> | undefined;
  readonly unit: string | undefined;
  readonly doc: string | undefined;
  /** What to use instead; undefined for fields that are to be used. */
  readonly deprecated: string | undefined;
  /** As written: 64-bit integers may be text. */
  readonly minimum: number | string | undefined;
  readonly maximum: number | string | undefined;
  /** Where the type stands in the file. */
  readonly typePath: YamlPath;
}

/** A schema with its layout: what code is generated from. */
export interface LoadedSchema {
  readonly source: YamlSource;
  readonly file: string;
  readonly name: string;
  readonly packageName: string;
  readonly title: string;
  readonly doc: string | undefined;
  readonly fields: readonly LoadedField[];
  readonly constants: readonly LoadedConstant[];
  readonly descriptor: SchemaDescriptor;
  /** 16 hexadecimal digits over the canonical descriptor. */
  readonly hash: string;
  /** Ranges of its fields and of those of all structs that it holds. */
  readonly rules: Rules;
}

export interface LoadedField {
  readonly name: string;
  /** Bytes from the start of the struct. */
  readonly offset: number;
  readonly type: FieldType;
  readonly unit: string | undefined;
  readonly doc: string | undefined;
  /** What to use instead; undefined for fields that are to be used. */
  readonly deprecated: string | undefined;
  readonly bounds: Bounds | undefined;
  /** Of its numbers, or of those of its array. It takes no part in the layout. */
  readonly range: NumberRange | undefined;
}

export type ConstantType = ScalarType | 'string';

/** A number, bool or text that goes with a schema: of no message, for programs alone. */
export interface LoadedConstant {
  /** In capitals: `STANDARD_GRAVITY`. */
  readonly name: string;
  readonly type: ConstantType;
  /** A bigint for 64-bit integers; finite. */
  readonly value: number | bigint | boolean | string;
  readonly unit: string | undefined;
  readonly doc: string | undefined;
}

/** What there is to say of bounds, such as `At most 9 elements.`; undefined where there are none. */
export function boundWords(bounds: Bounds | undefined): string | undefined {
  const { elements, textBytes } = bounds ?? {};
  const parts = [
    ...(elements === undefined ? [] : [`at most ${elements} element${elements === 1 ? '' : 's'}`]),
    ...(textBytes === undefined ? [] : [`at most ${textBytes} bytes of text`]),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}
