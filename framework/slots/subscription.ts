import { BabusError, isBabusError } from '../errors/index.js';
import { HAS_NEWS, INFO, NOT_SMALL, type NativeSubscription } from '../native.js';
import { checkMessage } from '../schema/runtime/define.js';
import type { HeldView, Memory, MessageHolder } from '../schema/runtime/memory.js';
import type { Schema, View } from '../schema/types.js';
import { BufferTable, type Buffer } from './buffer-table.js';
import { CheckedView } from './checked-view.js';
import { HeldMessage, SharedPin, type Held } from './held.js';
import {
  HistoryWalk,
  instantOf,
  type History,
  type HistoryRange,
  type Moment,
  type PastMessages,
} from './history.js';
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
  /** Sequence number of the oldest message that the slot still has, `newest() + 1` when it has none. */
  oldest(): number;
  /** How many messages the slot has: at most its depth. */
  readonly length: number;
  /** The newest message, whether it was delivered or not; undefined when there was none yet. */
  latest(): Held<M> | undefined;
  /**
   * One of the slot's last messages, where it stands in the delivery notwithstanding.
   * @param which counted back as in `Array.prototype.at`: -1 is the newest, -2 the one before it; or a sequence number
   * @returns undefined when that message is gone or not there yet
   * @throws BabusError ERR_BABUS_PIN_QUOTA when too many messages are held
   * @throws BabusError ERR_BABUS_ARGUMENT for 0 or a fraction
   */
  at(which: number): Held<M> | undefined;
  /**
   * The message of a sequence number, such as `info.sequence - 5`. Numbers below 1 are those of messages that never were.
   * @returns undefined when that message is gone or not there yet
   * @throws BabusError as at() does
   */
  atSequence(sequence: number): Held<M> | undefined;
  /**
   * The first message that was not published earlier: `since('2s')` is the oldest of the last two seconds.
   * @returns undefined when nothing was published since
   * @throws BabusError as at() does; ERR_BABUS_ARGUMENT when `time` is no point in time
   */
  since(time: Moment): Held<M> | undefined;
  /**
   * A walk over the slot's messages, or some of them, oldest first; without a range the same as iterating over the subscription.
   * What is published after it began is not part of it. Each step can throw ERR_BABUS_PIN_QUOTA.
   * @throws BabusError ERR_BABUS_ARGUMENT when an end of the range is 0 or a fraction
   */
  iterate(range?: HistoryRange): History<M>;
  [Symbol.iterator](): History<M>;
}

/** What the subscription needs of a place that a delivered message is put in. */
export interface DeliveryTarget {
  view: unknown;
  pin: number;
  /** Index of the buffer it lies in. */
  buffer: number;
  /** In checking mode: its view alone. */
  checked: CheckedView<unknown> | undefined;
  /** Set once somebody holds the message beyond the handler's end. */
  shared: SharedPin | undefined;
  readonly info: MessageInfo;
}

export interface SubscriptionOptions {
  /** Views are made anew for each message, and fail once it was given back. */
  readonly checking?: boolean;
}

/** How often the newest message is looked for again when publishers are so fast that it is gone before it is pinned. */
const NEWEST_ATTEMPTS = 16;

/** A subscription over the core, or over its twin in memory. */
export class SlotSubscription<M> implements Subscription<M>, MessageHolder {
  readonly slot: string;
  received = 0;
  missed = 0;
  skipped = 0;
  failed = 0;
  /** Pins kept for delivery, so that held messages cannot stop it. */
  reservedPins = 0;
  readonly #schema: Schema<M>;
  readonly #buffers: BufferTable<View<M>>;
  readonly #info: Float64Array;
  readonly #smallInfo: Int32Array;
  readonly #checking: boolean;
  /** By buffer: the delivery that is under way there. */
  readonly #deliveries: (DeliveryTarget | undefined)[] = [];
  #ended = 'its handler had returned';
  #held = 0;
  /** Up to here everything was taken or passed over. */
  #position: number;
  #missedUntold = 0;
  #closed = false;

