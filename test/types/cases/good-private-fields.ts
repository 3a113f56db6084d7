// Must compile with standard decorators. Legacy ones see public fields alone: there each of these is an error.
import { input, Node, node, param, publishes, type Publisher, type Subscription } from 'babus';
import { Image } from 'babus/schemas';

@node()
export class PrivateFields extends Node {
  @param({ type: 'number', default: 1 }) private readonly gain!: number;
  @publishes(Image) private readonly out!: Publisher<Image>;
  @input(Image) protected readonly image!: Subscription<Image>;

  override onStart(): void {
    this.log.info({ gain: this.gain, slot: this.out.slot });
  }
}
