import {
  every,
  input,
  Node,
  node,
  param,
  publishes,
  subscribes,
  type Info,
  type Publisher,
  type Subscription,
  type View,
} from '../../../framework/index.js';
import { Image, Vector3 } from '../../../schemas/index.js';

/** Sums up what it sees; goes wrong when told to. */
@node()
export class Sample extends Node {
  @param({ type: 'number', default: 2, minimum: 0, maximum: 10 }) gain!: number;
  @publishes(Vector3) readonly sum!: Publisher<Vector3>;
  @publishes(Image) readonly picture!: Publisher<Image>;
  @input(Vector3) readonly point!: Subscription<Vector3>;
  readonly calls: string[] = [];
  /** Resolves waits of onSlow, oldest first. */
  readonly waiting: (() => void)[] = [];

  override async onStart(): Promise<void> {
    this.calls.push('onStart');
    await Promise.resolve();
  }

  override onStop(): void {
    this.calls.push('onStop');
    if (this.gain === 10) throw new Error('onStop of sample');
  }

  @subscribes(Vector3) onPoint(point: View<Vector3>, info: Info): void {
    if (point.x < 0) throw new Error(`negative x in message ${info.sequence}`);
    if (point.y === 1) this.sum.loan().x = 9;
    else this.sum.publish({ x: point.x * this.gain, y: this.point.received, z: info.missed });
  }

  @subscribes(Vector3) async onSlow(_point: View<Vector3>): Promise<void> {
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.calls.push('slow done');
  }

  @every('1s') tick(): void {
    this.calls.push('tick');
  }

  @every('20ms') async slowTick(): Promise<void> {
    this.calls.push('slowTick');
    await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  @every('1h') badTick(): void {
    this.picture.loan();
    throw new Error('bad tick');
  }
}