  constructor(
    readonly native: NativeSubscription,
    schema: Schema<M>,
    readonly pinsPerReader: number,
    { checking = false }: SubscriptionOptions = {},
  ) {
    this.slot = native.name;
    this.#schema = schema;
    this.#info = native.info;
    this.#smallInfo = native.smallInfo;
    this.#checking = checking;
    this.#buffers = new BufferTable(native, schema.view, this);
    for (let i = 0; i < native.buffers; i++) this.#deliveries.push(undefined);
    this.#position = native.newest();
  }

  /** Names who is handed the messages, for complaints about views that are used too late. */
  nameHandler(name: string): void {
    this.#ended = `${name} had returned`;
  }

  newest(): number {
    return this.native.newest();
  }

  oldest(): number {
    return this.native.oldest();
  }

  get length(): number {
    return Math.min(this.native.newest(), this.native.depth);
  }

  latest(): Held<M> | undefined {
    return this.at(-1);
  }

  at(which: number): Held<M> | undefined {
    this.#checkWhich(which, 'at');
    if (which > 0) return this.atSequence(which);
    this.#checkQuota();
    if (-which > this.native.depth) return undefined;
    for (let attempt = 0; attempt < NEWEST_ATTEMPTS; attempt++) {
      const sequence = this.native.newest() + 1 + which;
      if (sequence < 1) return undefined;
      if (this.native.at(sequence)) return this.#hold();
    }
    return undefined;
  }

  atSequence(sequence: number): Held<M> | undefined {
    if (!Number.isInteger(sequence))
      throw new BabusError(
        'ERR_BABUS_ARGUMENT',
        `${this.slot}: atSequence(${sequence}) names no message; sequence numbers are whole`,
      );
    this.#checkQuota();
    return sequence > 0 && this.native.at(sequence) ? this.#hold() : undefined;
  }

  since(time: Moment): Held<M> | undefined {
    const { sec, nsec } = instantOf(time, this.slot);
    this.#checkQuota();
    let sequence = this.native.since(sec, nsec);
    for (let attempt = 0; attempt < NEWEST_ATTEMPTS && sequence <= this.native.newest(); attempt++) {
      if (this.native.at(sequence)) return this.#hold();
      sequence = Math.max(sequence + 1, this.native.oldest());
    }
    return undefined;
  }

  iterate({ from, to, since }: HistoryRange = {}): History<M> {
    const newest = this.native.newest();
    const sequenceOf = (which: number): number => {
      this.#checkWhich(which, 'iterate');
      return which > 0 ? which : newest + 1 + which;
    };
    let first = Math.max(this.native.oldest(), from === undefined ? 1 : sequenceOf(from));
    const last = Math.min(newest, to === undefined ? newest : sequenceOf(to));
    if (since !== undefined) {
      const { sec, nsec } = instantOf(since, this.slot);
      this.#checkQuota();
      first = Math.max(first, this.native.since(sec, nsec));
    }
    return new HistoryWalk(this, first, last);
  }

  [Symbol.iterator](): History<M> {
    return this.iterate();
  }

