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

  constructor(pipe: FramePipe) {
    this.#pipe = pipe;
  }

  /**
   * Waits for the next frame; its pixels are read next.
   * @returns undefined when the pipe has ended
   * @throws Error when the pipe fails, or brings something else
   */
  async nextSize(): Promise<FrameSize | undefined> {
    // Byte by byte beyond the shortest: nothing of the pixels may be taken with it.
    for (let bytes = 0, wanted = SHORTEST; wanted <= LONGEST; bytes = wanted++) {
      const came = await this.#pipe.read(this.#header.subarray(bytes, wanted));
      if (bytes + came < wanted) return undefined;
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
