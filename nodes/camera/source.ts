import { BabusError } from 'babus';
import { inputOf, withoutSecrets } from './input.js';
import { LiveSource, type LiveOptions } from './live.js';
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
export interface SourceOptions extends LiveOptions {
  /** `pattern`, the path of a picture, video or V4L2 device, or the URL of a stream. */
  readonly source: string;
  /** Pixels of frames; 0 takes the source's own size. */
  readonly width: number;
  readonly height: number;
  /** Begin again at the end of a file. */
  readonly loop: boolean;
  /** Told, in words, what is odd about the source. */
  readonly warn: (message: string) => void;
}

/** @throws BabusError ERR_BABUS_PARAM when there is no such source, or no frame can be had from it */
export async function openSource(options: SourceOptions): Promise<FrameSource | LiveSource> {
  try {
    return await open(options);
  } catch (cause) {
    const why = (cause as Error).message;
    const source = withoutSecrets(options.source);
    throw new BabusError('ERR_BABUS_PARAM', `source '${source}': ${why}`, undefined, { cause });
  }
}

async function open(options: SourceOptions): Promise<FrameSource | LiveSource> {
  const { source, width, height, loop, warn } = options;
  const input = await inputOf(source);
  if (input.kind === 'pattern') return new TestPattern(width, height);
  if (input.kind !== 'file') return LiveSource.open(input, options);
  const first = await lookAt({ file: input.path, width, height });
  if (first.isPicture) return new Picture(first, loop);
  return new Video({ file: input.path, width: first.width, height: first.height, loop, warn });
}
