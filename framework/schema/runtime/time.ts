import { inspect } from 'node:util';
import type { Memory } from './memory.js';
import { INT32 } from './numbers.js';
import { refuseValue, show } from './values.js';

/** A point in time: seconds since 1970-01-01T00:00:00Z and nanoseconds within the second. */
export interface Time {
  sec: number;
  /** 0 to 999999999; counts upwards before 1970 too. */
  nsec: number;
}

/** A length of time. Negative ones have a negative `sec`; `nsec` always adds. */
export interface Duration {
  sec: number;
  /** 0 to 999999999. */
  nsec: number;
}

const NS_PER_SEC = 1_000_000_000n;
const MAX_NSEC = 999_999_999;

/** A time or duration in a message, read in place. */
export class TimeView {
  protected readonly _m: Memory;
  protected readonly _word: number;
  protected readonly _field: string;

  /**
   * @param offset bytes from the payload's start
   * @param _fixed times have no spans; taken so that arrays can make all their elements alike
   * @param field such as `Image.stamp`, for messages
   */
  constructor(memory: Memory, offset: number, _fixed?: number, field = 'an element of an array of times') {
    this._m = memory;
    this._field = field;
    this._word = offset >>> 2;
  }

  /** Whole seconds. */
  get sec(): number {
    return this._m.i32[this._word]!;
  }

  /** Nanoseconds to add, 0 to 999999999. */
  get nsec(): number {
    return this._m.u32[this._word + 1]!;
  }

  /** All of it in nanoseconds, exact. */
  get ns(): bigint {
    return BigInt(this._m.i32[this._word]!) * NS_PER_SEC + BigInt(this._m.u32[this._word + 1]!);
  }

  /** All of it in milliseconds, as `Date` takes them; exact to about 0.25 us for times of this century. */
  get ms(): number {
    return this._m.i32[this._word]! * 1000 + this._m.u32[this._word + 1]! / 1e6;
  }

  /** A copy that does not change when the message's buffer is used again. */
  clone(): Time {
    return { sec: this.sec, nsec: this.nsec };
  }

  toJSON(): Time {
    return this.clone();
  }

  [inspect.custom](): Time {
    return this.clone();
  }
}

/** A duration in a loan. */
export class DurationLoan extends TimeView {
  override get sec(): number {
    return super.sec;
  }
  override set sec(value: number) {
    if (!INT32.fits(value)) refuseValue(this._m, `${this._field}.sec`, INT32.wanted, value);
    this._m.i32[this._word] = value;
  }

  override get nsec(): number {
    return super.nsec;
  }
  override set nsec(value: number) {
    if (!fitsNsec(value))
      refuseValue(this._m, `${this._field}.nsec`, `a whole number from 0 to ${MAX_NSEC}`, value);
    this._m.u32[this._word + 1] = value;
  }

  override get ns(): bigint {
    return super.ns;
  }
  /** @throws BabusError ERR_BABUS_VALUE when the seconds do not fit 32 bits */
  override set ns(value: bigint) {
    if (typeof value !== 'bigint')
      refuseValue(this._m, `${this._field}.ns`, 'a bigint of nanoseconds', value);
    const nsec = ((value % NS_PER_SEC) + NS_PER_SEC) % NS_PER_SEC;
    this.set({ sec: Number((value - nsec) / NS_PER_SEC), nsec: Number(nsec) });
  }

  /**
   * Writes both parts.
   * @throws BabusError ERR_BABUS_VALUE when a part is missing or does not fit; nothing is written then
   * @throws BabusError ERR_BABUS_LOAN_CLOSED after publish() or discard()
   */
  set(value: Time): void {
    const given: Partial<Time> | null | undefined = value;
    const { sec, nsec } = given ?? {};
    if (!INT32.fits(sec) || !fitsNsec(nsec))
      refuseValue(
        this._m,
        this._field,
        `{ sec: ${INT32.wanted}, nsec: 0 to ${MAX_NSEC} }`,
        typeof value === 'object' && value !== null ? { sec: show(sec), nsec: show(nsec) } : value,
      );
    this._m.openOwner();
    this._m.i32[this._word] = sec!;
    this._m.u32[this._word + 1] = nsec;
  }
}

function fitsNsec(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MAX_NSEC;
}

/** A time in a loan. */
export class TimeLoan extends DurationLoan {
  /** Takes the wall clock's time, to the microsecond. */
  setNow(): void {
    const ms = wallClockMs();
    const sec = Math.floor(ms / 1000);
    this.set({ sec, nsec: Math.min(MAX_NSEC, Math.round((ms - sec * 1000) * 1000) * 1000) });
  }
}

let clockOffsetMs = performance.timeOrigin;

/** Date.now() with the digits below a millisecond filled in from the monotonic clock; follows steps of the wall clock. */
export function wallClockMs(): number {
  const wall = Date.now();
  const fine = clockOffsetMs + performance.now();
  if (fine >= wall && fine < wall + 1) return fine;
  clockOffsetMs += wall - fine;
  return wall;
}
