/** setTimeout() with a time that stands still until it is moved. */
export class FakeTimers {
  #nowMs = 0;
  readonly #timers = new Map<object, { atMs: number; callback: () => void }>();
  readonly #real = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout };

  constructor() {
    const set = (callback: () => void, ms: number): object => {
      const timer = { unref: () => timer };
      this.#timers.set(timer, { atMs: this.#nowMs + ms, callback });
      return timer;
    };
    const clear = (timer: object): boolean => this.#timers.delete(timer);
    Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
  }

  pass(ms: number): void {
    this.#nowMs += ms;
    for (const [id, { atMs, callback }] of [...this.#timers])
      if (atMs <= this.#nowMs && this.#timers.delete(id)) callback();
  }

  restore(): void {
    Object.assign(globalThis, this.#real);
  }
}
