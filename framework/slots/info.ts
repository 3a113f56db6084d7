import { INFO } from '../native.js';
import { monotonicMs } from './clock.js';

/** A point in time: whole seconds, and nanoseconds below one second. */
export interface Instant {
  readonly sec: number;
  readonly nsec: number;
  /** Exact nanoseconds. Costs a bigint. */
  readonly ns: bigint;
  /** Milliseconds, exact to about a tenth of a microsecond. */
  readonly ms: number;
}

/**
 * What is known about a message besides its fields. The second argument of handlers, where it is one object for all
 * messages of a subscription: read what is needed before the handler ends.
 */
export interface Info {
  /** Name of the slot. */
  readonly slot: string;
  /** Messages of a slot are numbered from 1 without holes. */
  readonly sequence: number;
  /** Messages lost between the previously delivered one and this, because their buffers were used again. */
  readonly missed: number;
  /** Bytes of the message: fixed part and arrays. */
  readonly bytes: number;
  /** When the message was published, on the monotonic clock of this machine (that of `process.hrtime`). */
  readonly publishTime: Instant;
  /** When the message was published, since 1970. */
  readonly publishWallTime: Instant;
  /** Milliseconds since the message was published. */
  readonly ageMs: number;
}

const VALUES = Object.keys(INFO).length;

/** An Info over numbers that are overwritten for each message, so that handing it out makes no garbage. */
export class MessageInfo implements Info {
  readonly publishTime: Instant;
  readonly publishWallTime: Instant;
  readonly #values = new Float64Array(VALUES);

  constructor(readonly slot: string) {
    this.publishTime = new InstantOf(this.#values, INFO.MONO_SEC, INFO.MONO_NSEC);
    this.publishWallTime = new InstantOf(this.#values, INFO.WALL_SEC, INFO.WALL_NSEC);
  }

  /** Takes over what the core says of a message; `missedBefore` are missed messages not yet told to anyone. */
  set(values: Float64Array, missedBefore: number): void {
    this.#values.set(values); // not value by value, each of which would be garbage before this is optimized
    if (missedBefore > 0) this.#values[INFO.MISSED]! += missedBefore;
  }

  /** One that later messages do not change. */
  copy(): MessageInfo {
    const copy = new MessageInfo(this.slot);
    copy.set(this.#values, 0);
    return copy;
  }

  get sequence(): number {
    return this.#values[INFO.SEQUENCE]!;
  }

  get missed(): number {
    return this.#values[INFO.MISSED]!;
  }

  get bytes(): number {
    return this.#values[INFO.BYTES]!;
  }

  get ageMs(): number {
    return monotonicMs() - this.publishTime.ms;
  }

  /** When it was taken from the slot, in milliseconds of the monotonic clock. For the dispatcher. */
  get takenMs(): number {
    return this.#values[INFO.TAKEN_MS]!;
  }

  /** True when this message was published before the other one. */
  isBefore(other: MessageInfo): boolean {
    const mine = this.#values;
    const theirs = other.#values;
    const seconds = mine[INFO.MONO_SEC]! - theirs[INFO.MONO_SEC]!;
    return seconds < 0 || (seconds === 0 && mine[INFO.MONO_NSEC]! < theirs[INFO.MONO_NSEC]!);
  }

  toJSON(): Record<string, unknown> {
    const { slot, sequence, missed, bytes, publishTime, publishWallTime } = this;
    return { slot, sequence, missed, bytes, publishTime, publishWallTime };
  }
}

class InstantOf implements Instant {
  constructor(
    private readonly values: Float64Array,
    private readonly secAt: number,
    private readonly nsecAt: number,
  ) {}

  get sec(): number {
    return this.values[this.secAt]!;
  }

  get nsec(): number {
    return this.values[this.nsecAt]!;
  }

  get ns(): bigint {
    return BigInt(this.sec) * 1_000_000_000n + BigInt(this.nsec);
  }

  get ms(): number {
    return this.sec * 1e3 + this.nsec / 1e6;
  }

  toJSON(): { sec: number; nsec: number } {
    return { sec: this.sec, nsec: this.nsec };
  }
}
