import type { Loan } from 'babus';
import type { Image } from 'babus/schemas';
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
  async session(signal: AbortSignal, connected: () => void): Promise<void> {
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
      const frames = new PpmFrames(pipe);
      while (await this.#publishNext(frames)) {
        watch.reset();
        connected();
      }
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

  /** @returns false when there are no more */
  async #publishNext(frames: PpmFrames): Promise<boolean> {
    // A loan is taken when an image is there: who waits for hours holds none.
    const size = await frames.nextSize();
    if (size === undefined) return false;
    const image = this.#options.loan(size);
    let isWhole = false;
    try {
      image.stamp.setNow();
      isWhole = await frames.readPixels(image.allocate('data', size.width * size.height * 3));
    } finally {
      if (isWhole) image.publish();
      else image.discard();
    }
    return isWhole;
  }
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
