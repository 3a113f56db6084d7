import { isBabusError } from '../errors/index.js';
import type { DispatcherObserver, Info, Lane, LeftOpen, SlotSubscription } from '../slots/index.js';
import { NO_COUNTERS, type NodeCounters } from '../spec.js';
import type { Logger } from './log.js';
import { RepeatedLog } from './repeated-log.js';

const QUOTAS: readonly string[] = ['ERR_BABUS_LOAN_QUOTA', 'ERR_BABUS_PIN_QUOTA'];

/** Counts what went wrong in a node's handlers, and says it in the node's log: at length at first, then in numbers. */
export class Reports implements DispatcherObserver {
  readonly #log: Logger;
  readonly #repeated: RepeatedLog;
  readonly #methods = new Map<SlotSubscription<unknown>, string>();
  readonly #fatal = new Set<string>();
  readonly #exit: (error: unknown) => void;
  readonly #counters: { -readonly [K in keyof NodeCounters]: number } = { ...NO_COUNTERS };

  /**
   * @param logEach say everything at length each time
   * @param exit ends the node, when a method failed that exitAfter() named
   */
  constructor(log: Logger, logEach = false, exit: (error: unknown) => void = () => undefined) {
    this.#log = log;
    this.#exit = exit;
    this.#repeated = new RepeatedLog(log, logEach);
  }

  /** All but the calls, which others count. */
  get counters(): NodeCounters {
    return { ...this.#counters };
  }

  /** Tells which method a subscription's messages go to. */
  name(subscription: SlotSubscription<unknown>, method: string): void {
    this.#methods.set(subscription, method);
  }

  /** A failure of this method ends the node. */
  exitAfter(method: string): void {
    this.#fatal.add(method);
  }

  handlerFailed(lane: Lane, info: Info, error: unknown): void {
    const { slot, sequence } = info;
    this.#failed(this.#methods.get(lane.subscription)!, { slot, sequence, error }, error);
  }

  timerFailed(method: string, error: unknown): void {
    this.#failed(method, { error }, error);
  }

  loansDiscarded(lane: Lane, left: readonly LeftOpen[]): void {
    this.loansDiscardedBy(this.#methods.get(lane.subscription)!, left);
  }

  loansDiscardedBy(method: string, left: readonly LeftOpen[]): void {
    for (const { slot, loans } of left) {
      this.#counters.loansGivenBack += loans;
      this.#repeated.warn(
        { slot, loans },
        `${method} ended with a loan open, which was discarded; publish() or discard() loans before the method ends`,
      );
    }
  }

  takeFailed(lane: Lane, error: unknown): void {
    this.#counters.takeErrors++;
    const { slot } = lane.subscription;
    this.#repeated.error({ slot, error }, `${slot}: the next message cannot be taken; trying on`);
  }

  ticksLeftOut(method: string, ticks: number): void {
    this.#log.warn(
      { ticks },
      `${method}: ticks were left out, because the one before or the event loop took too long`,
    );
  }

  /** The event loop goes on after it stood still. */
  blocked(ms: number): void {
    this.#counters.blocked++;
    this.#counters.longestBlockMs = Math.max(this.#counters.longestBlockMs, ms);
    this.#repeated.warn(
      { seconds: Math.round(ms / 100) / 10 },
      'the event loop was blocked: by code that does not return, or the process was stopped; messages and timers had to wait',
    );
  }

  /** Says what is left to be said. */
  flush(): void {
    this.#repeated.flush();
  }

  #failed(method: string, fields: object, error: unknown): void {
    this.#counters.handlerErrors++;
    if (isBabusError(error) && QUOTAS.includes(error.code)) this.#counters.quotaErrors++;
    this.#repeated.error(fields, `${method} failed`, kindOf(error));
    if (this.#fatal.has(method)) this.#exit(error ?? new Error(`${method} failed`));
  }
}

/** How much of an error's message tells its kind. */
const HEAD_CHARS = 80;

/** The same for errors that differ in numbers alone. Never throws, whatever was thrown. */
function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const message: unknown = error.message;
  const head = typeof message === 'string' ? message.slice(0, HEAD_CHARS) : '';
  return `${String(error.name)}: ${head.replace(/\d+(\.\d+)?(e[-+]?\d+)?/gi, '#')}`;
}
