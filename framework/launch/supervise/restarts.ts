import { formatDuration } from '../../duration.js';
import type { RestartPolicy } from '../model.js';

/** How one run of a node ended, as far as restarting goes. */
export interface RunResult {
  /** Exit code other than 0, or a signal. */
  readonly failed: boolean;
  /** True when the node had reported that it is ready. */
  readonly wasReady: boolean;
  /** True when another run would fail in the same way. */
  readonly isHopeless: boolean;
}

export type Decision =
  | { readonly kind: 'restart'; readonly delayMs: number }
  | { readonly kind: 'finished' }
  | { readonly kind: 'failed'; readonly reason: string };

/** Delays do not grow beyond this, unless the policy's own delay is longer. */
export const MAX_DELAY_MS = 10_000;

/** Without `max`, this many ends in a row before the node was ready are one too many. */
export const MAX_UNREADY_RUNS = 5;

/**
 * Decides whether a node is started again. The rule, so that a user can predict it: a run that had been ready is restarted
 * after `delay`, however often; a run that fails for what stands in the launch file or in the node's code is not; other runs that end before they are ready wait longer each time, and after five in a row the node
 * has failed for good. With `max`, the node has failed for good when it would need more restarts than that within `window`.
 */
export class Restarts {
  /** Times of the restarts, in milliseconds; only those within the window. */
  #recent: number[] = [];
  #unreadyRuns = 0;

  constructor(private readonly policy: RestartPolicy) {}

  /** Somebody starts the node by hand: what was before counts no more. */
  forget(): void {
    this.#recent = [];
    this.#unreadyRuns = 0;
  }

  /** @param nowMs any clock that never goes back */
  decide({ failed, wasReady, isHopeless }: RunResult, nowMs: number): Decision {
    const { policy, delayMs, backoff, max, windowMs } = this.policy;
    if (!failed && policy !== 'always') return { kind: 'finished' };
    if (policy === 'never') return { kind: 'failed', reason: 'its restart policy is never' };
    if (isHopeless) return { kind: 'failed', reason: 'it would fail in the same way again' };
    this.#unreadyRuns = wasReady ? 0 : this.#unreadyRuns + 1;
    if (max === undefined) {
      if (this.#unreadyRuns >= MAX_UNREADY_RUNS)
        return { kind: 'failed', reason: `it ended ${MAX_UNREADY_RUNS} times in a row before it was ready` };
    } else {
      this.#recent = this.#recent.filter((time) => time > nowMs - windowMs);
      if (this.#recent.length >= max)
        return { kind: 'failed', reason: `more than ${max} restarts within ${formatDuration(windowMs)}` };
      this.#recent.push(nowMs);
    }
    const grown = delayMs * backoff ** Math.max(0, this.#unreadyRuns - 1);
    return { kind: 'restart', delayMs: Math.min(grown, Math.max(MAX_DELAY_MS, delayMs)) };
  }
}
