import type { Times } from './suite.js';

/** Milliseconds in, microseconds out. Sorts the samples where they are. @throws Error when there are none */
export function timesOf(samplesMs: Float64Array): Times {
  if (samplesMs.length === 0) throw new Error('nothing was measured');
  samplesMs.sort();
  const at = (q: number): number =>
    samplesMs[Math.min(samplesMs.length - 1, Math.floor(samplesMs.length * q))]! * 1000;
  return {
    mean_us: (samplesMs.reduce((sum, sample) => sum + sample, 0) / samplesMs.length) * 1000,
    p50_us: at(0.5),
    p99_us: at(0.99),
    p999_us: at(0.999),
    samples: samplesMs.length,
  };
}

/** Without the first tenth, in which code is compiled and caches fill. */
export function withoutWarmUp(samples: Float64Array): Float64Array {
  return samples.subarray(Math.floor(samples.length / 10));
}

/** Samples that come one by one, at most `capacity`; keeping one makes no garbage. */
export class Samples {
  count = 0;
  readonly #values: Float64Array;

  constructor(capacity: number) {
    this.#values = new Float64Array(capacity);
  }

  add(ms: number): void {
    if (this.count < this.#values.length) this.#values[this.count++] = ms;
  }

  get isFull(): boolean {
    return this.count === this.#values.length;
  }

  times(): Times {
    return timesOf(withoutWarmUp(this.#values.subarray(0, this.count)));
  }
}
