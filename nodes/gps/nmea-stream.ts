import type { Counts } from './counts.js';
import { EpochAssembler, type Epoch } from './epochs.js';
import { Framer, type FramerOptions } from './framer.js';
import { readSentence, type Sentence } from './sentence.js';

/** What a stream of NMEA 0183 has to say, and to whom. */
export interface StreamListener {
  /** Where it counts what is odd. */
  readonly counts: Counts;
  /** Called for each epoch. */
  epoch(epoch: Epoch): void;
  /** Called for each use of satellite systems. */
  systems(systems: ReadonlyMap<string, boolean>): void;
  /** Called for each sentence that can be read. */
  sentence(): void;
}

/** From bytes to epochs: one for each connection, or each time that a file is played. */
export class NmeaStream {
  readonly #framer: Framer;
  readonly #epochs: EpochAssembler;
  readonly #listener: StreamListener;

  constructor(listener: StreamListener, options: FramerOptions = {}) {
    this.#listener = listener;
    this.#framer = new Framer(listener.counts, options);
    this.#epochs = new EpochAssembler((epoch) => listener.epoch(epoch));
  }

  /** Reads and adds at once all that is in the next bytes. @returns the JSON lines among them */
  push(chunk: Uint8Array): string[] {
    const found = this.#framer.push(chunk);
    for (const text of found) {
      const sentence = this.#read(text);
      if (sentence) this.add(sentence);
    }
    this.#epochs.settle();
    return found.filter((text) => text.startsWith('{'));
  }

  /** The sentences in the next bytes, undefined for the end of the stream, to be added when their time comes. */
  sentences(chunk: Uint8Array | undefined): Sentence[] {
    const found = chunk ? this.#framer.push(chunk) : this.#framer.end();
    return found.map((text) => this.#read(text)).filter((sentence) => sentence !== undefined);
  }

  add(sentence: Sentence): void {
    this.#listener.sentence();
    if (sentence.systems) this.#listener.systems(sentence.systems);
    this.#epochs.add(sentence);
  }

  /** Gives the epoch under way as it is, unless the sentence that comes next, if it is known, belongs to it. */
  flush(next?: Sentence): void {
    this.#epochs.flush(next);
  }

  #read(text: string): Sentence | undefined {
    if (text.startsWith('{')) return undefined;
    const sentence = readSentence(text);
    if (typeof sentence !== 'string') return sentence;
    this.#listener.counts[sentence]++;
    return undefined;
  }
}
