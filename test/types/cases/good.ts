// Everything here must compile, in both decorator modes.
import {
  Clock,
  every,
  inject,
  input,
  Logger,
  Node,
  node,
  NodeInfo,
  param,
  publishes,
  subscribes,
  testNode,
  type Held,
  type History,
  type Info,
  type Loan,
  type Moment,
  type Publisher,
  type Subscription,
  type View,
} from 'babus';
import { HostTelemetry, Image, Vector3 } from 'babus/schemas';

class Service {
  readonly log: Logger = inject(Logger);
  work(): number {
    return 1;
  }
}

@node()
export class Good extends Node {
  @param({ type: 'number', default: 80, minimum: 0, maximum: 255 }) threshold!: number;
  @param({ type: 'integer' }) count!: number;
  @param({ type: 'string', default: 'a', choices: ['a', 'b'] }) mode!: 'a' | 'b';
  @param({ type: 'boolean', default: true, description: 'whether' }) readonly on!: boolean;
  @param({ type: 'number[]', default: [1, 2], minimum: 0 }) gains!: readonly number[];
  @param({ type: 'string[]' }) names!: string[];
  @publishes(Image) readonly edges!: Publisher<Image>;
  @publishes(Vector3, { port: 'motion' }) readonly out!: Publisher<Vector3>;
  @input(Image) readonly image!: Subscription<Image>;
  readonly clock = inject(Clock);
  readonly info: NodeInfo = inject(NodeInfo);
  readonly service = inject(Service);

  override async onStart(): Promise<void> {
    this.log.info({ name: this.name, worked: this.service.work() }, 'started');
    this.log.debug('at ' + this.clock.monotonicMs());
  }
  override onStop(): void {
    this.log.warn(this.info.domain);
  }

  @subscribes(Image) onImage(image: View<Image>, info: Info): void {
    const out: Loan<Image> = this.edges.loan();
    const mask: Uint8Array = out.allocate('data', image.width * image.height);
    mask.set(image.data.subarray(0, mask.length));
    out.width = image.width;
    out.encoding = 'mono8';
    out.frame_id = image.frame_id;
    out.stamp = image.stamp;
    out.stamp = { sec: 1, nsec: 2 };
    const sequence: number = out.publish();
    this.log.info({ sequence, missed: info.missed, age: info.ageMs, ns: info.publishTime.ns });
    const copy: Image = image.clone();
    this.edges.publish(copy);
    this.out.publish({ x: 1, y: 2, z: 3 });
  }
  @subscribes(Vector3) noArguments(): void {
    using held: Held<Image> | undefined = this.image.latest();
    const before = this.image.at(-2);
    before?.release();
    this.log.info({ width: held?.view.width, newest: this.image.newest(), missed: this.image.missed });
  }
  @subscribes(Vector3, { latest: true, concurrency: 2 }) async later(goal: View<Vector3>): Promise<void> {
    await Promise.resolve(goal.x);
  }
  @input(Vector3, { history: { since: '2s' } }) readonly past!: Subscription<Vector3>;
  @subscribes(Vector3, { history: 'all' }) lookBack(_goal: View<Vector3>, { publishTime }: Info): void {
    for (const { view, info } of this.past) this.log.info({ x: view.x, at: info.sequence });
    const walk: History<Vector3> = this.past.iterate({ from: -10, to: -2, since: '500ms' });
    for (const held of walk) held satisfies Held<Vector3>;
    const moments: Moment[] = ['2s', this.clock.monotonicMs(), publishTime, { sec: 1, nsec: 2 }];
    for (const moment of moments) this.past.since(moment)?.release();
    using before: Held<Vector3> | undefined = this.past.atSequence(this.past.oldest());
    this.log.info({ skipped: walk.skipped, length: this.past.length, before: before?.view.x });
  }
  @subscribes(Vector3, { history: 10, latest: true }) lastTen(): void {}
  @subscribes(HostTelemetry) private onTelemetry(telemetry: View<HostTelemetry>): void {
    const total: bigint = telemetry.memory_total_bytes;
    for (const core of telemetry.cores) this.log.info({ core, total });
  }
  @every('1s') tick(): void {
    this.onTelemetry satisfies unknown;
  }
  @every('500ms') private async slowTick(): Promise<void> {
    await this.slowTick.name;
  }
}

export class Sub extends Good {
  override tick(): void {
    super.tick();
  }
}

export async function tested(): Promise<number> {
  const t = await testNode(Good, {
    params: { count: 1 },
    slots: { image: { depth: 2 } },
    provide: [[Clock, {}]],
  });
  t.publish('image', { width: 2 });
  await t.settled();
  await t.tick('tick');
  return t.node.threshold + t.received('edges').length;
}
