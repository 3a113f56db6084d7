import assert from 'node:assert/strict';
import { isBabusError, type ErrorCode } from '../../../framework/errors/index.js';
import {
  Memory,
  type Loan,
  type LoanOwner,
  type Schema,
  type View,
} from '../../../framework/schema/index.js';

/** A payload of its own, not at the start of its ArrayBuffer, with bytes around it that nobody may touch. */
export function makeMemory(capacity: number, slot = 'test/slot'): Memory {
  const before = 64;
  const bytes = Math.ceil(capacity / 8) * 8;
  const memory = new Memory(new ArrayBuffer(before + bytes + 64), before, bytes, 0, slot);
  new Uint8Array(memory.buffer).fill(0xee);
  return memory;
}

/** What framework/slots does with a loan, as far as messages can tell. */
export class TestOwner implements LoanOwner {
  readonly slot = 'test/slot';
  readonly reserved: number[] = [];
  published = 0;
  discarded = 0;

  reserve(_memory: Memory, bytes: number): void {
    this.reserved.push(bytes);
  }

  publish(memory: Memory): number {
    memory.owner = undefined;
    return ++this.published;
  }

  discard(memory: Memory): void {
    memory.owner = undefined;
    this.discarded++;
  }
}

/** One buffer that a schema's messages pass through, one after the other. */
export class Bench<M> {
  readonly memory: Memory;
  readonly owner = new TestOwner();
  readonly view: View<M>;
  private readonly only: Loan<M>;

  constructor(
    private readonly schema: Schema<M>,
    capacity = 4096,
  ) {
    this.memory = makeMemory(capacity);
    this.only = new schema.loan(this.memory);
    this.view = new schema.view(this.memory);
  }

  /** Hands the loan out, as if for the next message. */
  loan(): Loan<M> {
    this.memory.u8.fill(0, 0, this.schema.size);
    this.memory.owner = this.owner;
    (this.only as { reset(): void }).reset();
    return this.only;
  }

  /** Puts a message there and gives the view of it. */
  put(value: Partial<M>): View<M> {
    const loan = this.loan();
    this.schema.assign(loan, value as M);
    (loan as { publish(): number }).publish();
    return this.view;
  }
}

/** Asserts code and exact message. */
export function throwsBabus(action: () => unknown, code: ErrorCode, message: string): void {
  assert.throws(action, (error: unknown) => {
    assert.ok(isBabusError(error), String(error));
    assert.deepEqual({ code: error.code, message: error.message }, { code, message });
    return true;
  });
}
