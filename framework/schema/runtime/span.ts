import { BabusError } from '../../errors/index.js';
import type { Memory } from './memory.js';
import { isLength } from './values.js';

/** Bytes of a span in the fixed part: {offset u32 from the payload's start, length u32 in elements}. */
export const SPAN_BYTES = 8;

/**
 * A string or variable array: a span in the fixed part that points into the message's tail. Whatever another process has
 * written there, nothing outside the tail of this message is ever read.
 */
export abstract class Span {
  /** The most elements that a loan takes. */
  protected bound = 0xffffffff;
  /** Index of the span's offset among the memory's 32-bit words; its length follows. */
  protected readonly word: number;

  constructor(
    protected readonly memory: Memory,
    /** Where the span stands, in bytes from the payload's start. */
    at: number,
    /** Bytes of the message's fixed part: tails begin behind it. */
    protected readonly fixed: number,
    /** Such as `Image.data`, for messages. */
    protected readonly field: string,
    /** Bytes of one element. */
    protected readonly stride: number,
    protected readonly align: number,
  ) {
    this.word = at >>> 2;
  }

  /** For generated code: bounds what a loan takes. Readers take what is there. */
  atMost(elements: number): this {
    this.bound = elements;
    return this;
  }

  /**
   * @param start where the elements begin, in bytes from the payload's start
   * @throws BabusError ERR_BABUS_MESSAGE_CORRUPT when the elements do not lie in this message's tail
   */
  protected check(start: number, length: number): void {
    const { memory } = this;
    const end = start + length * this.stride;
    const limit = Math.min(memory.length, memory.capacity);
    if (start >= this.fixed && end <= limit && start % this.align === 0) return;
    throw corruptSpan(memory, this.field, start, length, this.stride, this.align, this.fixed);
  }

  /**
   * Takes room for `length` elements in the tail of a loan, and points the span there. The same place is used again when
   * the elements fit into it; at the end of the tail it can grow as well.
   * @returns where the elements begin, in bytes from the payload's start
   */
  protected place(length: number): number {
    const { memory, word, stride, align } = this;
    const owner = memory.openOwner();
    if (!isLength(length) || length > this.bound)
      throw new BabusError(
        'ERR_BABUS_ARGUMENT',
        `${memory.slot}: ${this.field} wants a length that is a whole number from 0 to ${this.bound}, given ${String(length)}`,
      );
    const oldStart = memory.u32[word]!;
    const oldEnd = oldStart + memory.u32[word + 1]! * stride;
    const hasPlace = oldEnd > oldStart && oldStart >= this.fixed && oldEnd <= memory.length;
    if (length === 0 && !hasPlace) return 0;
    const isLast = hasPlace && oldEnd === memory.length;
    const reuse = hasPlace && (isLast || oldStart + length * stride <= oldEnd);
    const tail = memory.length;
    const start = reuse ? oldStart : Math.ceil(tail / align) * align;
    const end = start + length * stride;
    if (end > memory.capacity) throw this.tooLong(end - start, Math.max(0, memory.capacity - start));
    if (!reuse || end > tail) {
      owner.reserve(memory, end);
      memory.u8.fill(0, tail, start);
    }
    memory.length = reuse && !isLast ? tail : end;
    memory.u32[word] = start;
    memory.u32[word + 1] = length;
    return start;
  }

  private tooLong(needs: number, left: number): BabusError {
    const { slot } = this.memory;
    return new BabusError(
      'ERR_BABUS_MESSAGE_TOO_LONG',
      `${slot}: ${this.field} needs ${needs} bytes, ${left} left; raise slots.${slot}.max_bytes`,
    );
  }
}

/** Why a span cannot be read, in the words of who has to find the broken writer. */
export function corruptSpan(
  memory: Memory,
  field: string,
  start: number | undefined,
  length: number | undefined,
  stride: number,
  align: number,
  fixed: number,
): BabusError {
  if (start === undefined || length === undefined)
    return new BabusError(
      'ERR_BABUS_CLOSED',
      `${memory.slot}: ${field} was read after its participant left the domain`,
    );
  const why =
    start < fixed
      ? `begins inside the fixed part of ${fixed} bytes`
      : start % align !== 0
        ? `is not aligned to ${align}`
        : `leaves the message of ${Math.min(memory.length, memory.capacity)} bytes`;
  return new BabusError(
    'ERR_BABUS_MESSAGE_CORRUPT',
    `${memory.slot}: ${field} (${length} x ${stride} bytes at ${start}) ${why}`,
  );
}
