import type { DispatcherObserver, Info, Lane, LeftOpen, SlotSubscription } from '../slots/index.js';
import type { Logger } from './log.js';

/** Says in the node's log what went wrong in its handlers. */
export class Reports implements DispatcherObserver {
  readonly #log: Logger;
  readonly #methods = new Map<SlotSubscription<unknown>, string>();

  constructor(log: Logger) {
    this.#log = log;
  }

  /** Tells which method a subscription's messages go to. */
  name(subscription: SlotSubscription<unknown>, method: string): void {
    this.#methods.set(subscription, method);
  }

  handlerFailed(lane: Lane, info: Info, error: unknown): void {
    const { slot, sequence } = info;
    this.#log.error({ slot, sequence, error }, `${this.#methods.get(lane.subscription)} failed`);
  }

  timerFailed(method: string, error: unknown): void {
    this.#log.error({ error }, `${method} failed`);
  }

  loansDiscarded(lane: Lane, left: readonly LeftOpen[]): void {
    this.loansDiscardedBy(this.#methods.get(lane.subscription)!, left);
  }

  loansDiscardedBy(method: string, left: readonly LeftOpen[]): void {
    for (const { slot, loans } of left)
      this.#log.warn(
        { slot, loans },
        `${method} ended with a loan open, which was discarded; publish() or discard() loans before the method ends`,
      );
  }

  takeFailed(lane: Lane, error: unknown): void {
    this.#log.error({ slot: lane.subscription.slot, error }, 'the next message cannot be taken; trying on');
  }

  ticksLeftOut(method: string, ticks: number): void {
    this.#log.warn(
      { ticks },
      `${method}: ticks were left out, because the one before or the event loop took too long`,
    );
  }
}
