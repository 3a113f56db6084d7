/** Runs whose output waits for a slow reader of ours; older ones are let go, because each holds two descriptors. */
const MAX_WAITING = 4;

/** What remains of a process of a node after its end. */
export interface PastRun {
  readonly linesDropped: number;
  /** Settles when everything printed was handed on. */
  readonly forwarded: Promise<unknown>;
  finishForwarding(): Promise<void>;
  discardOutput(): void;
}

/** The ended runs of one node, until all that they printed was handed on. */
export class PastRuns {
  /** The oldest first. */
  readonly #waiting = new Set<PastRun>();
  /** Of the runs that wait no more. */
  #linesDropped = 0;

  get linesDropped(): number {
    let lines = this.#linesDropped;
    for (const run of this.#waiting) lines += run.linesDropped;
    return lines;
  }

  add(run: PastRun): void {
    this.#waiting.add(run);
    void run.forwarded.then(() => {
      this.#waiting.delete(run);
      this.#linesDropped += run.linesDropped;
    });
    for (const old of [...this.#waiting].slice(0, -MAX_WAITING)) old.discardOutput();
  }

  /** Settles when all was handed on, within a bound. */
  async finishForwarding(): Promise<void> {
    await Promise.all([...this.#waiting].map((run) => run.finishForwarding()));
  }
}
