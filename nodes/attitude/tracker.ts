import { MagneticGate } from './magnetic-gate.js';
import { MahonyFilter, type Gains } from './mahony.js';
import { length, plus, type Quat, type Vec } from './rotation.js';
import { Stillness } from './stillness.js';

/** Standard gravity, m/s^2. */
const G = 9.80665;
/** An acceleration that is less, m/s^2, has no direction to begin with. */
const MIN_TO_START = 0.5;
/** Turn rates are not taken as constant for longer, s. */
const MAX_STEP_S = 0.5;
/** The gain right after a start, 1/s, and how long it takes to come down to the usual one, s. */
const START_GAIN = 10;
const START_S = 2;
/** At rest an acceleration is gravity: the gain is so many times higher. */
const REST_FACTOR = 5;
/** Relative difference from 1 g up to which an acceleration is gravity alone, and from which on it says nothing about it. */
const STILL = 0.05;
const SHAKEN = 0.2;
/** An acceleration that points so far off, rad, is not believed, unless it stays so for so long, s. */
const MAX_TILT_ERROR = 0.35;
const PATIENCE_S = 3;
const NS = 1e-9;

export interface TrackerOptions extends Gains {
  /** Angle from east, counterclockwise, to where a compass points, radians. */
  readonly northRad: number;
}

export interface Motion {
  readonly stampNs: bigint;
  /** rad/s; undefined when it was not measured. */
  readonly rate: Vec | undefined;
  /** m/s^2, as an accelerometer feels it; undefined when it was not measured. */
  readonly acceleration: Vec | undefined;
}

/** What became of a sample; `ok` is used, all others are left out or begin anew. */
export type Outcome = 'ok' | 'same stamp' | 'out of order' | 'restarted' | 'waiting';

/**
 * Follows the attitude of a body through samples as they really come: with irregular steps and gaps, begun in motion, shaken,
 * near iron.
 */
export class AttitudeTracker {
  readonly filter = new MahonyFilter();
  readonly #options: TrackerOptions;
  readonly #gate = new MagneticGate();
  readonly #stillness = new Stillness();
  #lastNs: bigint | undefined;
  #lastFieldNs: bigint | undefined;
  /** Of the newest field, until it is used for a start. */
  #field: Vec | undefined;
  #hasHeading = false;
  /** In a row, of another time than the samples. */
  #strayFields = 0;
  #sinceStartS = 0;
  #disagreeingS = 0;
  #shakenS = 0;

  constructor(options: TrackerOptions) {
    this.#options = options;
  }

  get attitude(): Quat {
    return this.filter.attitude;
  }

  /** How long no acceleration was near 1 g, s. */
  get shakenS(): number {
    return this.#shakenS;
  }

  /** Takes the next sample. */
  update(motion: Motion): Outcome {
    const { stampNs } = motion;
    const stepS = this.#lastNs === undefined ? Infinity : Number(stampNs - this.#lastNs) * NS;
    if (stepS === 0) return 'same stamp';
    // Further back, the clock was set, or a recording began again.
    if (stepS < 0 && stepS > -MAX_STEP_S) return 'out of order';
    if (stepS < 0 || stepS > MAX_STEP_S) return this.#start(motion);
    this.#lastNs = stampNs;
    this.#sinceStartS += stepS;
    const { rate, acceleration } = motion;
    if (rate) this.filter.turn(rate, stepS);
    if (rate && acceleration) this.#stillness.update(plus(rate, this.filter.bias, -1), acceleration, stepS);
    if (acceleration) this.#useAcceleration(acceleration, stepS);
    return 'ok';
  }

  /** Takes a magnetic field, T. @returns false when it is left out */
  updateField(stampNs: bigint, field: Vec): boolean {
    const stepS = this.#lastFieldNs === undefined ? 0 : Number(stampNs - this.#lastFieldNs) * NS;
    this.#lastFieldNs = stampNs;
    this.#field = field;
    this.#strayFields = this.#isNear(stampNs) ? 0 : this.#strayFields + 1;
    // One may come before the samples that it belongs to, at a start or after a gap; more of them have another clock.
    if (this.#strayFields > 0) return this.#strayFields === 1;
    if (!this.#hasHeading) return this.#head(field);
    const dt = Math.max(0, Math.min(stepS, MAX_STEP_S));
    const errorRad = this.filter.headingError(field, this.#options.northRad);
    const trust = this.#gate.judge(field, this.filter.up, errorRad, dt);
    if (trust === 'anew') return this.#head(field);
    if (trust === 'use') this.filter.correctHeading(field, this.#options.northRad, this.#gains(1), dt);
    return trust === 'use';
  }

  /** Begins, or begins again after a gap: with what was estimated before where that is not measured now. */
  #start({ stampNs, acceleration }: Motion): Outcome {
    const isFirst = this.#lastNs === undefined;
    if (isFirst && !(acceleration && length(acceleration) > MIN_TO_START)) return 'waiting';
    if (acceleration && (isFirst || trustIn(acceleration) > 0)) this.filter.level(acceleration);
    this.#lastNs = stampNs;
    this.#sinceStartS = 0;
    this.#disagreeingS = 0;
    this.#strayFields = 0;
    this.#hasHeading = false;
    if (this.#field && this.#lastFieldNs !== undefined && this.#isNear(this.#lastFieldNs))
      this.#head(this.#field);
    return 'restarted';
  }

  #head(field: Vec): boolean {
    this.#hasHeading = this.#gate.begin(field, this.filter.up);
    if (this.#hasHeading) this.filter.head(field, this.#options.northRad);
    return this.#hasHeading;
  }

  #isNear(stampNs: bigint): boolean {
    return this.#lastNs !== undefined && Math.abs(Number(stampNs - this.#lastNs)) * NS <= MAX_STEP_S;
  }

  #useAcceleration(acceleration: Vec, dt: number): void {
    const trust = trustIn(acceleration);
    this.#shakenS = trust === 0 ? this.#shakenS + dt : 0;
    if (trust === 0) return;
    const isOff = this.filter.tiltError(acceleration) > MAX_TILT_ERROR && this.#sinceStartS > START_S;
    this.#disagreeingS = isOff ? this.#disagreeingS + dt : 0;
    if (!isOff) this.filter.correctTilt(acceleration, this.#gains(trust), dt);
    else if (this.#disagreeingS > PATIENCE_S) {
      this.filter.level(acceleration);
      this.#disagreeingS = 0;
    }
  }

  /** High at the start, so that a start in motion is soon made good. A gain of 0 means no correction, then neither. */
  #gains(trust: number): Gains {
    const { gain, biasGain } = this.#options;
    const share = gain === 0 ? 0 : Math.max(0, 1 - this.#sinceStartS / START_S);
    const usual = gain * (this.#stillness.isStill ? REST_FACTOR : 1);
    const ramped = usual + Math.max(0, START_GAIN - usual) * share;
    return { gain: ramped * trust, biasGain: biasGain * trust };
  }
}

/** 1 for an acceleration as of gravity alone, 0 for one that is mostly something else. */
function trustIn(acceleration: Vec): number {
  const off = Math.abs(length(acceleration) / G - 1);
  return Math.max(0, Math.min(1, (SHAKEN - off) / (SHAKEN - STILL)));
}
