/** One figure of a benchmark, as `--json` writes it. Times in microseconds; a ratio is to the baseline that the suite names. */
export interface Result {
  readonly suite: string;
  readonly name: string;
  readonly size_bytes?: number;
  readonly p50_us: number;
  readonly p99_us?: number;
  readonly least_us?: number;
  readonly most_us?: number;
  readonly ratio: number;
}

export interface Suite {
  /** What was measured, how, and what the ratio is to. */
  readonly title: string;
  readonly results: readonly Result[];
}
