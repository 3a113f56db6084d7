const TICK_MS = 250;
/** Shorter ones are the business of timers, which leave ticks out and say so. */
export const BLOCKED_MS = 1000;

/** Notices, after the fact, that the event loop stood still. Keeps no process alive. */
export class LoopWatch {
  readonly #onBlocked: (ms: number) => void;
  #timer: NodeJS.Timeout | undefined;

  /** @param onBlocked told for how many milliseconds; known to a quarter of a second */
  constructor(onBlocked: (ms: number) => void) {
    this.#onBlocked = onBlocked;
  }

  start(): void {
    // The clock stands still while the machine sleeps: that is no block.
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      const ms = now - last - TICK_MS;
      last = now;
      if (ms >= BLOCKED_MS) this.#onBlocked(Math.round(ms));
    }, TICK_MS).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
