/** An image, as far as its edges concern it: a std/Image or a view of one. */
export interface RawImage {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  readonly encoding: string;
  /** Bytes from one row to the next. */
  readonly step: number;
  readonly data: Uint8Array;
}

/** Where a pixel's channels lie, in bytes. */
interface Layout {
  readonly size: number;
  readonly red: number;
  readonly green: number;
  readonly blue: number;
}

const LAYOUTS = new Map<string, Layout>([
  ['rgb8', { size: 3, red: 0, green: 1, blue: 2 }],
  ['bgr8', { size: 3, red: 2, green: 1, blue: 0 }],
  ['rgba8', { size: 4, red: 0, green: 1, blue: 2 }],
  ['bgra8', { size: 4, red: 2, green: 1, blue: 0 }],
  ['mono8', { size: 1, red: 0, green: 0, blue: 0 }],
]);

/** Why an image cannot be worked on; undefined when it can. */
export function imageProblem({
  width,
  height,
  encoding,
  step,
  data,
}: RawImage): { kind: string; message: string } | undefined {
  const layout = LAYOUTS.get(encoding);
  if (!layout) {
    const known = [...LAYOUTS.keys()].join(', ');
    return { kind: 'encoding', message: `an image is encoded as ${encoding}; this node takes ${known}` };
  }
  if (step >= width * layout.size && data.length === step * height) return undefined;
  return {
    kind: 'size',
    message: `an image's sizes do not fit: ${width} x ${height} ${encoding}, step ${step}, data of ${data.length} bytes`,
  };
}

/**
 * Sobel's operator: |horizontal| + |vertical| change of brightness over the 3 x 3 pixels around each one, at most 255. Beyond
 * the border, the pixels at the border go on.
 *
 * @param image one without imageProblem()
 * @param threshold 0 for the plain strength; else what is at least as strong becomes 255, and the rest 0
 * @param out takes width x height bytes
 */
export function sobel(image: RawImage, threshold: number, out: Uint8Array): void {
  const { width, height } = image;
  if (width === 0 || height === 0) return;
  // Three rows that move down the image, each with its first and last pixel doubled.
  let above = new Uint8Array(width + 2);
  let here = new Uint8Array(width + 2);
  let below = new Uint8Array(width + 2);
  readBrightness(image, 0, above);
  readBrightness(image, 0, here);
  for (let y = 0; y < height; y++) {
    readBrightness(image, Math.min(y + 1, height - 1), below);
    edgesOfRow(above, here, below, out, y * width);
    [above, here, below] = [here, below, above];
  }
  if (threshold > 0) for (let i = 0; i < out.length; i++) out[i] = whiteFrom(threshold, out[i]!);
}

/** Weighs the channels as ITU-R BT.601 does, in 256ths. */
function readBrightness({ width, encoding, step, data }: RawImage, y: number, row: Uint8Array): void {
  const { size, red, green, blue } = LAYOUTS.get(encoding)!;
  let at = y * step;
  for (let x = 1; x <= width; x++, at += size)
    row[x] = (77 * data[at + red]! + 150 * data[at + green]! + 29 * data[at + blue]!) >> 8;
  row[0] = row[1]!;
  row[width + 1] = row[width]!;
}

function edgesOfRow(
  above: Uint8Array,
  here: Uint8Array,
  below: Uint8Array,
  out: Uint8Array,
  start: number,
): void {
  const width = above.length - 2;
  // Of the columns to the left of the pixel and of its own: their weighted sum, and how much they change downwards.
  let leftSum = above[0]! + 2 * here[0]! + below[0]!;
  let leftChange = below[0]! - above[0]!;
  let sum = above[1]! + 2 * here[1]! + below[1]!;
  let change = below[1]! - above[1]!;
  for (let x = 0; x < width; x++) {
    const top = above[x + 2]!;
    const bottom = below[x + 2]!;
    const rightSum = top + 2 * here[x + 2]! + bottom;
    const rightChange = bottom - top;
    const strength = Math.abs(rightSum - leftSum) + Math.abs(leftChange + 2 * change + rightChange);
    out[start + x] = atMost255(strength);
    leftSum = sum;
    leftChange = change;
    sum = rightSum;
    change = rightChange;
  }
}

// Both are meant to be stored in a byte, and have no branches: with those, noisy images take twice as long as plain ones.

function atMost255(value: number): number {
  return value | ((255 - value) >> 31);
}

function whiteFrom(threshold: number, value: number): number {
  return ~((value - threshold) >> 31);
}
