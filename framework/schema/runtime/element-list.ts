import { BabusError } from '../../errors/index.js';
import type { Memory } from './memory.js';

/** What arrays of structs and arrays of enum values have in common: they look like arrays and read in place. */
export abstract class ElementList<E, M> implements Iterable<E> {
  abstract readonly length: number;

  constructor(
    protected readonly memory: Memory,
    /** Such as `HostTelemetry.cores`, for messages. */
    protected readonly field: string,
  ) {}

  /** @param index is known to be one of the elements' */
  protected abstract element(index: number): E;
  protected abstract copy(element: E): M;

  /**
   * One element; negative indexes count from the end, as in an Array.
   * @throws BabusError ERR_BABUS_ARGUMENT when there is no such element
   */
  at(index: number): E {
    const { length } = this;
    const i = index < 0 ? index + length : index;
    if (i >= 0 && i < length && Number.isInteger(i)) return this.element(i);
    throw new BabusError(
      'ERR_BABUS_ARGUMENT',
      `${this.memory.slot}: ${this.field} has ${length} elements; there is none at index ${String(index)}`,
    );
  }

  *[Symbol.iterator](): Iterator<E> {
    for (let i = 0; i < this.length; i++) yield this.element(i);
  }

  /** A copy that does not change when the message's buffer is used again. */
  clone(): M[] {
    return Array.from(this, (element) => this.copy(element));
  }
}
