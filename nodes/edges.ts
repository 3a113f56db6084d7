import { Node, node, param, publishes, subscribes, type Publisher, type View } from 'babus';
import { Image } from 'babus/schemas';
import { imageProblem, sobel } from './edges/sobel.js';

/** Finds edges: an image whose pixels say how much the brightness changes there. */
@node()
export class EdgeDetector extends Node {
  @param({
    type: 'integer',
    default: 0,
    minimum: 0,
    maximum: 255,
    description: '0: edges as bright as they are strong; else white from this strength on and black below',
  })
  readonly threshold!: number;

  @publishes(Image) readonly edges!: Publisher<Image>;

  /** How many images, by what is wrong with them. */
  readonly #refused = new Map<string, number>();

  @subscribes(Image) onImage(image: View<Image>): void {
    const problem = imageProblem(image);
    if (problem) return this.#refuse(problem.kind, problem.message);
    const { stamp, frame_id, width, height } = image;
    const out = this.edges.loan();
    out.set({ stamp, frame_id, width, height, encoding: 'mono8', step: width });
    sobel(image, this.threshold, out.allocate('data', width * height));
    out.publish();
  }

  override onStop(): void {
    for (const [kind, images] of this.#refused) this.log.warn({ images }, `images refused for their ${kind}`);
  }

  #refuse(kind: string, message: string): void {
    const before = this.#refused.get(kind) ?? 0;
    this.#refused.set(kind, before + 1);
    if (before === 0) this.log.error(`${message}; this is said once, further such images are counted`);
  }
}
