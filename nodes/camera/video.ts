import { Ffmpeg } from './ffmpeg.js';
import { FramePipe } from './frame-pipe.js';
import { fileArguments } from './input.js';
import type { FrameSource } from './source.js';

export interface VideoOptions {
  /** Absolute path. */
  readonly file: string;
  /** Pixels. */
  readonly width: number;
  readonly height: number;
  /** Begin again at the end. */
  readonly loop: boolean;
  /** Told what is odd about the file. */
  readonly warn: (message: string) => void;
}

/** The frames of a video, decoded no faster than they are read. None is left out. */
export class Video implements FrameSource {
  readonly width: number;
  readonly height: number;
  readonly #options: VideoOptions;
  #pass: Pass | undefined;
  /**
   * In a loop, the pass after this one: started early, for ffmpeg takes longer to start than a frame lasts. It waits with its
   * first frame, and takes about 100 MB. (ffmpeg's own loop needs files that it can rewind, and hangs with some others.)
   */
  #nextPass: Pass | undefined;
  #isFirstPass = true;
  #closed = false;

  constructor(options: VideoOptions) {
    this.#options = options;
    this.width = options.width;
    this.height = options.height;
  }

  async read(into: Uint8Array): Promise<boolean> {
    const { loop } = this.#options;
    while (!this.#closed) {
      const pass = (this.#pass ??= await this.#start());
      const bytes = await pass.pipe.read(into);
      if (!this.#closed) this.#passOnComplaints(pass);
      if (bytes === into.length) {
        pass.frames++;
        if (loop) this.#nextPass ??= await this.#start();
        return true;
      }
      await this.#end(pass, bytes, into.length);
      // A pass without a frame would be followed by others for ever.
      if (!loop || pass.frames === 0) return false;
    }
    return false;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#pass?.stop(), this.#nextPass?.stop()]);
  }

  async #start(): Promise<Pass> {
    const { pipe, writeEnd } = await FramePipe.open();
    const { file, width, height } = this.#options;
    const decoding = { name: file, input: fileArguments(file), width, height, output: ['-f', 'rawvideo'] };
    const ffmpeg = new Ffmpeg({ ...decoding, stdout: writeEnd });
    writeEnd.destroy();
    const pass = new Pass(pipe, ffmpeg);
    if (this.#closed) await pass.stop();
    return pass;
  }

  /** @throws Error when ffmpeg failed */
  async #end(pass: Pass, bytes: number, frameBytes: number): Promise<void> {
    const failure = await pass.ffmpeg.outcome;
    if (failure) throw failure;
    if (bytes > 0 && !this.#closed)
      this.#warn(`the last frame is left out: ${bytes} of ${frameBytes} bytes came`);
    this.#isFirstPass = false;
    this.#pass = this.#nextPass;
    this.#nextPass = undefined;
  }

  #passOnComplaints(pass: Pass): void {
    const { complaints } = pass.ffmpeg;
    while (pass.complaints < complaints.length) this.#warn(`ffmpeg says: ${complaints[pass.complaints++]}`);
  }

  /** Later passes would say the same. */
  #warn(message: string): void {
    if (this.#isFirstPass) this.#options.warn(`${this.#options.file}: ${message}`);
  }
}

/** Once through the file. */
class Pass {
  frames = 0;
  /** How many were passed on. */
  complaints = 0;

  constructor(
    readonly pipe: FramePipe,
    readonly ffmpeg: Ffmpeg,
  ) {}

  async stop(): Promise<void> {
    // In this order: it would complain about a pipe that nobody reads.
    this.ffmpeg.kill();
    this.pipe.close();
    await this.ffmpeg.outcome;
  }
}
