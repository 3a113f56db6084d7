import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Node, node, param, subscribes, type Info, type View } from 'babus';
import { monotonicMs } from '../../../framework/slots/clock.js';
import { Sample } from '../fixtures/schemas/index.js';
import { Samples } from '../statistics.js';

const CAPACITY = 100_000;

/** Notes how old each message is when its handler has the view, and writes that down when it is told to stop. */
abstract class Consumer extends Node {
  @param({ type: 'string', description: 'Folder for the result.' }) report!: string;
  #missed = 0;
  readonly #ages = new Samples(CAPACITY);

  override onStop(): void {
    const result = { ...this.#ages.times(), missed: this.#missed };
    writeFileSync(join(this.report, `${this.name}.json`), JSON.stringify(result));
  }

  protected note(view: View<Sample>, info: Info): void {
    this.#ages.add(monotonicMs() - view.created_ms);
    this.#missed += info.missed;
  }
}

@node()
export class One extends Consumer {
  @subscribes(Sample) onA(view: View<Sample>, info: Info): void {
    this.note(view, info);
  }
}

@node()
export class Two extends One {
  @subscribes(Sample) onB(view: View<Sample>, info: Info): void {
    this.note(view, info);
  }
}

@node()
export class Six extends Two {
  @subscribes(Sample) onC(view: View<Sample>, info: Info): void {
    this.note(view, info);
  }
  @subscribes(Sample) onD(view: View<Sample>, info: Info): void {
    this.note(view, info);
  }
  @subscribes(Sample) onE(view: View<Sample>, info: Info): void {
    this.note(view, info);
  }
  @subscribes(Sample) onF(view: View<Sample>, info: Info): void {
    this.note(view, info);
  }
}

@node()
export class Seven extends Six {
  @subscribes(Sample) onG(view: View<Sample>, info: Info): void {
    this.note(view, info);
  }
}
