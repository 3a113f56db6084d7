const WINDOW_MS = 5000;

/** Tells a count that grows at most once in five seconds: what was added since it was told before. */
export class Tally {
  #untold = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(private readonly tell: (count: number) => void) {}

  add(count: number): void {
    if (count === 0) return;
    this.#untold += count;
    this.#timer ??= setTimeout(() => this.flush(), WINDOW_MS).unref();
  }

  /** Tells what is left to be told, now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const count = this.#untold;
    this.#untold = 0;
    if (count > 0) this.tell(count);
  }
}
