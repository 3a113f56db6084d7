import { ElementList } from './element-list.js';
import type { Memory } from './memory.js';
import { Span } from './span.js';
import { checkValues, refuseValue, type ValueOf, type Values } from './values.js';

/** A view class of one element: of a struct, or of a time. */
export interface ElementView<M> {
  clone(): M;
}

/** A loan class of one element. */
export interface ElementLoan<M> extends ElementView<M> {
  set(value: ValueOf<M>): void;
}

/** How an array's elements are made and where they stand. */
export interface ElementType<E> {
  readonly make: new (memory: Memory, offset: number, fixed: number) => E;
  readonly bytes: number;
  readonly align: number;
}

/** Elements above this are made anew at each access, so that one long message does not fill the heap for good. */
const MAX_KEPT = 4096;

/** An array of structs, read in place. Elements are made at their first access and used again. */
export class StructArray<E extends ElementView<M>, M> extends ElementList<E, M> {
  length = 0;
  private start = 0;
  private readonly elements: E[] = [];

  constructor(
    memory: Memory,
    field: string,
    private readonly fixed: number,
    protected readonly type: ElementType<E>,
  ) {
    super(memory, field);
  }

  /** For the owner of this object: puts it over the `length` elements that begin at byte `start` of the payload. */
  moveTo(start: number, length: number): this {
    if (start !== this.start) this.elements.length = 0;
    this.start = start;
    this.length = length;
    return this;
  }

  protected override element(index: number): E {
    return this.elements[index] ?? this.make(index);
  }

  private make(index: number): E {
    const { elements } = this;
    if (index >= MAX_KEPT) return this.makeAt(index);
    // Filled in order of index, or the array would become a dictionary.
    for (let i = elements.length; i <= index; i++) elements.push(this.makeAt(i));
    return elements[index]!;
  }

  private makeAt(index: number): E {
    return new this.type.make(this.memory, this.start + index * this.type.bytes, this.fixed);
  }

  protected override copy(element: E): M {
    return element.clone();
  }
}

/** An array of structs in a loan. */
export class StructArrayLoan<E extends ElementLoan<M>, M> extends StructArray<E, M> {
  /** Writes all elements. @throws BabusError ERR_BABUS_VALUE when there are more or fewer values than elements */
  set(values: Values<ValueOf<M>>): void {
    checkValues<ValueOf<M>>(this.memory, this.field, values);
    const given = [...values];
    if (given.length !== this.length) refuseValue(this.memory, this.field, `${this.length} values`, given);
    this.memory.openOwner();
    for (const [index, value] of given.entries()) this.element(index).set(value);
  }
}

/** A variable array of structs. */
export class StructSpan<E extends ElementView<M>, M> extends Span {
  private readonly list: StructArray<E, M>;

  constructor(memory: Memory, at: number, fixed: number, field: string, type: ElementType<E>) {
    super(memory, at, fixed, field, type.bytes, type.align);
    this.list = new StructArray(memory, field, fixed, type);
  }

  /** @throws BabusError ERR_BABUS_MESSAGE_CORRUPT when they do not lie in the message's tail */
  get(): StructArray<E, M> {
    const start = this.memory.u32[this.word]!;
    const length = this.memory.u32[this.word + 1]!;
    if (length !== 0) this.check(start, length);
    return this.list.moveTo(start, length);
  }
}

/** A variable array of structs in a loan. */
export class StructSpanLoan<E extends ElementLoan<M>, M> extends Span {
  private readonly list: StructArrayLoan<E, M>;

  constructor(memory: Memory, at: number, fixed: number, field: string, type: ElementType<E>) {
    super(memory, at, fixed, field, type.bytes, type.align);
    this.list = new StructArrayLoan(memory, field, fixed, type);
  }

  get(): StructArrayLoan<E, M> {
    const start = this.memory.u32[this.word]!;
    const length = this.memory.u32[this.word + 1]!;
    if (length !== 0) this.check(start, length);
    return this.list.moveTo(start, length);
  }

  /** Room for `length` elements, all zero. @throws BabusError as NumberSpanLoan.allocate() does */
  allocate(length: number): StructArrayLoan<E, M> {
    const start = this.place(length);
    // Spans inside the elements must not keep what an earlier message left there.
    this.memory.u8.fill(0, start, start + length * this.stride);
    return this.get();
  }

  /** Allocates, then writes. @throws BabusError ERR_BABUS_VALUE when a value does not fit */
  set(values: Values<ValueOf<M>>): void {
    checkValues<ValueOf<M>>(this.memory, this.field, values);
    const given = [...values];
    this.allocate(given.length).set(given);
  }
}
