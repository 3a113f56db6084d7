import type { Logger } from 'babus';

/** Counts of what was odd, told to a log without flooding it. */
export class Oddities {
  readonly #counts = new Map<string, number>();
  #isNew = false;

  /** @param what such as `broken rows` */
  count(what: string): void {
    this.#counts.set(what, (this.#counts.get(what) ?? 0) + 1);
    this.#isNew = true;
  }

  /** How often so far. */
  of(what: string): number {
    return this.#counts.get(what) ?? 0;
  }

  /** Says all counts, which run from the start, when any has grown since the last time. */
  report(log: Logger): void {
    if (!this.#isNew) return;
    this.#isNew = false;
    const said = [...this.#counts].map(([what, times]) => `${times} ${what}`);
    log.warn(`left out so far: ${said.join(', ')}`);
  }
}
