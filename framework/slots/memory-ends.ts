import { BabusError } from '../errors/index.js';
import {
  INFO,
  HAS_NEWS,
  NOT_SMALL,
  type NativePublisher,
  type NativeSubscription,
  type NativeWaiter,
  type SlotMemory,
} from '../native.js';
import { monotonicMs } from './clock.js';
import type { Holders, MemorySlot } from './memory-slot.js';

/** Messages for each look at the clock. */
const CLOCK_EVERY = 64;

abstract class SlotEnd implements SlotMemory {
  readonly name: string;
  readonly chunks: readonly ArrayBuffer[];
  readonly buffersPerChunk = 1;
  readonly stride: number;
  readonly buffers: number;
  readonly depth: number;
  readonly maxBytes: number;
  readonly schemaName: string;
  readonly descriptor: string;
  #closed = false;

  constructor(
    readonly slot: MemorySlot,
    protected readonly participant: object,
    private readonly ends: Holders,
    limit: number,
    what: string,
  ) {
    const { config } = slot;
    this.name = config.name;
    this.chunks = slot.chunks;
    this.stride = slot.stride;
    this.buffers = slot.buffers;
    this.depth = config.depth;
    this.maxBytes = config.maxBytes;
    this.schemaName = config.schemaName;
    this.descriptor = config.descriptor;
    if (ends.of(participant) === 0 && ends.count >= limit)
      throw new BabusError('ERR_BABUS_SLOT_FULL', `${this.name}: the slot has its ${limit} ${what} already`);
    ends.add(participant);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.ends.remove(this.participant);
    this.giveBack();
  }

  /** Lets go of everything held; called once. */
  protected abstract giveBack(): void;

  protected check(): void {
    if (this.#closed) throw new BabusError('ERR_BABUS_CLOSED', `${this.name}: used after it was closed`);
  }
}

export class MemoryPublisher extends SlotEnd implements NativePublisher {
  readonly #loans = new Set<number>();

  constructor(slot: MemorySlot, participant: object) {
    super(slot, participant, slot.publishers, slot.config.maxPublishers, 'publishers (max_publishers)');
  }

  loan(fixedBytes: number): number {
    this.check();
    const { loans, config } = this.slot;
    if (loans.of(this.participant) >= config.loansPerPublisher)
      throw new BabusError(
        'ERR_BABUS_LOAN_QUOTA',
        `${this.name}: ${config.loansPerPublisher} loans are open already; publish() or discard() one, or raise ` +
          `slots.${this.name}.loans_per_publisher`,
      );
    const buffer = this.slot.claim(fixedBytes);
    loans.add(this.participant);
    this.#loans.add(buffer);
    return buffer;
  }

  reserve(buffer: number, bytes: number): void {
    this.#checkLoan(buffer);
    this.#checkLength(bytes);
  }

  prefault(): void {
    this.check(); // Its memory is there.
  }

  commit(buffer: number, bytes: number): number {
    this.#checkLoan(buffer);
    this.#checkLength(bytes);
    const sequence = this.slot.commit(buffer, bytes);
    this.#ended(buffer);
    return sequence;
  }

  discard(buffer: number): void {
    this.#checkLoan(buffer);
    this.#ended(buffer);
    this.slot.discard(buffer);
  }

  protected override giveBack(): void {
    for (const buffer of this.#loans) {
      this.#ended(buffer);
      this.slot.discard(buffer);
    }
  }

  #ended(buffer: number): void {
    this.#loans.delete(buffer);
    this.slot.loans.remove(this.participant);
  }

  #checkLoan(buffer: number): void {
    this.check();
    if (!this.#loans.has(buffer))
      throw new BabusError('ERR_BABUS_LOAN_CLOSED', `${this.name}: buffer ${buffer} is not loaned`);
  }

  #checkLength(bytes: number): void {
    if (bytes > this.maxBytes)
      throw new BabusError(
        'ERR_BABUS_MESSAGE_TOO_LONG',
        `${this.name}: the message needs ${bytes} bytes, the slot takes ${this.maxBytes}; raise slots.${this.name}.max_bytes`,
      );
  }
}

export class MemorySubscription extends SlotEnd implements NativeSubscription {
  readonly info = new Float64Array(Object.keys(INFO).length);
  readonly smallInfo = new Int32Array(this.info.length + 1);
  /** Last sequence that take() passed. */
  #cursor: number;
  /** By pin: the buffer it holds, -1 when the pin is free. */
  readonly #pins: number[];

  constructor(slot: MemorySlot, participant: object) {
    super(slot, participant, slot.readers, slot.config.maxReaders, 'readers (max_readers)');
    this.#cursor = slot.newest;
    this.#pins = new Array<number>(slot.config.pinsPerReader).fill(-1);
  }

  /** True when take() would find something. */
  get pending(): boolean {
    return this.slot.newest > this.#cursor;
  }

