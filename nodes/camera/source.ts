import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BabusError } from 'babus';
import { lookAt } from './look.js';
import { TestPattern } from './pattern.js';
import { Picture } from './picture.js';
import { Video } from './video.js';

/** Where frames come from: rgb8, without padding, all of one size. */
export interface FrameSource {
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /**
   * Fills `into` (width x height x 3 bytes) with the next frame. One call at a time.
   * @returns false when there are no more frames, or after close()
   * @throws Error, or rejects, when the source fails
   */
  read(into: Uint8Array): boolean | Promise<boolean>;
  /** Gives back what the source holds. May be called while a read() is under way, and more than once. */
  close(): void | Promise<void>;
}

/** What the camera's parameters say about its source. */
export interface SourceOptions {
  /** `pattern`, or the path of a picture or video. */
  readonly source: string;
  /** Pixels of frames; 0 takes the file's own size. */
  readonly width: number;
  readonly height: number;
  /** Begin again at the end. */
  readonly loop: boolean;
  /** Told, in words, what is odd about the file. */
  readonly warn: (message: string) => void;
}

/** @throws BabusError ERR_BABUS_PARAM when there is no such source, or no frame can be had from it */
export async function openSource(options: SourceOptions): Promise<FrameSource> {
  try {
    return await open(options);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new BabusError('ERR_BABUS_PARAM', `source '${options.source}': ${why}`, undefined, { cause });
  }
}

async function open({ source, width, height, loop, warn }: SourceOptions): Promise<FrameSource> {
  if (source === 'pattern') return new TestPattern(width, height);
  const file = resolve(source);
  await demandFile(file);
  const first = await lookAt({ file, width, height });
  if (first.isPicture) return new Picture(first, loop);
  return new Video({ file, width: first.width, height: first.height, loop, warn });
}

async function demandFile(file: string): Promise<void> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw new Error(`there is no file ${file}; give 'pattern', or the path of a picture or video`);
  });
  if (!found.isFile()) throw new Error(`${file} is no regular file`);
}
