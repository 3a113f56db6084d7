import { INFO } from '../native.js';
import { followSlot, type FollowEnd } from './follow.js';
import { IntervalStats, type RateReport } from './interval-stats.js';

const REPORT_EVERY_MS = 1000;

export interface HzOptions {
  readonly root: string;
  readonly domain: string;
  readonly slot: string;
  /** Messages to look back at most. */
  readonly window: number;
  /** End after this many reports. */
  readonly count?: number;
  readonly signal: AbortSignal;
  /** Called once a second; undefined while nothing can be said yet, or nothing new came. */
  readonly print: (report: (RateReport & { readonly slot: string }) | undefined) => void;
}

/** Reports the rate of a slot once a second. Reads publish times, never payload. */
export async function reportRate(options: HzOptions): Promise<FollowEnd> {
  const stats = new IntervalStats(options.window);
  const end = new AbortController();
  const abort = (): void => end.abort();
  options.signal.addEventListener('abort', abort, { once: true });
  let left = options.count ?? Infinity;
  let newest = 0;
  let reported = 0;
  const timer = setInterval(() => {
    const report = newest > reported ? stats.report() : undefined;
    options.print(report && { slot: options.slot, ...report });
    if (!report) return;
    reported = newest;
    if (--left <= 0) end.abort();
  }, REPORT_EVERY_MS);
  try {
    return await followSlot({
      ...options,
      as: 'babus-slot-hz',
      signal: end.signal,
      onMessage: ({ info }) => {
        newest = info[INFO.SEQUENCE]!;
        stats.add({
          sequence: newest,
          ms: info[INFO.MONO_SEC]! * 1000 + info[INFO.MONO_NSEC]! / 1e6,
          bytes: info[INFO.BYTES]!,
        });
        return true;
      },
    });
  } finally {
    clearInterval(timer);
    options.signal.removeEventListener('abort', abort);
  }
}
