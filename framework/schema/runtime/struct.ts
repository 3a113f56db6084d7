import { inspect } from 'node:util';
import { BabusError, didYouMean } from '../../errors/index.js';
import type { SchemaDescriptor } from '../descriptor.js';
import type { types } from '../types.js';
import { jsonOf } from './json.js';
import type { HeldView, Memory } from './memory.js';
import { refuseValue } from './values.js';

/** Marks views and loans, so that they can be told from plain objects without `instanceof`. */
const STRUCT = Symbol.for('babus.struct');

/** Keeps views of schemas with the same fields apart, as Message does with plain objects. */
export interface StructView<M> {
  readonly [types]?: M extends { readonly [types]?: infer T } ? NonNullable<T> : never;
}

/** Base of the generated view classes: a struct in a message, read in place. */
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export abstract class StructView<M> {
  protected readonly _m: Memory;
  /** Where this struct begins, in bytes from the payload's start. */
  protected readonly _o: number;
  /** Bytes of the whole message's fixed part when this struct is a part of a message, else 0. */
  protected readonly _fixed: number;
  protected readonly _layout: SchemaDescriptor;

  protected constructor(layout: SchemaDescriptor, memory: Memory, offset: number, fixed: number) {
    this._layout = layout;
    this._m = memory;
    this._o = offset;
    this._fixed = fixed;
  }

  /**
   * A plain copy that does not change when the message's buffer is used again.
   * @throws BabusError ERR_BABUS_MESSAGE_CORRUPT
   */
  abstract clone(): M;

  /**
   * Keeps the message itself, uncopied, beyond the end of the handler that it was handed to: the view stays as it is until
   * `release()`, which `using` does too. A reader can hold as many messages as the slot's `pins_per_reader`, less those for delivery.
   * @throws BabusError ERR_BABUS_PIN_QUOTA when it holds so many already
   * @throws BabusError ERR_BABUS_ARGUMENT for a message that was handed to no handler that runs: a loan, or one that is held already
   */
  hold(): HeldView<this> {
    if (this._m.holder) return this._m.holder.hold(this._m, this);
    throw new BabusError(
      'ERR_BABUS_ARGUMENT',
      `${this._m.slot}: hold() is for messages that a handler was given`,
    );
  }

  /**
   * The message for JSON.stringify: 64-bit integers as strings, typed arrays as lists.
   * @throws BabusError ERR_BABUS_MESSAGE_CORRUPT
   */
  toJSON(): Record<string, unknown> {
    return jsonOf(this.clone() as Record<string, unknown>, this._layout, this._layout);
  }

  /** What console.log prints. */
  [inspect.custom](): unknown {
    try {
      return this.clone();
    } catch (error) {
      return `[${this._layout.name}: ${(error as Error).message}]`;
    }
  }

  get [STRUCT](): string {
    return this._layout.name;
  }
}

/** Base of the generated loan classes: a struct in a message that is being written. */
export abstract class StructLoan<M> extends StructView<M> {
  /**
   * Writes the fields that are given; the others stay as they are.
   * @param value a plain object, or a view of the same schema
   * @throws BabusError ERR_BABUS_VALUE naming the field that does not exist or whose value does not fit
   */
  set(value: Partial<M> | { clone(): M }): void {
    const { _m: memory, _layout: layout } = this;
    const title = layout.name.slice(layout.name.indexOf('/') + 1);
    if (typeof value !== 'object' || (value as unknown) === null || Array.isArray(value))
      refuseValue(memory, title, 'an object of its fields', value);
    memory.openOwner();
    const names = layout.fields.map((field) => field.name);
    const isStruct = (value as Record<symbol, unknown>)[STRUCT] === layout.name;
    const unknown = isStruct ? undefined : Object.keys(value).find((key) => !names.includes(key));
    if (unknown !== undefined)
      throw new BabusError(
        'ERR_BABUS_VALUE',
        `${memory.slot}: ${title} has no field '${unknown}'${didYouMean(unknown, names)}`,
      );
    for (const name of names) {
      const field = isStruct || Object.hasOwn(value, name) ? (value as M)[name as keyof M] : undefined;
      if (field !== undefined) (this as Record<string, unknown>)[name] = field;
    }
  }

  /**
   * Hands the message to the slot's readers and closes the loan: allocate(), text and array fields, set(), publish() and
   * discard() throw from now on. (Setters of single numbers do not check; the buffer may belong to a reader by then.)
   * @returns the message's sequence number
   * @throws BabusError ERR_BABUS_LOAN_CLOSED after publish() or discard()
   */
  publish(): number {
    return this.whole('publish').publish(this._m);
  }

  /** Gives the buffer back; nobody sees it. @throws BabusError ERR_BABUS_LOAN_CLOSED after publish() or discard() */
  discard(): void {
    this.whole('discard').discard(this._m);
  }

  /** For the publisher: makes the loan ready for the next message, whose fixed part the core has zeroed. */
  reset(): void {
    this._m.length = this._layout.size;
  }

  private whole(action: string): ReturnType<Memory['openOwner']> {
    if (this._fixed !== 0)
      throw new BabusError(
        'ERR_BABUS_ARGUMENT',
        `${this._m.slot}: ${action}() was called on a ${this._layout.name} that is a part of the message; call it on the loan`,
      );
    return this._m.openOwner();
  }
}

/** For allocate() of generated code. */
export function noSuchArray(
  memory: Memory,
  layout: SchemaDescriptor,
  field: unknown,
  arrays: readonly string[],
): BabusError {
  return new BabusError(
    'ERR_BABUS_ARGUMENT',
    `${memory.slot}: ${layout.name} has no variable array '${String(field)}'${didYouMean(String(field), arrays)}`,
  );
}
