import type { Readable } from 'node:stream';

const WINDOW_MS = 100;

/** Lets a stream flow while nothing is against it, and not faster than so many bytes in 100 ms. */
export class Valve {
  readonly #from: Readable;
  readonly #bytesPerWindow: number;
  readonly #against = new Set<'full' | 'flood'>();
  #read = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Readable, bytesPerWindow: number) {
    this.#from = from;
    this.#bytesPerWindow = bytesPerWindow;
    from
      .on('data', (chunk: Buffer) => this.#count(chunk.length))
      .on('close', () => clearTimeout(this.#timer));
  }

  shut(because: 'full' | 'flood'): void {
    this.#against.add(because);
    this.#from.pause();
  }

  open(because: 'full' | 'flood'): void {
    this.#against.delete(because);
    if (this.#against.size === 0) this.#from.resume();
  }

  #count(bytes: number): void {
    this.#read += bytes;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#read = 0;
      if (this.#against.has('flood')) this.open('flood');
    }, WINDOW_MS);
    if (this.#read > this.#bytesPerWindow) this.shut('flood');
  }
}
