import { parseDurationMs } from '../duration.js';
import { BabusError, isBabusError } from '../errors/index.js';
import type { Held } from './held.js';
import { monotonicMs } from './clock.js';

/**
 * A point in time on the monotonic clock: `'2s'`, so long ago; milliseconds as `Clock.monotonicMs()` gives them; or exactly, as
 * a message's `info.publishTime` is.
 */
export type Moment = string | number | { readonly sec: number; readonly nsec: number };

/**
 * What a subscription gets of the messages that were published before it was there: all that the slot has, the last so many,
 * or those of the last `2s`.
 */
export type PastMessages = 'all' | number | { readonly since: string };

/** Messages to walk over, both ends included. Sequence numbers, or counted back: -1 is the newest. */
export interface HistoryRange {
  /** The first one; by default the oldest that is there. */
  readonly from?: number;
  /** The last one; by default the newest. */
  readonly to?: number;
  /** None that were published earlier. */
  readonly since?: Moment;
}

/**
 * A walk over messages that were there when it began, oldest first. Each one is held until the next step, or until the loop
 * is left: a walk takes one pin, however long it is. Keep data with `clone()`.
 */
export interface History<M> extends IterableIterator<Held<M>> {
  /** Messages left out so far: their buffers were used again before the walk came to them, or they are corrupt. */
  readonly skipped: number;
}

/** What a walk needs of its subscription. */
export interface HistorySource<M> {
  oldest(): number;
  /** Undefined when it is not there. */
  atSequence(sequence: number): Held<M> | undefined;
}

export class HistoryWalk<M> implements History<M> {
  skipped = 0;
  #held: Held<M> | undefined;

  constructor(
    private readonly source: HistorySource<M>,
    private upcoming: number,
    private readonly last: number,
  ) {}

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<Held<M>> {
    this.#release();
    while (this.upcoming <= this.last) {
      this.#held = this.#tryNext();
      if (this.#held) {
        this.upcoming++;
        return { done: false, value: this.#held };
      }
      const next = Math.min(Math.max(this.upcoming + 1, this.source.oldest()), this.last + 1);
      this.skipped += next - this.upcoming;
      this.upcoming = next;
    }
    return { done: true, value: undefined };
  }

  return(): IteratorResult<Held<M>> {
    this.#release();
    this.upcoming = this.last + 1;
    return { done: true, value: undefined };
  }

  /** A slot whose files are damaged throws at the next look at it; one corrupt message is no reason to see none of the others. */
  #tryNext(): Held<M> | undefined {
    try {
      return this.source.atSequence(this.upcoming);
    } catch (error) {
      if (isBabusError(error) && /^ERR_BABUS_(MESSAGE|SLOT)_CORRUPT$/.test(error.code)) return undefined;
      throw error;
    }
  }

  #release(): void {
    this.#held?.release();
    this.#held = undefined;
  }
}

/** @throws BabusError ERR_BABUS_ARGUMENT when it is no point in time */
export function instantOf(moment: Moment, slot: string): { readonly sec: number; readonly nsec: number } {
  if (typeof moment === 'object' && moment !== null) {
    const { sec, nsec } = moment;
    if (Number.isSafeInteger(sec) && Number.isInteger(nsec) && nsec >= 0 && nsec < 1e9) return { sec, nsec };
  }
  const ms = typeof moment === 'string' ? monotonicMs() - parseDurationMs(moment) : moment;
  if (typeof ms !== 'number' || !Number.isFinite(ms))
    throw new BabusError(
      'ERR_BABUS_ARGUMENT',
      `${slot}: no point in time; give '2s' for two seconds ago, milliseconds as Clock.monotonicMs(), or { sec, nsec } as in ` +
        'info.publishTime',
    );
  const sec = Math.floor(ms / 1e3);
  const nsec = Math.round((ms - sec * 1e3) * 1e6);
  return nsec < 1e9 ? { sec, nsec } : { sec: sec + 1, nsec: 0 };
}
