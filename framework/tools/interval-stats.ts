/** One report of `babus slot hz`; null where there is no interval to speak of. */
export interface RateReport {
  readonly rate_hz: number;
  /** Between messages that follow each other; those beside a gap in the sequence do not count. */
  readonly min_ms: number | null;
  readonly max_ms: number | null;
  readonly stddev_ms: number | null;
  /** Messages the report is over. */
  readonly window: number;
  readonly bytes_per_s: number;
}

interface Arrival {
  readonly sequence: number;
  /** Publish time, monotonic. */
  readonly ms: number;
  readonly bytes: number;
}

/**
 * Rates from the publish times of a slot's last messages. The rate comes from sequence numbers, so a reader that misses some
 * reports the publisher's rate all the same.
 */
export class IntervalStats {
  readonly #window: number;
  readonly #arrivals: Arrival[] = [];

  /** @param window messages to look back at most */
  constructor(window: number) {
    this.#window = window;
  }

  add(arrival: Arrival): void {
    this.#arrivals.push(arrival);
    if (this.#arrivals.length > this.#window) this.#arrivals.shift();
  }

  /** Undefined until there are two messages to compare. */
  report(): RateReport | undefined {
    const first = this.#arrivals[0];
    const last = this.#arrivals.at(-1);
    if (!first || !last || last.ms <= first.ms) return undefined;
    const spanS = (last.ms - first.ms) / 1000;
    const messages = last.sequence - first.sequence;
    const bytes = this.#arrivals.reduce((sum, arrival) => sum + arrival.bytes, 0) / this.#arrivals.length;
    const rateHz = messages / spanS;
    return {
      rate_hz: rateHz,
      ...spread(this.#intervals()),
      window: this.#arrivals.length,
      bytes_per_s: bytes * rateHz,
    };
  }

  #intervals(): number[] {
    const intervals: number[] = [];
    for (let i = 1; i < this.#arrivals.length; i++) {
      const before = this.#arrivals[i - 1]!;
      const after = this.#arrivals[i]!;
      if (after.sequence === before.sequence + 1) intervals.push(after.ms - before.ms);
    }
    return intervals;
  }
}

function spread(intervals: readonly number[]): Pick<RateReport, 'min_ms' | 'max_ms' | 'stddev_ms'> {
  if (intervals.length === 0) return { min_ms: null, max_ms: null, stddev_ms: null };
  let min = Infinity;
  let max = -Infinity;
  let sum = 0;
  for (const interval of intervals) {
    min = Math.min(min, interval);
    max = Math.max(max, interval);
    sum += interval;
  }
  const mean = sum / intervals.length;
  const variance =
    intervals.reduce((total, interval) => total + (interval - mean) ** 2, 0) / intervals.length;
  return { min_ms: min, max_ms: max, stddev_ms: Math.sqrt(variance) };
}
