import type { SchemaDescriptor } from './descriptor.js';
import type { Memory } from './runtime/memory.js';

/**
 * Links a message's plain type to its generated view and loan classes, and keeps schemas of the same shape apart (Point is
 * not Velocity). Never present at run time.
 */
export declare const types: unique symbol;

export interface Message<Name extends string = string, V = unknown, L = unknown> {
  readonly [types]?: { readonly name: Name; readonly view: V; readonly loan: L };
}

/** What a reader is handed: the message in place, read-only. */
export type View<M> = M extends { readonly [types]?: { readonly view: infer V } } ? V : never;

/** What a publisher fills in place: the message's fields, `allocate()`, then `publish()` or `discard()`. */
export type Loan<M> = M extends { readonly [types]?: { readonly loan: infer L } } ? L : never;

/** What the numbers of a field may be; a bigint for 64-bit integers. Both ends are allowed, NaN is not. */
export interface NumberRange {
  readonly minimum?: number | bigint;
  readonly maximum?: number | bigint;
}

/** Ranges by struct and field, such as `my_robot/Grip.force`: those of a schema and of all that it holds. */
export type Rules = Readonly<Record<string, NumberRange>>;

/** A schema at run time: the constant of the same name as the message's type in generated code. */
export interface Schema<M> extends SchemaSummaryShape {
  readonly view: new (memory: Memory, offset?: number) => View<M>;
  readonly loan: new (memory: Memory, offset?: number) => Loan<M>;
  /** Ranges of numbers, checked at publish by slots that say `validate: always`. */
  readonly rules?: Rules;
  /** Writes a plain object into an open loan. @throws BabusError ERR_BABUS_VALUE naming the field */
  assign(loan: Loan<M>, value: M): void;
  /** Never present: carries M for inference. */
  readonly message?: M;
}

interface SchemaSummaryShape {
  /** Qualified: `std/Image`. */
  readonly name: string;
  /** 16 hexadecimal digits over the canonical descriptor. */
  readonly hash: string;
  /** Bytes of the fixed part. */
  readonly size: number;
  readonly hasSpans: boolean;
  readonly descriptor: SchemaDescriptor;
}
