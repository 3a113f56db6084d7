/** How fast counters grow: per second, from one look at them to the next. */
export class Rates {
  #before = new Map<string, bigint>();
  #now = new Map<string, bigint>();
  #lookedAtMs: number | undefined;
  #seconds = 0;

  /** Begins a look. Counters that are not asked for in it are forgotten at the next one. */
  look(nowMs: number): void {
    this.#seconds = this.#lookedAtMs === undefined ? 0 : (nowMs - this.#lookedAtMs) / 1000;
    this.#lookedAtMs = nowMs;
    this.#before = this.#now;
    this.#now = new Map();
  }

  /** @returns 0 for a counter that is new, or began again from a lower number */
  perSecond(counter: string, total: bigint): number {
    const before = this.#before.get(counter);
    this.#now.set(counter, total);
    if (before === undefined || total < before || this.#seconds <= 0) return 0;
    return Number(total - before) / this.#seconds;
  }
}
