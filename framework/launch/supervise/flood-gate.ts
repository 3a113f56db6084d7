/** What one node may print: so many lines at once, and so many a second. A long line counts for several. */
export const FLOOD = { burstLines: 10_000, linesPerS: 1000, lineChars: 256 } as const;

const FIRST_TOLD_MS = 1000;
const TOLD_EVERY_MS = 5000;

/** Lets the lines of one run of a node through as long as they are not too many, and counts the others. */
export class FloodGate {
  /** Lines that were not let through. */
  dropped = 0;
  #told = 0;
  #isShut = false;
  #room: number = FLOOD.burstLines;
  #lastMs: number;
  #timer: NodeJS.Timeout | undefined;
  readonly #tell: (lines: number) => void;
  readonly #nowMs: () => number;

  /** @param tell told how many lines were dropped since it was told before: soon after the first, then every 5 s */
  constructor(tell: (lines: number) => void, nowMs = (): number => performance.now()) {
    this.#tell = tell;
    this.#nowMs = nowMs;
    this.#lastMs = nowMs();
  }

  /** From now on nothing passes. */
  shut(): void {
    this.#isShut = true;
  }

  /** @returns those of the lines that pass, which are the first ones */
  pass(lines: readonly string[]): readonly string[] {
    this.#refill();
    if (this.#isShut) this.#room = 0;
    for (const [index, line] of lines.entries()) {
      const cost = Math.max(1, line.length / FLOOD.lineChars);
      if (this.#room < cost) {
        this.dropped += lines.length - index;
        this.#timer ??= this.#tellIn(FIRST_TOLD_MS);
        return lines.slice(0, index);
      }
      this.#room -= cost;
    }
    return lines;
  }

  /** Tells what is left to be told. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#tellNow();
  }

  #refill(): void {
    const now = this.#nowMs();
    const room = this.#room + ((now - this.#lastMs) / 1000) * FLOOD.linesPerS;
    this.#room = Math.min(FLOOD.burstLines, room);
    this.#lastMs = now;
  }

  #tellIn(ms: number): NodeJS.Timeout {
    return setTimeout(() => {
      this.#timer = this.#tellNow() ? this.#tellIn(TOLD_EVERY_MS) : undefined;
    }, ms).unref();
  }

  /** @returns whether there was anything to tell */
  #tellNow(): boolean {
    const lines = this.dropped - this.#told;
    this.#told = this.dropped;
    if (lines > 0) this.#tell(lines);
    return lines > 0;
  }
}
