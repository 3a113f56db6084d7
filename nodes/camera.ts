import { Clock, every, inject, Node, node, param, publishes, type Loan, type Publisher } from 'babus';
import { Image } from 'babus/schemas';
import { openSource, type FrameSource } from './camera/source.js';
import { ticks } from './common/ticks.js';

/** Publishes a moving test pattern, a picture or a video as images, at a steady rate. */
@node()
export class Camera extends Node {
  @param({ type: 'string', default: 'pattern', description: "'pattern', or the path of a picture or video" })
  readonly source!: string;

  @param({ type: 'integer', default: 1920, minimum: 0, maximum: 16384, description: "px; 0: the file's own" })
  readonly width!: number;

  @param({ type: 'integer', default: 1080, minimum: 0, maximum: 16384, description: "px; 0: the file's own" })
  readonly height!: number;

  @param({ type: 'number', default: 30, minimum: 0.001, maximum: 1000, description: 'images per second' })
  readonly rate!: number;

  @param({ type: 'boolean', default: true, description: 'at the end begin again; else the node ends there' })
  readonly loop!: boolean;

  @param({ type: 'string', default: 'camera', description: 'coordinate frame of the images' })
  readonly frameId!: string;

  @publishes(Image) readonly image!: Publisher<Image>;

  readonly #clock = inject(Clock);
  readonly #stopping = new AbortController();
  #frames!: FrameSource;
  #playing: Promise<void> | undefined;
  #skipped = 0;

  override async onStart(): Promise<void> {
    const { source, width, height, loop, rate, log } = this;
    this.#frames = await openSource({ source, width, height, loop, warn: (message) => log.warn(message) });
    log.info(`${source}: ${this.#frames.width} x ${this.#frames.height} pixels, ${rate} Hz`);
    const first = await this.#nextImage();
    this.#playing = this.#play(first).catch((error: unknown) => this.finish(error));
  }

  override async onStop(): Promise<void> {
    this.#stopping.abort();
    await this.#frames.close();
    await this.#playing;
    this.report();
  }

  @every('5s') report(): void {
    if (this.#skipped === 0) return;
    this.log.warn({ skipped: this.#skipped }, `cannot keep up with ${this.rate} Hz`);
    this.#skipped = 0;
  }

  /** Each image is made ahead and published when its time comes. Times are skipped when it is late, images are not. */
  async #play(first: Loan<Image> | undefined): Promise<void> {
    let next = first;
    for await (const { skipped } of ticks(this.rate, this.#clock, this.#stopping.signal)) {
      if (!next) return this.finish();
      next.stamp.setNow();
      next.publish();
      this.#skipped += skipped;
      next = await this.#nextImage();
    }
    next?.discard();
  }

  /** @returns undefined when there are no more */
  async #nextImage(): Promise<Loan<Image> | undefined> {
    const { width, height } = this.#frames;
    const image = this.image.loan();
    image.set({ frame_id: this.frameId, width, height, encoding: 'rgb8', step: width * 3 });
    const isFilled = await this.#frames.read(image.allocate('data', image.step * height));
    if (isFilled) return image;
    image.discard();
    return undefined;
  }
}
