import type { OutputSink, OutputStream } from './output.js';

/** One node's way to the sink, over all its runs: what a new run prints waits as long as what the old ones printed. */
export class NodeOutput {
  readonly node: string;
  readonly #sink: OutputSink;
  readonly #waiting = new Set<() => void>();
  #isFull = false;

  constructor(node: string, sink: OutputSink) {
    this.node = node;
    this.#sink = sink;
  }

  /** True when nothing more should be written for now. */
  get isFull(): boolean {
    return this.#isFull;
  }

  write(stream: OutputStream, lines: readonly string[]): void {
    if (this.#sink.lines(this.node, stream, lines) || this.#isFull) return;
    this.#isFull = true;
    this.#sink.onDrain(() => this.#drained());
  }

  /** Calls back once, when there is room again. */
  onDrain(callback: () => void): void {
    this.#waiting.add(callback);
  }

  #drained(): void {
    this.#isFull = false;
    const callbacks = [...this.#waiting];
    this.#waiting.clear();
    for (const callback of callbacks) callback();
  }
}
