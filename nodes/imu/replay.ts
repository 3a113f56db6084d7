import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from 'babus';
import { wallNs } from '../common/stamp.js';
import type { SampleSink } from './imu-node.js';
import type { Recording, Row } from './recording.js';
import { Timeline } from './timeline.js';

/** Rows in a row without a pause after which others get their turn. */
const ROWS_A_TURN = 64;
const MAX_TIME_S = 2 ** 31;

export interface ReplayOptions {
  readonly recording: Recording;
  /** Times as fast as recorded; 0: without pauses. */
  readonly speed: number;
  /** At the end begin again. */
  readonly loop: boolean;
  /** Rows a second, for recordings without times. */
  readonly rateHz: number;
  /** Give samples the times that the file has, not those of today. */
  readonly keepsTimes: boolean;
  readonly clock: Clock;
}

/**
 * Publishes a recording at its own pace. Rows that are late are not left out.
 * @throws Error when the file cannot be read, or holds no row that can
 */
export async function replay(options: ReplayOptions, sink: SampleSink, signal: AbortSignal): Promise<void> {
  const { recording, speed, loop, rateHz, clock } = options;
  const timeline = new Timeline(sink.oddities);
  const startMs = clock.monotonicMs();
  const startNs = wallNs(clock);
  do {
    let count = 0;
    for await (const row of recording.rows(sink.oddities)) {
      const timeS = row.timeS ?? count / rateHz;
      if (options.keepsTimes && !(timeS >= 0 && timeS < MAX_TIME_S)) {
        sink.oddities.count('rows with a time that is no time since 1970');
        continue;
      }
      const elapsedS = timeline.next(timeS);
      const lateMs = clock.monotonicMs() - startMs - (speed === 0 ? 0 : (elapsedS * 1000) / speed);
      if (speed > 0 && lateMs < -1) await sleep(-lateMs, undefined, { signal }).catch(onlyAbort);
      else if (count % ROWS_A_TURN === 0) await turn();
      if (signal.aborted) return;
      count++;
      const stampNs = options.keepsTimes ? nanoseconds(timeS) : startNs + nanoseconds(elapsedS);
      publish(row, stampNs, sink);
    }
    if (count === 0) throw new Error(`${recording.file}: no row can be read`);
    timeline.restart();
  } while (loop);
}

function publish(row: Row, stampNs: bigint, sink: SampleSink): void {
  const { angularVelocity, linearAcceleration, magneticField } = row;
  sink.publish({ stampNs, angularVelocity, linearAcceleration, magneticField });
}

/** Whole seconds apart from the rest, whose digits would be lost beside them. */
function nanoseconds(seconds: number): bigint {
  const whole = Math.floor(seconds);
  return BigInt(whole) * 1_000_000_000n + BigInt(Math.round((seconds - whole) * 1e9));
}

function onlyAbort(error: unknown): void {
  if ((error as Error).name !== 'AbortError') throw error;
}
