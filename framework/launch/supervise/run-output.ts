import type { Readable } from 'node:stream';
import { FloodGate } from './flood-gate.js';
import { LineForwarder } from './forward-lines.js';
import type { NodeOutput } from './node-output.js';

/** How long the pipes of a process that has ended are waited for. */
export const PIPES_MS = 1000;

/** What one process of a node prints, until the last line of it was handed on. */
export class RunOutput {
  readonly #output: NodeOutput;
  readonly #gate: FloodGate;
  #isDiscarded = false;
  #forwarders: readonly LineForwarder[] = [];
  #forwarded: Promise<unknown> = Promise.resolve();

  /** @param onFlood told how many lines were left out since it was told before */
  constructor(output: NodeOutput, onFlood: (lines: number) => void) {
    this.#output = output;
    this.#gate = new FloodGate(onFlood);
  }

  get linesDropped(): number {
    return this.#gate.dropped;
  }

  /** Settles when everything printed was handed on. */
  get forwarded(): Promise<unknown> {
    return this.#forwarded;
  }

  forward(stdout: Readable, stderr: Readable): void {
    this.#forwarders = [
      new LineForwarder(stdout, 'stdout', this.#output, this.#gate),
      new LineForwarder(stderr, 'stderr', this.#output, this.#gate),
    ];
    this.#forwarded = Promise.all(this.#forwarders.map(({ done }) => done)).then(() => this.#gate.close());
  }

  /**
   * To be called when the process has ended. Settles when all was handed on, or after a while: a paused pipe waits for our own
   * reader and is read out later, an idle one is held open by a descendant elsewhere.
   */
  async readOut(): Promise<void> {
    const flowing = this.#forwarders.filter(({ isWaiting }) => !isWaiting);
    if (await settlesSoon(Promise.all(flowing.map(({ done }) => done)))) return;
    for (const forwarder of this.#forwarders) if (!forwarder.isPaused) forwarder.destroy();
  }

  /** Counts the lines that were not handed on yet instead of keeping their pipes open. */
  discard(): void {
    if (this.#isDiscarded) return;
    this.#isDiscarded = true;
    this.#gate.shut();
    for (const forwarder of this.#forwarders) forwarder.discard();
    void this.finish();
  }

  /** Waits a while for the rest, then lets it go. */
  async finish(): Promise<void> {
    if (await settlesSoon(this.#forwarded)) return;
    for (const forwarder of this.#forwarders) forwarder.destroy();
  }
}

async function settlesSoon(promise: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(() => resolve(false), PIPES_MS);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timer);
  }
}