  /** Lets delivery begin with messages that were published before this subscription was there. To be called before the first take(). */
  beginWith(past: PastMessages): void {
    const next = this.#position + 1;
    let first = this.native.oldest();
    if (typeof past === 'number') first = Math.max(first, next - past);
    else if (past !== 'all') {
      const { sec, nsec } = instantOf(past.since, this.slot);
      first = this.native.since(sec, nsec);
    }
    if (first >= next) return;
    this.#position = first - 1;
    this.native.seek(this.#position);
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
    this.#position = this.#told(INFO.SEQUENCE);
    const missed = this.#told(INFO.MISSED);
    this.missed += missed;
    try {
      const buffer = this.#bufferTaken();
      target.checked = this.#checking ? new CheckedView(this.#schema, buffer.memory) : undefined;
      target.view = target.checked ? target.checked.view : buffer.accessor;
    } catch (error) {
      // The corrupt message is lost like those before it, and told with the next sound one.
      this.missed++;
      this.#missedUntold += missed + 1;
      throw error;
    }
    target.pin = this.#told(INFO.PIN);
    target.buffer = this.#told(INFO.BUFFER);
    this.#deliveries[target.buffer] = target;
    target.info.set(this.#info, this.#missedUntold);
    this.#missedUntold = 0;
    return true;
  }

  /** Puts a taken message back unseen when a newer one has come. @returns whether it did */
  passOverIfOld(target: DeliveryTarget): boolean {
    if (this.native.newest() <= target.info.sequence) return false;
    this.skipped++;
    this.#missedUntold = target.info.missed;
    this.#deliveries[target.buffer] = undefined;
    this.native.release(target.pin);
    return true;
  }

  /**
   * Gives a taken message back once its handler has ended.
   * @throws BabusError ERR_BABUS_VIEW_WRITTEN in checking mode; the message is given back all the same
   */
  release(target: DeliveryTarget): void {
    this.#deliveries[target.buffer] = undefined;
    const { shared, checked, pin } = target;
    if (!shared) return this.#giveBack(pin, checked, target.info.sequence, this.#ended);
    target.shared = undefined;
    shared.drop();
  }

  /** What `hold()` of a view does. */
  hold<V>(memory: Memory, view: V): HeldView<V> {
    const target = this.#deliveries[memory.index];
    if (!target)
      throw new BabusError(
        'ERR_BABUS_ARGUMENT',
        `${this.slot}: hold() is for a message whose handler runs; others that are held stay until their release()`,
      );
    const info = target.info.copy();
    if (target.shared) target.shared.share();
    else {
      this.#checkQuota();
      target.shared = this.#keep(target.pin, target.checked, info.sequence);
      target.shared.share();
    }
    return new HeldMessage(view, info, target.shared);
  }

  /** What was said last about more to take; see HAS_NEWS. */
  get hasNews(): boolean {
    return this.#smallInfo[HAS_NEWS] === 1;
  }

  /** Messages that wait for take(). None in a damaged slot: that is for take() to say. */
  get pending(): boolean {
    try {
      return this.native.newest() > this.#position;
    } catch (error) {
      if (isBabusError(error)) return false;
      throw error;
    }
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
    const info = new MessageInfo(this.slot);
    info.set(this.#info, 0);
    const buffer = this.#bufferTaken();
    const checked = this.#checking ? new CheckedView(this.#schema, buffer.memory) : undefined;
    const view = checked ? checked.view : buffer.accessor;
    return new HeldMessage(view, info, this.#keep(this.#told(INFO.PIN), checked, info.sequence));
  }

  #keep(pin: number, checked: CheckedView<unknown> | undefined, sequence: number): SharedPin {
    this.#held++;
    return new SharedPin(() => {
      this.#held--;
      this.#giveBack(pin, checked, sequence, 'it was released');
    });
  }

  #giveBack(pin: number, checked: CheckedView<unknown> | undefined, sequence: number, how: string): void {
    const written = checked?.revoke(sequence, how);
    if (!this.#closed) this.native.release(pin);
    if (written) throw written;
  }

  /** What take() or at() said last. */
  #told(place: number): number {
    const small = this.#smallInfo[place]!;
    return small === NOT_SMALL ? this.#info[place]! : small;
  }

  /** @throws BabusError ERR_BABUS_MESSAGE_CORRUPT, the pin given back */
  #bufferTaken(): Buffer<View<M>> {
    const buffer = this.#buffers.at(this.#told(INFO.BUFFER));
    const sequence = this.#told(INFO.SEQUENCE);
    if (buffer.sequence !== sequence) {
      buffer.memory.length = this.#told(INFO.BYTES);
      try {
        checkMessage(this.#schema, buffer.memory);
      } catch (error) {
        this.native.release(this.#told(INFO.PIN));
        throw error;
      }
      buffer.sequence = sequence;
    }
    return buffer;
  }

  #checkWhich(which: number, method: string): void {
    if (Number.isSafeInteger(which) && which !== 0) return;
    throw new BabusError(
      'ERR_BABUS_ARGUMENT',
      `${this.slot}: ${method}(): ${which} names no message; give a sequence number, or -1 for the newest, -2 for the one before`,
    );
  }

  #checkQuota(): void {
    if (this.#held + this.reservedPins < this.pinsPerReader) return;
    const kept = this.reservedPins > 0 ? ` and ${this.reservedPins} kept for delivery` : '';
    throw new BabusError(
      'ERR_BABUS_PIN_QUOTA',
      `${this.slot}: of ${this.pinsPerReader} pins, ${this.#held} hold messages${kept}; release() one, or raise ` +
        `slots.${this.slot}.pins_per_reader`,
    );
  }
}
