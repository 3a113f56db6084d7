import { BabusError } from '../../errors/index.js';
import { ElementList } from './element-list.js';
import type { EnumType } from './enum.js';
import type { Memory } from './memory.js';
import { fixedNumbers, NumberSpan, NumberSpanLoan } from './number-array.js';
import type { NumberArray } from './numbers.js';
import { checkValues, refuseValue, type Values } from './values.js';

/** An array of enum values, read by name. */
export class EnumArray<E extends string> extends ElementList<E, E> {
  constructor(
    memory: Memory,
    protected readonly type: EnumType<E>,
    protected numbers: NumberArray,
  ) {
    super(memory, type.field);
  }

  get length(): number {
    return this.numbers.length;
  }

  /** For the owner of this object: puts it over other numbers. */
  moveTo(numbers: NumberArray): this {
    this.numbers = numbers;
    return this;
  }

  protected override element(index: number): E {
    return this.type.nameOf(this.memory, Number(this.numbers[index]));
  }

  protected override copy(element: E): E {
    return element;
  }
}

/** An array of enum values in a loan. */
export class EnumArrayLoan<E extends string> extends EnumArray<E> {
  /**
   * Writes one element.
   * @throws BabusError ERR_BABUS_VALUE when the enum has no such value
   * @throws BabusError ERR_BABUS_ARGUMENT when there is no such element
   */
  put(index: number, value: E): void {
    const number = this.type.numberOf(this.memory, value);
    if (!Number.isInteger(index) || index < 0 || index >= this.length)
      throw new BabusError(
        'ERR_BABUS_ARGUMENT',
        `${this.memory.slot}: ${this.field} has ${this.length} elements; there is none at index ${String(index)}`,
      );
    this.numbers[index] = number;
  }

  /** Writes all elements. @throws BabusError ERR_BABUS_VALUE when there are more or fewer values than elements */
  set(values: Values<E>): void {
    const numbers = enumNumbers(this.memory, this.type, values);
    if (numbers.length !== this.length)
      refuseValue(this.memory, this.field, `${this.length} values`, [...values]);
    this.memory.openOwner();
    this.numbers.set(numbers as never);
  }
}

/** A fixed array of enum values at byte `at` of the payload. */
export function fixedEnums<E extends string>(
  memory: Memory,
  at: number,
  type: EnumType<E>,
  length: number,
): EnumArray<E> {
  return new EnumArray(memory, type, fixedNumbers(memory, at, type.base, length));
}

/** The same in a loan. */
export function fixedEnumsLoan<E extends string>(
  memory: Memory,
  at: number,
  type: EnumType<E>,
  length: number,
): EnumArrayLoan<E> {
  return new EnumArrayLoan(memory, type, fixedNumbers(memory, at, type.base, length));
}

/** A variable array of enum values. */
export class EnumSpan<E extends string> {
  private readonly span: NumberSpan<NumberArray>;
  private list: EnumArray<E> | undefined;

  constructor(
    private readonly memory: Memory,
    at: number,
    fixed: number,
    private readonly type: EnumType<E>,
  ) {
    this.span = new NumberSpan(memory, at, fixed, type.field, type.base);
  }

  /** @throws BabusError ERR_BABUS_MESSAGE_CORRUPT when they do not lie in the message's tail */
  get(): EnumArray<E> {
    const numbers = this.span.get();
    return this.list
      ? this.list.moveTo(numbers)
      : (this.list = new EnumArray(this.memory, this.type, numbers));
  }
}

/** A variable array of enum values in a loan. */
export class EnumSpanLoan<E extends string> {
  private readonly span: NumberSpanLoan<NumberArray>;
  private list: EnumArrayLoan<E> | undefined;

  constructor(
    private readonly memory: Memory,
    at: number,
    fixed: number,
    private readonly type: EnumType<E>,
  ) {
    this.span = new NumberSpanLoan(memory, at, fixed, type.field, type.base);
  }

  /** For generated code: bounds what the loan takes. */
  atMost(elements: number): this {
    this.span.atMost(elements);
    return this;
  }

  get(): EnumArrayLoan<E> {
    return this.over(this.span.get());
  }

  /** Room for `length` elements, all of number 0. @throws BabusError as NumberSpanLoan.allocate() does */
  allocate(length: number): EnumArrayLoan<E> {
    return this.over(this.span.allocate(length).fill(0 as never));
  }

  /** Allocates, then writes. @throws BabusError ERR_BABUS_VALUE when the enum has no such value */
  set(values: Values<E>): void {
    this.span.set(enumNumbers(this.memory, this.type, values));
  }

  private over(numbers: NumberArray): EnumArrayLoan<E> {
    return this.list
      ? this.list.moveTo(numbers)
      : (this.list = new EnumArrayLoan(this.memory, this.type, numbers));
  }
}

function enumNumbers<E extends string>(memory: Memory, type: EnumType<E>, values: Values<E>): number[] {
  checkValues<E>(memory, type.field, values);
  return Array.from(values, (value) => type.numberOf(memory, value));
}
