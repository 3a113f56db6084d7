import {
  between,
  compose,
  cross,
  dot,
  fromVector,
  inverse,
  length,
  NO_ROTATION,
  plus,
  rotate,
  times,
  type Quat,
  type Vec,
} from './rotation.js';

export interface Gains {
  /** k_P, 1/s: about 1 / gain is the time in which errors of tilt and heading fade. */
  readonly gain: number;
  /** k_I, 1/s^2. */
  readonly biasGain: number;
}

const UP: Vec = [0, 0, 1];
/** No gyroscope in use is worse, rad/s; a sum that runs away is held here. */
const MAX_BIAS = 0.1;

/**
 * The explicit complementary filter with bias correction of R. Mahony, T. Hamel and J.-M. Pflimlin, "Nonlinear Complementary
 * Filters on the Special Orthogonal Group", IEEE Transactions on Automatic Control 53(5), 2008, pages 1203-1218, section V
 * (Theorem 5.1), in quaternions (appendix B):
 *
 *     dq/dt = 1/2 q (x) (0, Omega - b + k_P omega_mes)
 *     db/dt = -k_I omega_mes
 *     omega_mes = sum of k_i (v_i x v^_i)
 *
 * q turns from the body to the world (x east, y north, z up), Omega is the measured turn rate, b its bias, v_i a measured
 * direction and v^_i the estimate of it, both in the body's axes. Unlike there, the magnetic field corrects nothing but the
 * heading: of its omega_mes the part about the vertical is used, so that iron nearby cannot tilt the estimate. Between samples
 * the turn rate is taken as constant, which is integrated exactly.
 */
export class MahonyFilter {
  #q: Quat = NO_ROTATION;
  #bias: Vec = [0, 0, 0];

  /** From the body to the world. */
  get attitude(): Quat {
    return this.#q;
  }

  /** Of the gyroscope, rad/s. */
  get bias(): Vec {
    return this.#bias;
  }

  /** The direction up, in the body's axes. */
  get up(): Vec {
    return rotate(inverse(this.#q), UP);
  }

  /** Turns the shortest way to where a measured acceleration points up. */
  level(acceleration: Vec): void {
    this.#q = compose(between(rotate(this.#q, acceleration), UP), this.#q);
  }

  /** Turns about the vertical to where a measured field points to `north`. */
  head(field: Vec, northRad: number): void {
    this.#q = compose(fromVector([0, 0, -this.headingError(field, northRad)]), this.#q);
  }

  /** Angle from where magnetic north is to where the field points, about the vertical, radians in (-pi, pi]. */
  headingError(field: Vec, northRad: number): number {
    const [east, north] = rotate(this.#q, field);
    const error = Math.atan2(north, east) - northRad;
    return Math.atan2(Math.sin(error), Math.cos(error));
  }

  /** Turns on by a measured turn rate, rad/s, for `dt` seconds. */
  turn(rate: Vec, dt: number): void {
    this.#q = compose(this.#q, fromVector(times(plus(rate, this.#bias, -1), dt)));
  }

  /** Corrects by a measured acceleration, whose length does not matter, that stands for `dt` seconds. */
  correctTilt(acceleration: Vec, { gain, biasGain }: Gains, dt: number): void {
    const measured = times(acceleration, 1 / length(acceleration));
    this.#correct(cross(measured, this.up), gain, biasGain, dt);
  }

  /** Corrects by a measured field, whose length and dip do not matter, that stands for `dt` seconds. */
  correctHeading(field: Vec, northRad: number, { gain, biasGain }: Gains, dt: number): void {
    // Not its sine, which would be 0 for a heading that is wrong by half a turn.
    const error = Math.max(-1, Math.min(1, this.headingError(field, northRad)));
    this.#correct(times(this.up, -error), gain, biasGain, dt);
  }

  #correct(error: Vec, gain: number, biasGain: number, dt: number): void {
    // Never beyond the measurement itself, however long the step and high the gain.
    const share = 1 - Math.exp(-gain * dt);
    this.#q = compose(this.#q, fromVector(times(error, share)));
    const bias = plus(this.#bias, error, -biasGain * dt);
    this.#bias = times(bias, Math.min(1, MAX_BIAS / Math.max(length(bias), 1e-12)));
  }

  /** Angle between a measured acceleration and the estimated direction up, radians. */
  tiltError(acceleration: Vec): number {
    const { up } = this;
    return Math.atan2(length(cross(acceleration, up)), dot(acceleration, up));
  }
}
