import type { FieldType, ScalarType } from '../descriptor.js';
import type { LoadedField } from '../load/model.js';

/** An object that a view or loan makes once for a field and keeps. */
export interface Member {
  readonly viewType: string;
  readonly loanType: string;
  /** Arguments of the constructor or function that makes it. */
  readonly viewMaker: string;
  readonly loanMaker: string;
}

/** The TypeScript of one field. `this._m` is the message's memory, `this._o` the struct's place in it. */
export interface FieldCode {
  readonly field: LoadedField;
  /** In the plain interface, and what clone() returns. */
  readonly plain: string;
  readonly viewType: string;
  readonly loanType: string;
  /** What the loan's setter takes. */
  readonly setType: string;
  readonly member: Member | undefined;
  readonly viewGet: string;
  readonly loanGet: string;
  readonly set: readonly string[];
  /** Type that allocate() returns; undefined for fields that are no variable arrays. */
  readonly allocated: string | undefined;
  /** Expression for clone(), given a view or loan named `from`. */
  readonly clone: string;
  /** For enums: the values by name, in the order of their numbers. */
  readonly enumeration:
    { readonly base: ScalarType; readonly values: readonly (readonly [string, number])[] } | undefined;
  /** True when the constructor needs to know where tails begin. */
  readonly needsTail: boolean;
}

/** What code can ask about the schemas that a schema's fields name. */
export interface NestedTypes {
  /** Name of a nested schema's plain type in this file; `View` or `Loan` at its end gives the classes. */
  localName(schema: string): string;
  sizeOf(schema: string): { readonly size: number; readonly align: number };
}

/** Such as `Image.encoding`: what messages call a field. */
export function fieldTitle(title: string, field: LoadedField): string {
  return `${title}.${field.name}`;
}

/** Name of the exported type of an enum field: `ImageEncoding`. */
export function enumTypeName(title: string, field: string): string {
  const words = field.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return title + words.join('');
}

/** What most fields have nothing of. */
export const NOTHING = {
  member: undefined,
  allocated: undefined,
  enumeration: undefined,
  needsTail: false,
} as const;

/** An enum's values, in the order of their numbers. */
export function enumeration(type: FieldType & { kind: 'enum' }): NonNullable<FieldCode['enumeration']> {
  return { base: type.base, values: Object.entries(type.values).sort(([, a], [, b]) => a - b) };
}

/** What code says of a struct: names of its types, and its place among others. */
export interface StructNames {
  readonly plain: string;
  readonly view: string;
  readonly loan: string;
  readonly bytes: number;
  readonly align: number;
  readonly isTime: boolean;
}

/** Names of a nested schema's types, or of the types of times. */
export function structNames(type: FieldType, nested: NestedTypes): StructNames {
  if (type.kind === 'struct') {
    const plain = nested.localName(type.schema);
    const { size, align } = nested.sizeOf(type.schema);
    return { plain, view: `${plain}View`, loan: `${plain}Loan`, bytes: size, align, isTime: false };
  }
  const name = type.kind === 'time' ? 'Time' : 'Duration';
  return {
    plain: `babus.${name}`,
    view: 'babus.TimeView',
    loan: `babus.${name}Loan`,
    bytes: 8,
    align: 4,
    isTime: true,
  };
}

/** A field's place, in the constructor of its struct. */
export function offsetOf(field: LoadedField): string {
  return field.offset === 0 ? 'offset' : `offset + ${field.offset}`;
}
