import { BabusError, didYouMean } from '../../errors/index.js';
import type { Memory } from './memory.js';
import type { NumberArray, NumberType } from './numbers.js';
import { refuseValue } from './values.js';

/** An enum field's values: names in code, numbers in memory. */
export class EnumType<E extends string> {
  private readonly names = new Map<number, E>();
  private readonly numbers: ReadonlyMap<string, number>;

  constructor(
    /** Such as `Image.encoding`, for messages. */
    readonly field: string,
    readonly base: NumberType<NumberArray>,
    values: Readonly<Record<E, number>>,
  ) {
    const entries = Object.entries<number>(values);
    this.numbers = new Map(entries);
    for (const [name, number] of entries) this.names.set(number, name as E);
  }

  /** @throws BabusError ERR_BABUS_MESSAGE_CORRUPT when no name belongs to the number */
  nameOf(memory: Memory, number: number): E {
    const name = this.names.get(number);
    if (name !== undefined) return name;
    throw new BabusError(
      'ERR_BABUS_MESSAGE_CORRUPT',
      `${memory.slot}: ${this.field} holds ${number}, which has no name`,
    );
  }

  /** @throws BabusError ERR_BABUS_VALUE when there is no such name */
  numberOf(memory: Memory, name: E): number {
    const number = this.numbers.get(name);
    if (number !== undefined) return number;
    if (typeof name !== 'string') refuseValue(memory, this.field, 'the name of a value', name);
    const hint = didYouMean(name, [...this.numbers.keys()]);
    throw new BabusError('ERR_BABUS_VALUE', `${memory.slot}: ${this.field} has no value '${name}'${hint}`);
  }
}
