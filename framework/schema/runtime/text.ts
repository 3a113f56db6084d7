import type { Memory } from './memory.js';
import { Span } from './span.js';
import { refuseValue } from './values.js';

// Without ignoreBOM a decoder would drop a U+FEFF at the start, so that a string would not come back as it was written.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const encoder = new TextEncoder();

/** Texts up to this length, such as names of frames, are as a rule those of the message before, and are compared with them. */
const KEPT_BYTES = 64;

/** A string, decoded from UTF-8 when it is read; what is not UTF-8 reads as U+FFFD. */
export class TextSpan extends Span {
  /** What was read last, and its bytes. */
  private kept = '';
  private keptBytes: Uint8Array | undefined;

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
    if (length > KEPT_BYTES) return decoder.decode(memory.u8.subarray(start, start + length));
    if (!this.isKept(start, length)) this.keep(start, length);
    return this.kept;
  }

  private isKept(start: number, length: number): boolean {
    const { keptBytes: bytes, memory } = this;
    if (bytes?.length !== length) return false;
    const { u8 } = memory;
    for (let i = 0; i < length; i++) if (u8[start + i] !== bytes[i]) return false;
    return true;
  }

  /** Decodes the copy, which nobody changes meanwhile. */
  private keep(start: number, length: number): void {
    this.keptBytes = this.memory.u8.slice(start, start + length);
    this.kept = decoder.decode(this.keptBytes);
  }
}

/** A string in a loan. */
export class TextSpanLoan extends TextSpan {
  /**
   * Writes the text into the message's tail.
   * @throws BabusError ERR_BABUS_VALUE when it is no string, or longer than its bound
   * @throws BabusError ERR_BABUS_LOAN_CLOSED, ERR_BABUS_MESSAGE_TOO_LONG or ERR_BABUS_SHM_FULL as allocate() does
   */
  set(value: string): void {
    const { memory } = this;
    if (typeof value !== 'string') refuseValue(memory, this.field, 'a string', value);
    const bytes = Buffer.byteLength(value);
    if (bytes > this.bound)
      refuseValue(
        memory,
        this.field,
        `a text of at most ${this.bound} bytes in UTF-8 (it has ${bytes})`,
        value,
      );
    const start = this.place(bytes);
    encoder.encodeInto(value, memory.u8.subarray(start, start + bytes));
  }
}
