import type { Memory } from './memory.js';
import type { NumberArray, NumberType } from './numbers.js';
import { Span } from './span.js';
import { checkNumbers, copyNumbers, refuseValue, type NumberValues } from './values.js';

/** A fixed array of numbers: a typed array over the message. `at` is its byte offset in the payload. */
export function fixedNumbers<A extends NumberArray>(
  memory: Memory,
  at: number,
  type: NumberType<A>,
  length: number,
): A {
  return new type.array(memory.buffer, memory.byteOffset + at, length);
}

/**
 * Sets all elements of a fixed array.
 * @throws BabusError ERR_BABUS_VALUE when there are more or fewer values than elements, or one does not fit
 */
export function setFixedNumbers<A extends NumberArray>(
  memory: Memory,
  field: string,
  type: NumberType<A>,
  target: A,
  values: NumberValues<A>,
): void {
  checkNumbers(memory, field, type, values);
  if (values.length !== target.length)
    refuseValue(memory, field, `${target.length} values of ${type.name}`, values);
  memory.openOwner();
  copyNumbers(target, values);
}

/** A variable array of numbers, read in place. */
export class NumberSpan<A extends NumberArray> extends Span {
  protected cached: A | undefined;
  private cachedStart = 0;
  private none: A | undefined;

  constructor(
    memory: Memory,
    at: number,
    fixed: number,
    field: string,
    protected readonly type: NumberType<A>,
  ) {
    super(memory, at, fixed, field, type.bytes, type.bytes);
  }

  /**
   * The elements, over the message. The same object until place or length change.
   * @throws BabusError ERR_BABUS_MESSAGE_CORRUPT when they do not lie in the message's tail
   */
  get(): A {
    const { memory, word, cached } = this;
    const start = memory.u32[word]!;
    const length = memory.u32[word + 1]!;
    if (
      cached !== undefined &&
      start === this.cachedStart &&
      length === cached.length &&
      start + length * this.stride <= memory.length
    )
      return cached;
    return this.map(start, length);
  }

  protected map(start: number, length: number): A {
    const { memory, type } = this;
    if (length === 0) return (this.none ??= new type.array(memory.buffer, memory.byteOffset, 0));
    this.check(start, length);
    this.cachedStart = start;
    return (this.cached = new type.array(memory.buffer, memory.byteOffset + start, length));
  }
}

/** A variable array of numbers in a loan. */
export class NumberSpanLoan<A extends NumberArray> extends NumberSpan<A> {
  /**
   * Room for `length` elements in the message's tail. They hold what an earlier message left there (bools: zeros) until they
   * are written.
   * @throws BabusError ERR_BABUS_LOAN_CLOSED after publish() or discard()
   * @throws BabusError ERR_BABUS_MESSAGE_TOO_LONG when the slot's max_bytes leave less room
   * @throws BabusError ERR_BABUS_SHM_FULL when the shared-memory file system has no room
   */
  allocate(length: number): A {
    this.place(length);
    const array = this.get();
    if (this.type.name === 'bool') (array as Uint8Array).fill(0);
    return array;
  }

  /** Allocates, then copies. @throws BabusError ERR_BABUS_VALUE when an element does not fit; nothing is written then */
  set(values: NumberValues<A>): void {
    checkNumbers(this.memory, this.field, this.type, values);
    this.place(values.length);
    copyNumbers(this.get(), values);
  }
}
