import type { Oddities } from './oddities.js';

/** A longer pause in a recording is taken for a mistake in its times. */
const MAX_STEP_S = 60;

/** Makes of a recording's own times a time that never goes back and never leaps. */
export class Timeline {
  readonly #oddities: Oddities;
  #previousS: number | undefined;
  #elapsedS = 0;
  #usualStepS = 0.01;

  constructor(oddities: Oddities) {
    this.#oddities = oddities;
  }

  /** @param timeS of the next row @returns seconds since the first row of the first run */
  next(timeS: number): number {
    if (this.#previousS === undefined) {
      this.#previousS = timeS;
      return this.#elapsedS;
    }
    const stepS = timeS - this.#previousS;
    this.#previousS = timeS;
    if (stepS < 0 || stepS > MAX_STEP_S) {
      this.#oddities.count('leaps in time');
      this.#elapsedS += this.#usualStepS;
    } else {
      this.#elapsedS += stepS;
      if (stepS > 0) this.#usualStepS = stepS;
    }
    return this.#elapsedS;
  }

  /** Begins with the first row again, one step after the last one. */
  restart(): void {
    this.#previousS = undefined;
    this.#elapsedS += this.#usualStepS;
  }
}
