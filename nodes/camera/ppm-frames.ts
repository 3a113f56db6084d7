import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';
import type { FramePipe } from './frame-pipe.js';

export interface FrameSize {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
}

const SHORTEST = 'P6\n1 1\n255\n'.length;
const LONGEST = 'P6\n16384 16384\n255\n'.length;

/** Frames of a pipe in the format PPM: each has a line with width and height before its plain pixels. */
export class PpmFrames {
  readonly #pipe: FramePipe;
  readonly #header = Buffer.alloc(LONGEST);
  /** Of the next frame's header, so far. */
  #headerBytes = 0;
  #next: Promise<FrameSize | undefined> | undefined;

  constructor(pipe: FramePipe) {
    this.#pipe = pipe;
  }

  /**
   * Waits for the next frame; its pixels are read next.
   * @returns undefined when the pipe has ended
   * @throws Error when the pipe fails, or brings something else
   */
  async nextSize(): Promise<FrameSize | undefined> {
    const size = await (this.#next ?? this.#readSize());
    this.#next = undefined;
    return size;
  }

  /**
   * Waits for the next frame to begin, but not for long.
   * @returns false too when the pipe has ended
   * @throws as nextSize() does
   */
  async beginsWithin(timeMs: number): Promise<boolean> {
    this.#next ??= this.#readSize();
    const patience = new AbortController();
    const { signal } = patience;
    try {
      const begun = this.#next.then((size) => size !== undefined);
      return await Promise.race([begun, sleep(timeMs, undefined, { signal }).then(() => this.#isThere())]);
    } finally {
      patience.abort();
    }
  }

  /** A process that was held up finds the time over before it sees what has come meanwhile: it has a look first. */
  async #isThere(): Promise<boolean> {
    await turn();
    return this.#headerBytes > 0 || this.#pipe.hasBegun;
  }

  async #readSize(): Promise<FrameSize | undefined> {
    this.#headerBytes = 0;
    // Byte by byte beyond the shortest: nothing of the pixels may be taken with it.
    for (let wanted = SHORTEST; wanted <= LONGEST; wanted++) {
      const came = await this.#pipe.read(this.#header.subarray(this.#headerBytes, wanted));
      this.#headerBytes += came;
      if (this.#headerBytes < wanted) return undefined;
      const text = this.#header.toString('latin1', 0, wanted);
      const [, width, height] = /^P6\n(\d+) (\d+)\n255\n$/.exec(text) ?? [];
      if (width !== undefined) return { width: Number(width), height: Number(height) };
    }
    throw new Error('ffmpeg does not write images, or they are larger than 16384 x 16384');
  }

  /** Fills `into` with the pixels. @returns false when the pipe ends before */
  async readPixels(into: Uint8Array): Promise<boolean> {
    return (await this.#pipe.read(into)) === into.length;
  }
}
