/** What a timer needs of the event loop; tests bring their own. */
export interface Scheduler {
  nowMs(): number;
  after(delayMs: number, callback: () => void): { cancel(): void };
}

export const eventLoop: Scheduler = {
  nowMs: () => performance.now(),
  after(delayMs, callback) {
    const timeout = setTimeout(callback, delayMs);
    return { cancel: () => clearTimeout(timeout) };
  },
};

/**
 * Calls back at start + n x period. Each delay is counted from the start, so that lateness does not add up; periods that
 * passed while the event loop was held up are left out.
 */
export class PeriodicTimer {
  /** Ticks left out because the event loop came too late. */
  skipped = 0;
  #startMs = 0;
  #tick = 0;
  #pending: { cancel(): void } | undefined;

  constructor(
    private readonly periodMs: number,
    private readonly callback: () => void,
    private readonly scheduler: Scheduler,
  ) {}

  start(): void {
    this.#startMs = this.scheduler.nowMs();
    this.#wait(1);
  }

  stop(): void {
    this.#pending?.cancel();
    this.#pending = undefined;
  }

  #wait(tick: number): void {
    this.#tick = tick;
    const delayMs = this.#startMs + tick * this.periodMs - this.scheduler.nowMs();
    // Timers of JavaScript cut fractions off; rounded up, a tick is late by less than 1 ms and never early. The rest of a
    // nanosecond is what the arithmetic above leaves.
    this.#pending = this.scheduler.after(Math.max(0, Math.ceil(delayMs - 1e-6)), () => this.#fire());
  }

  #fire(): void {
    const passed = Math.floor((this.scheduler.nowMs() - this.#startMs) / this.periodMs);
    const next = Math.max(this.#tick, passed) + 1;
    this.skipped += next - this.#tick - 1;
    this.#wait(next);
    this.callback();
  }
}
