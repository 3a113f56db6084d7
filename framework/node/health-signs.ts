import type { FromNode } from '../spec.js';
import { LoopWatch } from './loop-watch.js';
import type { NodeRuntime } from './runtime.js';

const EVERY_MS = 1000;

/** Tells the supervisor how a node does: once a second, and at once after a block. */
export class HealthSigns {
  readonly #runtime: NodeRuntime;
  readonly #send: (message: FromNode) => Promise<void>;
  readonly #watch: LoopWatch;
  #timer: NodeJS.Timeout | undefined;
  #sending = false;

  constructor(runtime: NodeRuntime, send: (message: FromNode) => Promise<void>) {
    this.#runtime = runtime;
    this.#send = send;
    this.#watch = new LoopWatch((ms) => {
      runtime.blocked(ms);
      void this.#tell();
    });
  }

  start(): void {
    this.#watch.start();
    this.#timer = setInterval(() => void this.#tell(), EVERY_MS).unref();
  }

  /** Tells once more, as far as that needs no waiting. */
  end(): void {
    this.#watch.stop();
    clearInterval(this.#timer);
    void this.#tell();
  }

  /** One at a time: when the supervisor does not read (it is stopped), nothing piles up here. */
  async #tell(): Promise<void> {
    if (this.#sending) return;
    this.#sending = true;
    await this.#send({ type: 'health', health: this.#runtime.health() });
    this.#sending = false;
  }
}
