import { length, plus, type Vec } from './rotation.js';

/** A body that turns no faster, rad/s, and whose acceleration changes no more, m/s^2, … */
const MAX_RATE = 0.06;
const MAX_CHANGE = 0.35;
/** … is at rest after so long, s. */
const SETTLING_S = 0.25;
/** Over how long an acceleration is compared with itself, s. */
const MEMORY_S = 0.5;

/** Tells when a body is at rest. Then an acceleration is gravity, whatever the scale of the sensor. */
export class Stillness {
  #mean: Vec | undefined;
  #stillS = 0;

  get isStill(): boolean {
    return this.#stillS >= SETTLING_S;
  }

  /** @param rate less its bias @param dt seconds since the sample before */
  update(rate: Vec, acceleration: Vec, dt: number): void {
    this.#mean ??= acceleration;
    const change = plus(acceleration, this.#mean, -1);
    this.#mean = plus(this.#mean, change, Math.min(1, dt / MEMORY_S));
    const isQuiet = length(rate) < MAX_RATE && length(change) < MAX_CHANGE;
    this.#stillS = isQuiet ? this.#stillS + dt : 0;
  }
}
