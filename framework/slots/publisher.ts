import { BabusError } from '../errors/index.js';
import type { NativePublisher } from '../native.js';
import type { LoanOwner, Memory } from '../schema/runtime/memory.js';
import { validatorOf } from '../schema/runtime/validate.js';
import type { Loan, Schema } from '../schema/types.js';
import { BufferTable } from './buffer-table.js';
import type { HandlerRun, HandlerRuns, LoanHolder } from './handler-run.js';

/** Puts messages of one schema into a slot. Publishing never waits for a reader. */
export interface Publisher<M> {
  /** Name of the slot, such as `camera/image`. */
  readonly slot: string;
  /** Messages published here so far. */
  readonly published: number;
  /**
   * A message in shared memory to be filled in place: set its fields, `allocate()` its arrays, then `publish()` or
   * `discard()`. Every field starts as zero. The object is used again for later messages: keep no reference to it.
   *
   * A loan that the handler which took it leaves open is discarded, and the log says so.
   * @throws BabusError ERR_BABUS_LOAN_QUOTA when `loans_per_publisher` loans are open
   * @throws BabusError ERR_BABUS_SHM_FULL when the shared-memory file system has no room
   */
  loan(): Loan<M>;
  /**
   * Publishes a copy of a plain object.
   * @returns the message's sequence number
   * @throws BabusError ERR_BABUS_VALUE naming the field whose value does not fit, or is out of range where the slot says
   * `validate: always`; nothing is published
   */
  publish(value: M): number;
}

/** What every generated loan can do, whatever its fields are. */
interface AnyLoan {
  /** Makes the loan ready for the next message. */
  reset(): void;
  publish(): number;
}

/** A publisher over the core, or over its twin in memory. */
export class SlotPublisher<M> implements Publisher<M>, LoanHolder {
  readonly slot: string;
  published = 0;
  readonly #native: NativePublisher;
  readonly #schema: Schema<M>;
  readonly #runs: HandlerRuns | undefined;
  readonly #buffers: BufferTable<AnyLoan>;
  /** By buffer: the run that the loan open there belongs to. A loan is open while its memory has an owner. */
  readonly #takenIn: (HandlerRun | undefined)[] = [];
  readonly #owner: LoanOwner;
  readonly #validate: ((memory: Memory) => void) | undefined;
  #lastTaken: Memory | undefined;

  /** @param options.validate checks each message as `validate: always` says */
  constructor(
    native: NativePublisher,
    schema: Schema<M>,
    runs?: HandlerRuns,
    { validate = false }: { readonly validate?: boolean } = {},
  ) {
    this.slot = native.name;
    this.#native = native;
    this.#schema = schema;
    this.#runs = runs;
    this.#validate = validate ? validatorOf(schema) : undefined;
    this.#buffers = new BufferTable(native, schema.loan as new (memory: Memory) => AnyLoan);
    this.#owner = {
      slot: native.name,
      reserve: (memory, bytes) => this.#reserve(memory, bytes),
      publish: (memory) => this.#publish(memory),
      discard: (memory) => this.#discard(memory),
    };
    runs?.register(this);
  }

  loan(): Loan<M> {
    return this.#take() as Loan<M>;
  }

  publish(value: M): number {
    const loan = this.#take();
    const memory = this.#lastTaken!;
    try {
      this.#schema.assign(loan as Loan<M>, value);
      return loan.publish();
    } catch (error) {
      if (memory.owner) this.#discard(memory);
      throw error;
    }
  }

  /** Gives back the loans that `run` left open, or all of them. @returns how many */
  discardOpen(run?: HandlerRun): number {
    let discarded = 0;
    for (const buffer of this.#buffers) {
      if (!buffer.memory.owner || (run && this.#takenIn[buffer.memory.index] !== run)) continue;
      this.#discard(buffer.memory);
      discarded++;
    }
    return discarded;
  }

  close(): void {
    this.discardOpen();
    this.#runs?.unregister(this);
    this.#native.close();
  }

  #take(): AnyLoan {
    const { size } = this.#schema;
    const { memory, accessor } = this.#buffers.at(this.#native.loan(size));
    memory.owner = this.#owner;
    memory.length = size;
    accessor.reset();
    const run = this.#runs?.current();
    if (run) run.openLoans++;
    this.#takenIn[memory.index] = run;
    this.#lastTaken = memory;
    return accessor;
  }

  #reserve(memory: Memory, bytes: number): void {
    const { maxBytes } = this.#native;
    if (bytes > maxBytes)
      throw new BabusError(
        'ERR_BABUS_MESSAGE_TOO_LONG',
        `${this.slot}: the message needs ${bytes} bytes, the slot takes ${maxBytes}; raise slots.${this.slot}.max_bytes`,
      );
    this.#native.reserve(memory.index, bytes);
  }

  #publish(memory: Memory): number {
    this.#validate?.(memory);
    const sequence = this.#native.commit(memory.index, memory.length);
    this.#closeLoan(memory);
    this.published++;
    return sequence;
  }

  #discard(memory: Memory): void {
    this.#closeLoan(memory);
    this.#native.discard(memory.index);
  }

  #closeLoan(memory: Memory): void {
    const run = this.#takenIn[memory.index];
    if (run) run.openLoans--;
    this.#takenIn[memory.index] = undefined;
    memory.owner = undefined;
  }
}
