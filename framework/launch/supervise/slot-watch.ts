/** What a launch file expects of a slot. */
export interface SlotExpectation {
  readonly slot: string;
  /** Messages a second, at least. */
  readonly expectedRateHz?: number;
  /** Longest time between two messages. */
  readonly deadlineMs?: number;
  /** Names of the nodes that publish it. */
  readonly publishers: readonly string[];
}

/** A slot is not as expected, or is again. */
export type SlotNews = (slot: string, isWell: boolean, message: string) => void;

/** A rate is taken over this time, or over the time of so many expected messages when that is longer. */
const RATE_WINDOW_MS = 1000;
const RATE_MESSAGES = 10;

/** How often the counters are looked at: often enough to see a deadline pass soon, and seldom enough to cost nothing. */
const LOOK_MOST_MS = 500;
const LOOK_LEAST_MS = 50;
const LOOKS_PER_DEADLINE = 4;

/**
 * Compares slots with what is expected of them, from their counters in shared memory: it attaches to none, and costs publishers
 * nothing. A slot is looked at while one of its publishers is ready. Each change for better or worse is told once.
 */
export class SlotWatch {
  /** Milliseconds from one look to the next. */
  readonly everyMs: number;
  readonly #watched: readonly Watched[];

  constructor(expectations: readonly SlotExpectation[], tell: SlotNews) {
    this.#watched = expectations
      .filter(({ expectedRateHz, deadlineMs }) => expectedRateHz !== undefined || deadlineMs !== undefined)
      .map((expectation) => new Watched(expectation, tell));
    const deadlines = expectations.flatMap(({ deadlineMs }) => deadlineMs ?? []);
    const wanted = Math.min(LOOK_MOST_MS, ...deadlines.map((ms) => ms / LOOKS_PER_DEADLINE));
    this.everyMs = Math.max(LOOK_LEAST_MS, wanted);
  }

  get isEmpty(): boolean {
    return this.#watched.length === 0;
  }

  /** @param nowMs any clock that never goes back */
  look(nowMs: number, sequences: ReadonlyMap<string, number>, isReady: (node: string) => boolean): void {
    for (const each of this.#watched) {
      if (each.publishers.some(isReady)) each.look(nowMs, sequences.get(each.slot) ?? 0);
      else each.rest();
    }
  }
}

class Watched {
  readonly slot: string;
  readonly publishers: readonly string[];
  #sequence = 0;
  /** When it had a new message, or began to be looked at; undefined while it is not. */
  #changedMs: number | undefined;
  #isSilent = false;
  #isSlow = false;
  #windowMs = 0;
  #windowSequence = 0;

  constructor(
    private readonly expectation: SlotExpectation,
    private readonly tell: SlotNews,
  ) {
    ({ slot: this.slot, publishers: this.publishers } = expectation);
  }

  /** Nobody publishes it now, so nothing is expected; the end of a node is told in another way. */
  rest(): void {
    this.#changedMs = undefined;
    this.#isSilent = this.#isSlow = false;
  }

  look(nowMs: number, sequence: number): void {
    if (this.#changedMs === undefined || sequence < this.#sequence) this.#begin(nowMs, sequence);
    this.#lookForSilence(nowMs, sequence);
    this.#lookForRate(nowMs, sequence);
    this.#sequence = sequence;
  }

  #begin(nowMs: number, sequence: number): void {
    this.#sequence = this.#windowSequence = sequence;
    this.#changedMs = this.#windowMs = nowMs;
  }

  #lookForSilence(nowMs: number, sequence: number): void {
    const silentMs = nowMs - this.#changedMs!;
    const { deadlineMs } = this.expectation;
    if (sequence > this.#sequence) {
      this.#changedMs = nowMs;
      if (this.#isSilent) this.tell(this.slot, true, `has messages again, after ${seconds(silentMs)}`);
      this.#isSilent = false;
    } else if (deadlineMs !== undefined && silentMs > deadlineMs && !this.#isSilent) {
      this.#isSilent = true;
      this.tell(
        this.slot,
        false,
        `has had no message for ${seconds(silentMs)}; its deadline is ${seconds(deadlineMs)}`,
      );
    }
  }

  #lookForRate(nowMs: number, sequence: number): void {
    const { expectedRateHz } = this.expectation;
    if (expectedRateHz === undefined) return;
    const passedMs = nowMs - this.#windowMs;
    if (passedMs < Math.max(RATE_WINDOW_MS, (RATE_MESSAGES * 1000) / expectedRateHz)) return;
    const count = sequence - this.#windowSequence;
    const rate = ((count * 1000) / passedMs).toPrecision(3);
    // One less is the window's edge.
    const isSlow = count + 1 < (expectedRateHz * passedMs) / 1000;
    if (isSlow !== this.#isSlow)
      this.tell(
        this.slot,
        !isSlow,
        `has ${Number(rate)} messages a second${isSlow ? `; ${expectedRateHz} are expected` : ' again'}`,
      );
    this.#isSlow = isSlow;
    this.#windowMs = nowMs;
    this.#windowSequence = sequence;
  }
}

function seconds(ms: number): string {
  return `${Number((ms / 1000).toPrecision(3))} s`;
}
