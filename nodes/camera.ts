import { Clock, every, inject, Node, node, param, publishes, type Loan, type Publisher } from 'babus';
import { Image } from 'babus/schemas';
import { LiveSource } from './camera/live.js';
import type { FrameSize } from './camera/ppm-frames.js';
import { openSource, type FrameSource } from './camera/source.js';
import { keepTrying } from './common/reconnect.js';
import { ticks } from './common/ticks.js';

/**
 * Publishes a moving test pattern, a picture or a video as images, at a steady rate; or the images of a V4L2 device or a
 * network stream, as they come.
 */
@node()
export class Camera extends Node {
  @param({
    type: 'string',
    default: 'pattern',
    description:
      "'pattern'; the path of a picture or video; /dev/video0 or v4l2:PATH; an rtsp, http, https, udp or tcp URL",
  })
  readonly source!: string;

  @param({
    type: 'integer',
    default: 1920,
    minimum: 0,
    maximum: 16384,
    description: "px; 0: the source's own",
  })
  readonly width!: number;

  @param({
    type: 'integer',
    default: 1080,
    minimum: 0,
    maximum: 16384,
    description: "px; 0: the source's own",
  })
  readonly height!: number;

  @param({
    type: 'number',
    default: 30,
    minimum: 0.001,
    maximum: 1000,
    description: 'of pattern and files, Hz',
  })
  readonly rate!: number;

  @param({ type: 'boolean', default: true, description: 'begin a file again at its end; else end' })
  readonly loop!: boolean;

  @param({ type: 'string', default: 'camera', description: 'coordinate frame of the images' })
  readonly frameId!: string;

  @param({
    type: 'number',
    default: 0,
    minimum: 0,
    maximum: 1000,
    description: 'wished of a device, Hz; 0: its own',
  })
  readonly framerate!: number;

  @param({
    type: 'string',
    default: '',
    description: "wished of a device: mjpeg, yuyv422 … (ffmpeg's names); empty: its own",
  })
  readonly inputFormat!: string;

  @param({
    type: 'number',
    default: 10,
    minimum: 0.1,
    maximum: 3600,
    description: 's without an image until a device or stream is opened again',
  })
  readonly timeout!: number;

  @publishes(Image) readonly image!: Publisher<Image>;

  readonly #clock = inject(Clock);
  readonly #stopping = new AbortController();
  #source: FrameSource | LiveSource | undefined;
  #playing: Promise<void> | undefined;
  #skipped = 0;

  override async onStart(): Promise<void> {
    const { source, width, height, loop, framerate, inputFormat, log } = this;
    const opened = await openSource({
      ...{ source, width, height, loop, framerate, inputFormat },
      timeoutMs: this.timeout * 1000,
      loan: (size) => this.#loan(size),
      warn: (message) => log.warn(message),
    });
    this.#source = opened;
    let playing: Promise<void>;
    if (opened instanceof LiveSource) {
      this.#demandRoom();
      playing = this.#watch(opened);
    } else {
      log.info(`${source}: ${opened.width} x ${opened.height} pixels, ${this.rate} Hz`);
      const first = await this.#nextImage(opened);
      playing = this.#play(opened, first);
    }
    this.#playing = playing.catch((error: unknown) => this.finish(error));
  }

  override async onStop(): Promise<void> {
    this.#stopping.abort();
    if (!(this.#source instanceof LiveSource)) await this.#source?.close();
    await this.#playing;
    this.report();
  }

  @every('5s') report(): void {
    if (this.#source instanceof LiveSource) this.#source.report();
    if (this.#skipped === 0) return;
    this.log.warn({ skipped: this.#skipped }, `cannot keep up with ${this.rate} Hz`);
    this.#skipped = 0;
  }

  async #watch(live: LiveSource): Promise<void> {
    const { log } = this;
    const { signal } = this.#stopping;
    const session = (...given: Parameters<LiveSource['session']>): Promise<void> => live.session(...given);
    await keepTrying({ what: `camera ${live.name}`, session, log, signal });
  }

  /** Each image is made ahead and published when its time comes. Times are skipped when it is late, images are not. */
  async #play(frames: FrameSource, first: Loan<Image> | undefined): Promise<void> {
    let next = first;
    for await (const { skipped } of ticks(this.rate, this.#clock, this.#stopping.signal)) {
      if (!next) return this.finish();
      next.stamp.setNow();
      next.publish();
      this.#skipped += skipped;
      next = await this.#nextImage(frames);
    }
    next?.discard();
  }

  /** @returns undefined when there are no more */
  async #nextImage(frames: FrameSource): Promise<Loan<Image> | undefined> {
    const image = this.#loan(frames);
    const isFilled = await frames.read(image.allocate('data', image.step * image.height));
    if (isFilled) return image;
    image.discard();
    return undefined;
  }

  #loan({ width, height }: FrameSize): Loan<Image> {
    const image = this.image.loan();
    image.set({ frame_id: this.frameId, width, height, encoding: 'rgb8', step: width * 3 });
    return image;
  }

  /** Images of a size that is known are known to fit the slot before the first one comes. */
  #demandRoom(): void {
    const image = this.#loan(this);
    image.allocate('data', image.step * image.height);
    image.discard();
  }
}
