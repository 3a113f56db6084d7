/** How long nodes are waited for after the last one that attached. */
export const BARRIER_MS = 5000;

/**
 * Decides when the nodes of a launch may begin: as soon as each of them has attached to its slots once, or has shown that it
 * will not yet (it failed or ended), or is too late. Who publishes before everybody has attached publishes for nobody.
 */
export class StartBarrier {
  readonly #awaited: Set<string>;
  readonly #open: (late: readonly string[]) => void;
  readonly #deadlineMs: number;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  /**
   * @param nodes who is waited for
   * @param open called once, unless the barrier is cancelled; `late` are those that are waited for no more
   */
  constructor(
    nodes: Iterable<string>,
    open: (late: readonly string[]) => void,
    deadlineMs: number = BARRIER_MS,
  ) {
    this.#awaited = new Set(nodes);
    this.#open = open;
    this.#deadlineMs = deadlineMs;
    if (this.#awaited.size > 0) this.#wait();
  }

  /** A node need not be waited for any more. Told again of the same node, nothing happens. */
  arrived(node: string): void {
    if (this.#isOver || !this.#awaited.delete(node)) return;
    if (this.#awaited.size === 0) this.#end();
    else this.#wait();
  }

  /** The launch ends: nobody begins any more. */
  cancel(): void {
    this.#isOver = true;
    clearTimeout(this.#timer);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#end(), this.#deadlineMs);
  }

  #end(): void {
    this.cancel();
    this.#open([...this.#awaited]);
  }
}
