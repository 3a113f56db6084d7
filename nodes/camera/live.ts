import type { Loan } from 'babus';
import type { Image } from 'babus/schemas';
import type { Link } from '../common/reconnect.js';
import { Ffmpeg, takesFpsMode } from './ffmpeg.js';
import { FramePipe } from './frame-pipe.js';
import {
  deviceArguments,
  deviceState,
  streamArguments,
  withoutSecrets,
  type DeviceWishes,
  type Input,
} from './input.js';
import { PpmFrames, type FrameSize } from './ppm-frames.js';

export interface LiveOptions extends DeviceWishes {
  /** How long no image may come before the connection counts as broken, ms. */
  readonly timeoutMs: number;
  /** Takes a loan for a frame, and sets everything in it but `stamp` and `data`. */
  readonly loan: (size: FrameSize) => Loan<Image>;
  /** Told what ffmpeg says while images come. */
  readonly warn: (message: string) => void;
}

/** Images that follow one another faster come from a buffer: few cameras make more than 50 a second. */
const BURST_GAP_MS = 20;
/** So long is the burst at most; what comes as fast after that is a camera that does. */
const MAX_BACKLOG_MS = 500;

type LiveInput = Extract<Input, { readonly kind: 'device' | 'stream' }>;

/**
 * A V4L2 device or a network stream. Its images come when they come: each is published at once, stamped with the time of its
 * arrival, and none waits for another.
 */
export class LiveSource {
  /** For people: without passwords. */
  readonly name: string;
  readonly #input: LiveInput;
  readonly #options: LiveOptions;
  readonly #output: readonly string[];
  #ffmpeg: Ffmpeg | undefined;

  private constructor(input: LiveInput, options: LiveOptions, output: readonly string[]) {
    this.name = input.kind === 'device' ? input.path : withoutSecrets(input.url);
    this.#input = input;
    this.#options = options;
    this.#output = output;
  }

  /** It need not be there yet. @throws Error in words when it is the wrong thing, or ffmpeg is missing */
  static async open(input: LiveInput, options: LiveOptions): Promise<LiveSource> {
    if (input.kind === 'device') await deviceState(input.path);
    if (!/^\w*$/.test(options.inputFormat))
      throw new Error(
        `input_format '${options.inputFormat}' is no name of a format such as mjpeg or yuyv422`,
      );
    // Each image as it comes: by default ffmpeg doubles some and leaves out others, to make the rate even.
    const sync = (await takesFpsMode()) ? '-fps_mode' : '-vsync';
    return new LiveSource(input, options, [sync, 'passthrough', '-f', 'image2pipe', '-c:v', 'ppm']);
  }

  /**
   * Publishes images until they end or `signal` is aborted.
   * @throws Error why they have ended or have not begun; BabusError when an image does not fit the slot
   */
  async session(signal: AbortSignal, link: Link): Promise<void> {
    if (this.#input.kind === 'device' && (await deviceState(this.#input.path)) === 'missing')
      throw new Error('there is no such device');
    const { pipe, writeEnd } = await FramePipe.open();
    const ffmpeg = new Ffmpeg({ ...this.#options, ...this.#decoding(), stdout: writeEnd });
    writeEnd.destroy();
    this.#ffmpeg = ffmpeg;
    const end = (): void => pipe.close();
    const watch = new Watch(this.#options.timeoutMs, end);
    signal.addEventListener('abort', end, { once: true });
    try {
      if (signal.aborted) return;
      await this.#publishAll(new PpmFrames(pipe), () => {
        watch.reset();
        link.delivered();
      });
      if (signal.aborted) return;
      if (watch.hasBarked) throw new Error(`no image came for ${this.#options.timeoutMs / 1000} s`);
      const failure = await ffmpeg.outcome;
      if (failure) throw new Error(failure.message.replaceAll(/\n\s*/g, '; '));
    } finally {
      watch.end();
      signal.removeEventListener('abort', end);
      this.#ffmpeg = undefined;
      pipe.close();
      ffmpeg.kill();
      await ffmpeg.outcome;
    }
  }

  /** Passes on what ffmpeg has said, up to ten lines, and forgets it. */
  report(): void {
    const said = this.#ffmpeg?.complaints.splice(0) ?? [];
    if (said.length > 0) this.#options.warn(`${this.name}: ffmpeg says: ${said.join('; ')}`);
  }

  #decoding(): { name: string; input: string[]; output: readonly string[]; clean: (line: string) => string } {
    const input =
      this.#input.kind === 'device'
        ? deviceArguments(this.#input.path, this.#options)
        : streamArguments(this.#input.url);
    return { name: this.name, input, output: this.#output, clean: cleaned };
  }

  /** @param came called for each image */
  async #publishAll(frames: PpmFrames, came: () => void): Promise<void> {
    const next = async (): Promise<Loan<Image> | undefined> => {
      const image = await this.#nextImage(frames);
      if (image) came();
      return image;
    };
    let image = await next();
    if (this.#input.kind === 'stream') image = await skipBacklog(frames, image, next);
    for (; image; image = await next()) image.publish();
  }

  /** @returns undefined when there are no more */
  async #nextImage(frames: PpmFrames): Promise<Loan<Image> | undefined> {
    // A loan is taken when an image is there: who waits for hours holds none.
    const size = await frames.nextSize();
    if (size === undefined) return undefined;
    const image = this.#options.loan(size);
    let isWhole = false;
    try {
      image.stamp.setNow();
      isWhole = await frames.readPixels(image.allocate('data', size.width * size.height * 3));
    } finally {
      if (!isWhole) image.discard();
    }
    return isWhole ? image : undefined;
  }
}

/**
 * What ffmpeg has gathered while it found out the format comes in a burst: images of the past, of which only the newest is
 * of use. It is the one that no other follows at once.
 *
 * @returns the image to be published first, undefined when there are no more
 */
async function skipBacklog(
  frames: PpmFrames,
  first: Loan<Image> | undefined,
  next: () => Promise<Loan<Image> | undefined>,
): Promise<Loan<Image> | undefined> {
  const endMs = performance.now() + MAX_BACKLOG_MS;
  let newest = first;
  while (newest && performance.now() < endMs) {
    let isOld = true;
    try {
      isOld = await frames.beginsWithin(BURST_GAP_MS);
    } finally {
      // Before the next is taken: who waits for that one holds nothing.
      if (isOld) newest.discard();
    }
    if (!isOld) return newest;
    newest = await next();
  }
  return newest;
}

/** Calls `bark` when nothing has reset it for so long. */
class Watch {
  hasBarked = false;
  readonly #timer: NodeJS.Timeout;

  constructor(timeoutMs: number, bark: () => void) {
    this.#timer = setTimeout(() => {
      this.hasBarked = true;
      bark();
    }, timeoutMs);
  }

  reset(): void {
    this.#timer.refresh();
  }

  end(): void {
    clearTimeout(this.#timer);
  }
}

/** ffmpeg's words without passwords, and without addresses in its memory: those would make old complaints look like new. */
function cleaned(line: string): string {
  return withoutSecrets(line.replace(/ @ 0x[0-9a-f]+/g, ''));
}
