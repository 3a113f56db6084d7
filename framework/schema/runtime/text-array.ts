import { BabusError } from '../../errors/index.js';
import { ElementList } from './element-list.js';
import type { Memory } from './memory.js';
import { Span, SPAN_BYTES } from './span.js';
import { TextSpan, TextSpanLoan } from './text.js';
import { checkValues, refuseValue, type Values } from './values.js';

/** What an array of strings may be set from. A string can be iterated too, but is no list of strings. */
export type TextValues = Values<string> & object;

/** Elements above this are made anew at each access, so that one long message does not fill the heap for good. */
const MAX_KEPT = 4096;

/** Spans that lie side by side, each to a text in the message's tail. */
abstract class TextElements<S extends TextSpan> extends ElementList<string, string> {
  length = 0;
  private start = 0;
  private readonly spans: S[] = [];

  constructor(
    memory: Memory,
    field: string,
    /** Bytes of the message's fixed part: tails begin behind it. */
    protected readonly fixed: number,
  ) {
    super(memory, field);
  }

  /** For the owner of this object: puts it over the `length` spans that begin at byte `start` of the payload. */
  moveTo(start: number, length: number): this {
    if (start !== this.start) this.spans.length = 0;
    this.start = start;
    this.length = length;
    return this;
  }

  protected abstract spanAt(at: number, field: string): S;

  protected span(index: number): S {
    const { spans } = this;
    if (index >= MAX_KEPT) return this.make(index);
    // Filled in order of index, or the array would become a dictionary.
    for (let i = spans.length; i <= index; i++) spans.push(this.make(i));
    return spans[index]!;
  }

  private make(index: number): S {
    return this.spanAt(this.start + index * SPAN_BYTES, `${this.field}[${index}]`);
  }

  protected override element(index: number): string {
    return this.span(index).get();
  }

  protected override copy(text: string): string {
    return text;
  }
}

/** An array of strings, each decoded when it is read. */
export class TextArray extends TextElements<TextSpan> {
  protected override spanAt(at: number, field: string): TextSpan {
    return new TextSpan(this.memory, at, this.fixed, field);
  }
}

/** An array of strings in a loan. */
export class TextArrayLoan extends TextElements<TextSpanLoan> {
  private textBound = 0xffffffff;

  /** For generated code: bounds the bytes of each text. */
  textsAtMost(bytes: number): this {
    this.textBound = bytes;
    return this;
  }

  protected override spanAt(at: number, field: string): TextSpanLoan {
    return new TextSpanLoan(this.memory, at, this.fixed, field).atMost(this.textBound);
  }

  /**
   * Writes one element.
   * @throws BabusError ERR_BABUS_VALUE when it is no string
   * @throws BabusError ERR_BABUS_ARGUMENT when there is no such element
   * @throws BabusError ERR_BABUS_LOAN_CLOSED, ERR_BABUS_MESSAGE_TOO_LONG or ERR_BABUS_SHM_FULL as allocate() does
   */
  put(index: number, value: string): void {
    if (!Number.isInteger(index) || index < 0 || index >= this.length)
      throw new BabusError(
        'ERR_BABUS_ARGUMENT',
        `${this.memory.slot}: ${this.field} has ${this.length} elements; there is none at index ${String(index)}`,
      );
    this.span(index).set(value);
  }

  /** Writes all elements. @throws BabusError ERR_BABUS_VALUE when there are more or fewer values than elements, or one is no string */
  set(values: TextValues): void {
    const texts = textsOf(this.memory, this.field, values);
    if (texts.length !== this.length) refuseValue(this.memory, this.field, `${this.length} values`, texts);
    this.memory.openOwner();
    for (const [index, text] of texts.entries()) this.span(index).set(text);
  }
}

/** A variable array of strings. */
export class TextArraySpan extends Span {
  private readonly list: TextArray;

  constructor(memory: Memory, at: number, fixed: number, field: string) {
    super(memory, at, fixed, field, SPAN_BYTES, 4);
    this.list = new TextArray(memory, field, fixed);
  }

  /** @throws BabusError ERR_BABUS_MESSAGE_CORRUPT when the elements do not lie in the message's tail */
  get(): TextArray {
    const start = this.memory.u32[this.word]!;
    const length = this.memory.u32[this.word + 1]!;
    if (length !== 0) this.check(start, length);
    return this.list.moveTo(start, length);
  }
}

/** A variable array of strings in a loan. */
export class TextArraySpanLoan extends Span {
  private readonly list: TextArrayLoan;

  constructor(memory: Memory, at: number, fixed: number, field: string) {
    super(memory, at, fixed, field, SPAN_BYTES, 4);
    this.list = new TextArrayLoan(memory, field, fixed);
  }

  /** For generated code: bounds the bytes of each text. */
  textsAtMost(bytes: number): this {
    this.list.textsAtMost(bytes);
    return this;
  }

  get(): TextArrayLoan {
    const start = this.memory.u32[this.word]!;
    const length = this.memory.u32[this.word + 1]!;
    if (length !== 0) this.check(start, length);
    return this.list.moveTo(start, length);
  }

  /** Room for `length` elements, all of them empty. @throws BabusError as NumberSpanLoan.allocate() does */
  allocate(length: number): TextArrayLoan {
    const start = this.place(length);
    this.memory.u8.fill(0, start, start + length * this.stride);
    return this.get();
  }

  /** Allocates, then writes. @throws BabusError ERR_BABUS_VALUE when an element is no string; nothing is written then */
  set(values: TextValues): void {
    const texts = textsOf(this.memory, this.field, values);
    this.allocate(texts.length).set(texts);
  }
}

/** A copy, which stays what it is while room is taken. @throws BabusError ERR_BABUS_VALUE naming the element that is no string */
function textsOf(memory: Memory, field: string, values: unknown): readonly string[] {
  checkValues<string>(memory, field, values);
  const texts = [...values];
  const wrong = texts.findIndex((text) => typeof text !== 'string');
  if (wrong >= 0) refuseValue(memory, `${field}[${wrong}]`, 'a string', texts[wrong]);
  return texts;
}
