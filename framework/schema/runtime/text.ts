import type { Memory } from './memory.js';
import { Span } from './span.js';
import { refuseValue } from './values.js';

// Without ignoreBOM a decoder would drop a U+FEFF at the start, so that a string would not come back as it was written.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** A string, decoded from UTF-8 at each read; what is not UTF-8 reads as U+FFFD. */
export class TextSpan extends Span {
  constructor(memory: Memory, at: number, fixed: number, field: string) {
    super(memory, at, fixed, field, 1, 1);
  }

  /** @throws BabusError ERR_BABUS_MESSAGE_CORRUPT when the text does not lie in the message's tail */
  get(): string {
    const { memory, word } = this;
    const start = memory.u32[word]!;
    const length = memory.u32[word + 1]!;
    if (length === 0) return '';
    this.check(start, length);
    return decoder.decode(memory.u8.subarray(start, start + length));
  }
}

/** A string in a loan. */
export class TextSpanLoan extends TextSpan {
  /**
   * Writes the text into the message's tail.
   * @throws BabusError ERR_BABUS_VALUE when it is no string
   * @throws BabusError ERR_BABUS_LOAN_CLOSED, ERR_BABUS_MESSAGE_TOO_LONG or ERR_BABUS_SHM_FULL as allocate() does
   */
  set(value: string): void {
    const { memory } = this;
    if (typeof value !== 'string') refuseValue(memory, this.field, 'a string', value);
    const bytes = Buffer.byteLength(value);
    const start = this.place(bytes);
    encoder.encodeInto(value, memory.u8.subarray(start, start + bytes));
  }
}