  take(): boolean {
    this.check();
    if (!this.pending) {
      this.markNews();
      return false;
    }
    const next = this.#cursor + 1;
    const sequence = Math.max(next, this.slot.oldest());
    this.#pin(sequence);
    // Now and then, for a look at the clock makes garbage here: slow handlers are noticed the later for it.
    if (sequence % CLOCK_EVERY === 0) this.info[INFO.TAKEN_MS] = monotonicMs();
    this.#tell(sequence - next);
    this.#cursor = sequence;
    this.markNews();
    return true;
  }

  markNews(): boolean {
    const isNews = this.pending;
    this.smallInfo[HAS_NEWS] = isNews ? 1 : 0;
    return isNews;
  }

  newest(): number {
    this.check();
    return this.slot.newest;
  }

  oldest(): number {
    this.check();
    return this.slot.oldest();
  }

  since(sec: number, nsec: number): number {
    this.check();
    return this.slot.since(sec, nsec);
  }

  at(sequence: number): boolean {
    this.check();
    if (sequence < this.slot.oldest() || sequence > this.slot.newest) return false;
    this.#pin(sequence);
    this.#tell(0);
    return true;
  }

  seek(sequence: number): void {
    this.check();
    this.#cursor = sequence;
  }

  release(pin: number): void {
    this.check();
    const buffer = this.#pins[pin];
    if (buffer === undefined || buffer < 0)
      throw new BabusError('ERR_BABUS_CLOSED', `${this.name}: pin ${pin} is not held`);
    this.#unpin(pin, buffer);
  }

  protected override giveBack(): void {
    this.#pins.forEach((buffer, pin) => {
      if (buffer >= 0) this.#unpin(pin, buffer);
    });
  }

  #pin(sequence: number): void {
    const { pins, config } = this.slot;
    const pin = pins.of(this.participant) < config.pinsPerReader ? this.#pins.indexOf(-1) : -1;
    if (pin < 0)
      throw new BabusError(
        'ERR_BABUS_PIN_QUOTA',
        `${this.name}: ${config.pinsPerReader} messages are held already; release one, or raise ` +
          `slots.${this.name}.pins_per_reader`,
      );
    const buffer = this.slot.pin(sequence);
    pins.add(this.participant);
    this.#pins[pin] = buffer;
    this.info[INFO.BUFFER] = buffer;
    this.info[INFO.SEQUENCE] = sequence;
    this.info[INFO.PIN] = pin;
    this.slot.copyStamp(buffer, this.info, INFO.BYTES);
  }

  #tell(missed: number): void {
    this.info[INFO.MISSED] = missed;
    for (let i = 0; i < this.info.length; i++) {
      const value = this.info[i]!;
      this.smallInfo[i] = value >= 0 && value === (value | 0) ? value : NOT_SMALL;
    }
  }

  #unpin(pin: number, buffer: number): void {
    this.#pins[pin] = -1;
    this.slot.pins.remove(this.participant);
    this.slot.unpin(buffer);
  }
}

export class MemoryWaiter implements NativeWaiter {
  /** Nothing is asleep within one process; its wakes come in a turn of their own, as the doorbell's. */
  readonly mechanism = 'doorbell';
  readonly #onWake: () => void;
  readonly #subscriptions = new Set<MemorySubscription>();
  #armed = false;
  #queued: NodeJS.Immediate | undefined;
  readonly #listener = (): void => this.#wakeIfNews();

  constructor(onWake: () => void) {
    this.#onWake = onWake;
  }

  add(subscription: NativeSubscription): void {
    const own = subscription as MemorySubscription;
    this.#subscriptions.add(own);
    own.slot.listeners.add(this.#listener);
  }

  remove(subscription: NativeSubscription): void {
    const own = subscription as MemorySubscription;
    this.#subscriptions.delete(own);
    for (const other of this.#subscriptions) if (other.slot === own.slot) return;
    own.slot.listeners.delete(this.#listener);
  }

  arm(): void {
    this.#armed = true;
    this.#wakeIfNews();
  }

  rest(): boolean {
    this.look();
    for (const { smallInfo } of this.#subscriptions) if (smallInfo[HAS_NEWS] === 1) return false;
    this.#armed = true;
    return true;
  }

  look(): void {
    this.#armed = false;
    clearImmediate(this.#queued);
    for (const subscription of this.#subscriptions) subscription.markNews();
  }

  /** It never keeps the process alive. */
  ref(): void {
    return;
  }

  unref(): void {
    return;
  }

  close(): void {
    clearImmediate(this.#queued);
    this.#armed = false;
    for (const subscription of this.#subscriptions) subscription.slot.listeners.delete(this.#listener);
    this.#subscriptions.clear();
  }

  #wakeIfNews(): void {
    if (!this.#armed) return;
    for (const subscription of this.#subscriptions) {
      if (!subscription.pending) continue;
      this.#armed = false;
      this.#queued = setImmediate(() => {
        for (const one of this.#subscriptions) one.markNews();
        this.#onWake();
      });
      return;
    }
  }
}
