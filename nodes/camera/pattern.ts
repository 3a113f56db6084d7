import type { FrameSource } from './source.js';

/** From left to right: white, yellow, cyan, green, magenta, red, blue, black. */
const BARS = [0xffffff, 0xffff00, 0x00ffff, 0x00ff00, 0xff00ff, 0xff0000, 0x0000ff, 0x000000];

const COUNTER_BITS = 32;
const BYTES_PER_PIXEL = 3;
/** How far the bars move from one frame to the next. */
const PIXELS_PER_FRAME = 4;

/**
 * Slanted colour bars that move to the left, and the frame's number in binary above them: 32 squares from the top left
 * corner on, the highest bit first, white for 1 and black for 0. A square's side is a 64th of the width, at least 1 pixel.
 */
export class TestPattern implements FrameSource {
  #frame = 0;
  /** The bars as a row of pixels, beginning at each of its pixels in turn. All lie over one array. */
  readonly #rows: readonly Uint8Array[];
  readonly #squarePx: number;
  readonly #counter: Uint8Array;

  /** @throws Error when the frame number has no room */
  constructor(
    readonly width: number,
    readonly height: number,
  ) {
    if (width < COUNTER_BITS || height < 1)
      throw new Error(
        `it needs width and height of at least ${COUNTER_BITS} x 1, given ${width} x ${height}`,
      );
    this.#rows = shiftedRows(width);
    this.#squarePx = Math.max(1, Math.floor(width / 64));
    this.#counter = new Uint8Array(COUNTER_BITS * this.#squarePx * BYTES_PER_PIXEL);
  }

  read(into: Uint8Array): boolean {
    const { width, height } = this;
    const rowBytes = width * BYTES_PER_PIXEL;
    for (let y = 0; y < height; y++)
      into.set(this.#rows[(this.#frame * PIXELS_PER_FRAME + y) % width]!, y * rowBytes);
    this.#drawNumber();
    for (let y = 0; y < Math.min(this.#squarePx, height); y++) into.set(this.#counter, y * rowBytes);
    this.#frame = (this.#frame + 1) % 2 ** COUNTER_BITS;
    return true;
  }

  close(): void {
    // Holds nothing but memory.
  }

  #drawNumber(): void {
    const squareBytes = this.#squarePx * BYTES_PER_PIXEL;
    for (let square = 0; square < COUNTER_BITS; square++) {
      const bit = (this.#frame >>> (COUNTER_BITS - 1 - square)) & 1;
      this.#counter.fill(bit * 255, square * squareBytes, (square + 1) * squareBytes);
    }
  }
}

function shiftedRows(width: number): Uint8Array[] {
  const rowBytes = width * BYTES_PER_PIXEL;
  const twice = new Uint8Array(2 * rowBytes);
  for (let x = 0; x < 2 * width; x++) {
    const colour = BARS[Math.floor(((x % width) * BARS.length) / width)]!;
    twice.set([colour >>> 16, (colour >>> 8) & 255, colour & 255], x * BYTES_PER_PIXEL);
  }
  return Array.from({ length: width }, (_, x) =>
    twice.subarray(x * BYTES_PER_PIXEL, x * BYTES_PER_PIXEL + rowBytes),
  );
}
