import type { FramerOptions } from './framer.js';
import { NmeaStream, type StreamListener } from './nmea-stream.js';

/** Longer than the pauses that receivers make within an epoch, shorter than those between two. */
const QUIET_MS = 250;

/** Reads what a receiver sends, as it comes. When nothing comes for a while, the epoch under way is given. */
export class LiveReader {
  readonly #stream: NmeaStream;
  readonly #fail: (error: unknown) => void;
  #quiet: NodeJS.Timeout | undefined;

  /** @param fail told what the listener throws */
  constructor(listener: StreamListener, fail: (error: unknown) => void, options: FramerOptions = {}) {
    this.#stream = new NmeaStream(listener, options);
    this.#fail = fail;
  }

  /** Takes the next bytes. @returns the JSON lines in them */
  push(chunk: Uint8Array): readonly string[] {
    if (this.#quiet) this.#quiet.refresh();
    else this.#quiet = setTimeout(() => this.#attempt(() => this.#stream.flush()), QUIET_MS);
    return this.#attempt(() => this.#stream.push(chunk)) ?? [];
  }

  /** Gives the epoch under way, as the connection has ended. */
  end(): void {
    clearTimeout(this.#quiet);
    this.#attempt(() => {
      // The last sentence may be whole without a line end; half of one is counted.
      for (const sentence of this.#stream.sentences(undefined)) this.#stream.add(sentence);
      this.#stream.flush();
    });
  }

  #attempt<T>(action: () => T): T | undefined {
    try {
      return action();
    } catch (error) {
      this.#fail(error);
      return undefined;
    }
  }
}
