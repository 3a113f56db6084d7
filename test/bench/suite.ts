import type { Scene } from './scene.js';

export type Pinning = 'one core' | 'two cores' | 'none';

/** Of one set of samples, in microseconds. */
export interface Times {
  readonly mean_us: number;
  readonly p50_us: number;
  readonly p99_us: number;
  readonly p999_us: number;
  readonly samples: number;
}

/** One figure of a benchmark, as `--json` writes it. What a suite did not measure is left out. */
export interface Result extends Partial<Times> {
  readonly suite: string;
  readonly name: string;
  readonly size_bytes?: number;
  readonly mechanism?: string;
  readonly pinning?: Pinning;
  /** p50 over that of the floor with the same pinning. */
  readonly ratio_to_floor?: number;
  /** Where the floor says nothing: p50 over that of the baseline which the suite's title names. */
  readonly ratio_to_baseline?: number;
  readonly per_second?: number;
  readonly least_us?: number;
  readonly most_us?: number;
  /** What else was measured; its unit is the end of its name. */
  readonly [extra: string]: string | number | undefined;
}

/** Something that could not be measured here, and why. */
export interface Missing {
  readonly suite: string;
  readonly name: string;
  readonly reason: string;
}

export interface Report {
  /** What was measured and how. */
  readonly title: string;
  readonly results: readonly Result[];
  readonly missing?: readonly Missing[];
}

/** Round trips of two C++ processes over a futex, by pinning. */
export type Floor = Readonly<Partial<Record<Pinning, Times>>>;

/** What a suite is given. */
export interface Bench {
  readonly scene: Scene;
  readonly floor: Floor;
  /** How the nodes sleep; 'auto' unless told otherwise. */
  readonly mechanisms: readonly string[];
  /** What cannot be had here: pinning without taskset, or on a machine with one core. */
  readonly pinnings: readonly Pinning[];
}

export type Suite = (bench: Bench) => Promise<Report>;

/** Adds the ratio to the floor, where there is one. */
export function withRatio(floor: Floor, result: Result): Result {
  const base = result.pinning && floor[result.pinning];
  if (!base || result.p50_us === undefined) return result;
  return { ...result, ratio_to_floor: result.p50_us / base.p50_us };
}
