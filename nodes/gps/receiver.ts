import type { Accuracy, Motion, Position } from './decode.js';
import type { Epoch } from './epochs.js';
import type { StreamListener } from './nmea-stream.js';
import type { Report } from './report.js';
import { serviceOfTalker, SystemsInUse } from './systems.js';
import { Calendar } from './utc.js';

const MAX_STEP_NS = 60_000_000_000n;

/** One moment of a receiver, ready to be published. */
export interface Solution {
  /** Nanoseconds since 1970 by the receiver's clock; undefined while it does not tell date and time. */
  readonly stamp: bigint | undefined;
  /** Undefined when it was given already, or is not told. */
  readonly position: Position | undefined;
  /** The satellite systems in use, as in NavSatFix. */
  readonly service: number;
  readonly motion: Motion | undefined;
  readonly accuracy: Accuracy | undefined;
}

/** What is known of a receiver for as long as it is connected: the date, the satellites that it uses. */
export class ReceiverState implements StreamListener {
  readonly counts;
  readonly #report: Report;
  readonly #publish: (solution: Solution) => void;
  readonly #heard: (() => void) | undefined;
  readonly #calendar = new Calendar();
  readonly #systems = new SystemsInUse();
  #stamp: bigint | undefined;

  /** @param heard called for each sentence that can be read */
  constructor(report: Report, publish: (solution: Solution) => void, heard?: () => void) {
    this.counts = report.counts;
    this.#report = report;
    this.#publish = publish;
    this.#heard = heard;
  }

  sentence(): void {
    this.#report.sentences++;
    this.#heard?.();
  }

  systems(systems: ReadonlyMap<string, boolean>): void {
    this.#systems.note(systems);
  }

  epoch({ time, day, position, key, motion, accuracy }: Epoch): void {
    const stamp = time === undefined ? undefined : this.#calendar.resolve(time, day);
    if (position) this.#note(position, stamp);
    const service = position ? this.#systems.service() || serviceOfTalker(key) : 0;
    this.#publish({ stamp, position, service, motion, accuracy });
  }

  #note({ quality }: Position, stamp: bigint | undefined): void {
    const report = this.#report;
    report.hasFix = quality !== 'none';
    if (report.hasFix) report.fixes++;
    else report.counts.no_fix++;
    const step = stamp === undefined || this.#stamp === undefined ? 0n : stamp - this.#stamp;
    if (step < 0n || step > MAX_STEP_NS) report.counts.time_jumps++;
    this.#stamp = stamp ?? this.#stamp;
  }
}
