import type { FrameSource } from './source.js';

/** One picture, shown again and again. Decoded once and kept: decoding takes longer than the copy into each frame. */
export class Picture implements FrameSource {
  readonly width: number;
  readonly height: number;
  readonly #pixels: Uint8Array;
  #framesLeft: number;

  constructor(
    picture: { readonly width: number; readonly height: number; readonly pixels: Uint8Array },
    loop: boolean,
  ) {
    this.width = picture.width;
    this.height = picture.height;
    this.#pixels = picture.pixels;
    this.#framesLeft = loop ? Infinity : 1;
  }

  read(into: Uint8Array): boolean {
    if (this.#framesLeft === 0) return false;
    this.#framesLeft--;
    into.set(this.#pixels);
    return true;
  }

  close(): void {
    this.#framesLeft = 0;
  }
}
