import { Node, node, param, publishes, type Publisher } from 'babus';
import { monotonicMs } from '../../../framework/slots/clock.js';
import { Sample } from '../fixtures/schemas/index.js';

/** Publishes messages of one size at a steady rate. The payload is not written: what is measured is how it travels. */
@node()
export class Producer extends Node {
  @param({ type: 'number', description: 'Messages a second.' }) rate!: number;
  @param({ type: 'integer', description: 'Bytes of each.' }) bytes!: number;
  @publishes(Sample) readonly sample!: Publisher<Sample>;
  #timer: NodeJS.Timeout | undefined;
  #startMs = 0;
  #count = 0;

  override onStart(): void {
    this.#startMs = monotonicMs();
    this.#next();
  }

  override onStop(): void {
    clearTimeout(this.#timer);
  }

  /** Timers have whole milliseconds, rates do not: each message has a due time, and none is made early. */
  #next(): void {
    for (;;) {
      const dueMs = this.#startMs + (this.#count * 1000) / this.rate;
      const leftMs = dueMs - monotonicMs();
      if (leftMs > 0) {
        this.#timer = setTimeout(() => this.#next(), leftMs);
        return;
      }
      this.#count++;
      this.#publish();
    }
  }

  #publish(): void {
    const sample = this.sample.loan();
    sample.created_ms = monotonicMs();
    sample.index = this.#count;
    sample.allocate('data', this.bytes - Sample.size);
    sample.publish();
  }
}
