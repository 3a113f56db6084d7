import { BabusError } from '../errors/index.js';
import { INFO, type NativeSubscription } from '../native.js';
import { checkMessage } from '../schema/runtime/define.js';
import type { Schema, View } from '../schema/types.js';
import { BufferTable } from './buffer-table.js';
import { HeldMessage, type Held } from './held.js';
import { MessageInfo } from './info.js';

/**
 * A node's end of a slot it reads: counters, and the slot's last messages. A node gets one for each port it subscribes to;
 * an `@input` field makes it visible.
 */
export interface Subscription<M> {
  /** Name of the slot, such as `camera/image`. */
  readonly slot: string;
  /** Messages that were handed to the port's `@subscribes` method. */
  readonly received: number;
  /** Messages that were lost because their buffers were used again before the node came to them. */
  readonly missed: number;
  /** Messages that `latest: true` passed over. */
  readonly skipped: number;
  /** Runs of the port's handler that threw or rejected. */
  readonly failed: number;
  /** Sequence number of the slot's newest message, 0 when there was none yet. */
  newest(): number;
  /** The newest message, whether it was delivered or not; undefined when there was none yet. */
  latest(): Held<M> | undefined;
  /**
   * One of the slot's last messages, where it stands in the delivery notwithstanding.
   * @param which a sequence number, or counted back as in `Array.prototype.at`: -1 is the newest, -2 the one before it
   * @returns undefined when that message is gone or not there yet
   * @throws BabusError ERR_BABUS_PIN_QUOTA when too many messages are held
   * @throws BabusError ERR_BABUS_ARGUMENT for 0 or a fraction
   */
  at(which: number): Held<M> | undefined;
}

/** What the subscription needs of a place that a delivered message is put in. */
export interface DeliveryTarget {
  view: unknown;
  pin: number;
  readonly info: MessageInfo;
}

/** How often the newest message is looked for again when publishers are so fast that it is gone before it is pinned. */
const NEWEST_ATTEMPTS = 16;

/** A subscription over the core, or over its twin in memory. */
export class SlotSubscription<M> implements Subscription<M> {
  readonly slot: string;
  received = 0;
  missed = 0;
  skipped = 0;
  failed = 0;
  /** Pins kept for delivery, so that held messages cannot stop it. */
  reservedPins = 0;
  readonly #schema: Schema<M>;
  readonly #buffers: BufferTable<View<M>>;
  #held = 0;
  /** Up to here everything was taken or passed over. */
  #position: number;
  #missedUntold = 0;
  #closed = false;

  constructor(
    readonly native: NativeSubscription,
    schema: Schema<M>,
    readonly pinsPerReader: number,
  ) {
    this.slot = native.name;
    this.#schema = schema;
    this.#buffers = new BufferTable(native, schema.view);
    this.#position = native.newest();
  }

  newest(): number {
    return this.native.newest();
  }

  latest(): Held<M> | undefined {
    return this.at(-1);
  }

  at(which: number): Held<M> | undefined {
    if (!Number.isSafeInteger(which) || which === 0)
      throw new BabusError(
        'ERR_BABUS_ARGUMENT',
        `${this.slot}: at(${which}) names no message; give a sequence number, or -1 for the newest, -2 for the one before`,
      );
    if (this.#held + this.reservedPins >= this.pinsPerReader) throw this.#quotaError();
    if (which > 0) return this.native.at(which) ? this.#hold() : undefined;
    for (let attempt = 0; attempt < NEWEST_ATTEMPTS; attempt++) {
      const sequence = this.native.newest() + 1 + which;
      if (sequence < 1) return undefined;
      if (this.native.at(sequence)) return this.#hold();
      if (which !== -1) return undefined;
    }
    return undefined;
  }

  /**
   * Pins the next message, or the newest one, into `target`. For delivery.
   * @returns false when there is none
   * @throws BabusError ERR_BABUS_MESSAGE_CORRUPT for one that is left out then; ERR_BABUS_PIN_QUOTA, ERR_BABUS_SLOT_CORRUPT
   */
  take(target: DeliveryTarget, newestOnly: boolean): boolean {
    const { native } = this;
    if (newestOnly) this.#passOver(native.newest() - 1);
    if (!native.take()) return false;
    const { info } = native;
    this.#position = info[INFO.SEQUENCE]!;
    this.missed += info[INFO.MISSED]!;
    try {
      target.view = this.#viewOf(info);
    } catch (error) {
      // The corrupt message is lost like those before it, and told with the next sound one.
      this.missed++;
      this.#missedUntold += info[INFO.MISSED]! + 1;
      throw error;
    }
    target.pin = info[INFO.PIN]!;
    target.info.set(info, this.#missedUntold);
    this.#missedUntold = 0;
    return true;
  }

  /** Puts a taken message back unseen when a newer one has come. @returns whether it did */
  passOverIfOld(target: DeliveryTarget): boolean {
    if (this.native.newest() <= target.info.sequence) return false;
    this.skipped++;
    this.#missedUntold = target.info.missed;
    this.native.release(target.pin);
    return true;
  }

  /** Gives a taken message back once its handler has ended. */
  release(target: DeliveryTarget): void {
    if (!this.#closed) this.native.release(target.pin);
  }

  /** Messages that wait for take(). */
  get pending(): boolean {
    return this.native.newest() > this.#position;
  }

  close(): void {
    this.#closed = true;
    this.native.close();
  }

  #passOver(upTo: number): void {
    if (upTo <= this.#position) return;
    this.skipped += upTo - this.#position;
    this.#position = upTo;
    this.native.seek(upTo);
  }

  #hold(): Held<M> {
    const { info: values } = this.native;
    const info = new MessageInfo(this.slot);
    info.set(values, 0);
    const pin = values[INFO.PIN]!;
    const view = this.#viewOf(values);
    this.#held++;
    return new HeldMessage<M>(view, info, () => {
      this.#held--;
      if (!this.#closed) this.native.release(pin);
    });
  }

  /** @throws BabusError ERR_BABUS_MESSAGE_CORRUPT, the pin given back */
  #viewOf(info: Float64Array): View<M> {
    const buffer = this.#buffers.at(info[INFO.BUFFER]!);
    const sequence = info[INFO.SEQUENCE]!;
    if (buffer.sequence !== sequence) {
      buffer.memory.length = info[INFO.BYTES]!;
      try {
        checkMessage(this.#schema, buffer.memory);
      } catch (error) {
        this.native.release(info[INFO.PIN]!);
        throw error;
      }
      buffer.sequence = sequence;
    }
    return buffer.accessor;
  }

  #quotaError(): BabusError {
    const kept = this.reservedPins > 0 ? ` and ${this.reservedPins} kept for delivery` : '';
    return new BabusError(
      'ERR_BABUS_PIN_QUOTA',
      `${this.slot}: of ${this.pinsPerReader} pins, ${this.#held} hold messages${kept}; release() one, or raise ` +
        `slots.${this.slot}.pins_per_reader`,
    );
  }
}
