import { cross, length, type Vec } from './rotation.js';

/** Strength may differ by this share from what it was lately. */
const MAX_STRENGTH_ERROR = 0.25;
/** A field that points so far off, rad, is one of iron or currents. */
const MAX_HEADING_ERROR = 0.45;
/** Share of the field across the vertical below which it says little about where north is. */
const MIN_HORIZONTAL = 0.1;
/** After so long the disturbance is taken for the new truth, s. */
const PATIENCE_S = 20;
/** How slowly the usual strength follows, s. */
const MEMORY_S = 10;

/** Tells the earth's magnetic field from that of things nearby. */
export class MagneticGate {
  #strength = 0;
  #disturbedS = 0;

  /** Takes a field as the usual one. @returns false for a field that has no heading */
  begin(field: Vec, up: Vec): boolean {
    if (!hasHeading(field, up)) return false;
    this.#strength = length(field);
    this.#disturbedS = 0;
    return true;
  }

  /**
   * @param errorRad how far the heading by this field is from the estimate
   * @param dt seconds since the field before
   * @returns whether to use it, or to begin anew with it, as it has been different for long
   */
  judge(field: Vec, up: Vec, errorRad: number, dt: number): 'use' | 'reject' | 'anew' {
    const strength = length(field);
    const isUsual = Math.abs(strength / this.#strength - 1) <= MAX_STRENGTH_ERROR;
    if (isUsual && Math.abs(errorRad) <= MAX_HEADING_ERROR && hasHeading(field, up)) {
      this.#strength += (strength - this.#strength) * Math.min(1, dt / MEMORY_S);
      this.#disturbedS = 0;
      return 'use';
    }
    this.#disturbedS += dt;
    return this.#disturbedS > PATIENCE_S && hasHeading(field, up) ? 'anew' : 'reject';
  }
}

function hasHeading(field: Vec, up: Vec): boolean {
  const strength = length(field);
  return strength > 0 && length(cross(field, up)) >= MIN_HORIZONTAL * strength;
}
