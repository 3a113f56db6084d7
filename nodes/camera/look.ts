import { Ffmpeg } from './ffmpeg.js';
import { fileArguments } from './input.js';

export interface LookOptions {
  /** Absolute path. */
  readonly file: string;
  /** Pixels to scale to; 0 keeps the file's own. */
  readonly width: number;
  readonly height: number;
}

/** What a file shows first. */
export interface FirstLook {
  /** Pixels, scaled and turned upright. */
  readonly width: number;
  readonly height: number;
  /** The first frame: rgb8 without padding. */
  readonly pixels: Uint8Array;
  /** There is no second frame. */
  readonly isPicture: boolean;
}

/** Two frames of 16384 x 16384 with their headers. */
const MAX_BYTES = 2 * (16384 * 16384 * 3 + 100);

/**
 * Decodes up to two frames of a file, to learn their size and whether there is more than one: no list of formats is needed.
 * @throws Error when it cannot be decoded or holds no frame
 */
export async function lookAt({ file, width, height }: LookOptions): Promise<FirstLook> {
  // PPM puts a line with width and height before the plain pixels.
  const output = ['-frames:v', '2', '-f', 'image2pipe', '-c:v', 'ppm'];
  const ffmpeg = new Ffmpeg({
    name: file,
    input: fileArguments(file),
    width,
    height,
    output,
    stdout: 'pipe',
  });
  try {
    const frames = await readAll(file, ffmpeg.stdout as AsyncIterable<Uint8Array>);
    const failure = await ffmpeg.outcome;
    if (failure) throw failure;
    return firstFrame(file, frames);
  } finally {
    ffmpeg.kill();
  }
}

async function readAll(file: string, stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_BYTES) throw new Error(`${file}: its frames are larger than 16384 x 16384`);
  }
  return Buffer.concat(chunks);
}

function firstFrame(file: string, frames: Buffer): FirstLook {
  const [header, width, height] = /^P6\n(\d+) (\d+)\n255\n/.exec(frames.toString('latin1', 0, 100)) ?? [];
  if (header === undefined) throw new Error(`${file}: there is no frame in it`);
  const end = header.length + Number(width) * Number(height) * 3;
  return {
    width: Number(width),
    height: Number(height),
    // A copy, so that the second frame does not stay in memory with it.
    pixels: Uint8Array.from(frames.subarray(header.length, end)),
    isPicture: frames.length <= end,
  };
}
