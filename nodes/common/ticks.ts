import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from 'babus';

/** One moment of `ticks()`. */
export interface Tick {
  /** Moments left out before this one, because nobody was waiting when they came. */
  readonly skipped: number;
}

/**
 * The moments start + n / rate, as they come: `for await (const { skipped } of ticks(...))`. Each is counted from the start,
 * so that lateness does not add up. The first one comes at once, the others late by less than 2 ms on an idle machine. A
 * loop body that takes longer than its period makes the next moment come late, or leaves whole ones out.
 *
 * @param rateHz above 0
 * @param signal ends the loop, without an error
 */
export async function* ticks(rateHz: number, clock: Clock, signal: AbortSignal): AsyncGenerator<Tick, void> {
  const periodMs = 1000 / rateHz;
  const startMs = clock.monotonicMs();
  for (let n = 0; ; n++) {
    const elapsedMs = clock.monotonicMs() - startMs;
    const passed = Math.floor(elapsedMs / periodMs);
    const skipped = Math.max(0, passed - n);
    n += skipped;
    // Timers drop fractions: rounded up, no moment comes early. At least one turn of the event loop lets others run.
    await sleep(Math.max(0, Math.ceil(n * periodMs - elapsedMs)), undefined, { signal }).catch(onlyAbort);
    if (signal.aborted) return;
    yield { skipped };
  }
}

function onlyAbort(error: unknown): void {
  if ((error as Error).name !== 'AbortError') throw error;
}
