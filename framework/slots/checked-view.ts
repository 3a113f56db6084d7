import { inspect } from 'node:util';
import { BabusError } from '../errors/index.js';
import { Memory } from '../schema/runtime/memory.js';
import type { Schema, View } from '../schema/types.js';

const ARRAYS = ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'f32', 'f64', 'i64', 'u64'] as const;

/**
 * A view for the checking mode, used for one message and then revoked. It stands on a copy of the message: an array over
 * shared memory is a part of the one ArrayBuffer of its slot, and cannot be detached alone.
 */
export class CheckedView<M> {
  readonly view: View<M>;
  readonly #original: Memory;
  readonly #copy: Memory;

  constructor(schema: Schema<M>, original: Memory) {
    const { length, index, slot } = original;
    const capacity = Math.ceil(length / 8) * 8;
    const copy = new Memory(new ArrayBuffer(capacity), 0, capacity, index, slot);
    copy.length = length;
    copy.holder = original.holder;
    copy.u8.set(original.u8.subarray(0, length));
    this.#original = original;
    this.#copy = copy;
    this.view = new schema.view(copy);
  }

  /**
   * From now on its accessors and those of its parts throw, and arrays taken from it are empty. To be called before the
   * message's pin is given back.
   * @param how when that was, for messages: `onImage had returned`
   * @returns what is wrong when somebody wrote into the message
   */
  revoke(sequence: number, how: string): BabusError | undefined {
    const { buffer, length, slot } = this.#copy;
    const original = this.#original.u8.subarray(0, length);
    // Nothing is left of the original once its participant has left the domain.
    const isSame =
      original.length < length || Buffer.compare(this.#copy.u8.subarray(0, length), original) === 0;
    const ended = (): never => {
      throw new BabusError(
        'ERR_BABUS_VIEW_ENDED',
        `${slot}: message ${sequence} was used after ${how}; keep its data with clone(), or the message with hold()`,
      );
    };
    structuredClone(buffer, { transfer: [buffer] }); // detaches it, and what it gives is dropped
    for (const key of ARRAYS) Object.defineProperty(this.#copy, key, { get: ended });
    Object.setPrototypeOf(this.view, revokedPrototype(this.view as object, ended));
    if (isSame) return undefined;
    return new BabusError(
      'ERR_BABUS_VIEW_WRITTEN',
      `${slot}: message ${sequence} was written to, which ends a node that reads shared memory; write to a clone() or to a loan`,
    );
  }
}

/** Everything that a view's classes have, and that now fails. */
function revokedPrototype(view: object, ended: () => never): object {
  const revoked = {};
  let level = Object.getPrototypeOf(view) as object;
  while (level !== Object.prototype) {
    for (const key of Reflect.ownKeys(level))
      if (key !== 'constructor')
        Object.defineProperty(revoked, key, { get: ended, set: ended, configurable: true });
    level = Object.getPrototypeOf(level) as object;
  }
  Object.defineProperty(revoked, inspect.custom, { value: () => '[a message that was given back]' });
  return revoked;
}
