import assert from 'node:assert/strict';
import { input, Node, node, subscribes } from '../../../framework/index.js';
import type { Info, Subscription, View } from '../../../framework/index.js';
import { nodeMeta } from '../../../framework/node/load-class.js';
import { createLogger } from '../../../framework/node/log.js';
import { schemaSummary } from '../../../framework/node/metadata.js';
import { NodeRuntime } from '../../../framework/node/runtime.js';
import {
  MemoryDomain,
  MemoryParticipant,
  slotConfig,
  slotSpec,
  SlotPublisher,
} from '../../../framework/slots/index.js';
import { Vector3 } from '../../../schemas/index.js';

type Seen = [x: number, missed: number][];

abstract class Recorder extends Node {
  readonly seen: Seen = [];
  note({ x }: View<Vector3>, { missed }: Info): void {
    this.seen.push([x, missed]);
  }
}

@node()
class All extends Recorder {
  @subscribes(Vector3, { history: 'all' }) onPoint(point: View<Vector3>, info: Info): void {
    this.note(point, info);
  }
}

@node()
class LastTwo extends Recorder {
  @input(Vector3, { history: 2 }) readonly point!: Subscription<Vector3>;
  @subscribes(Vector3) onPoint(point: View<Vector3>, info: Info): void {
    this.note(point, info);
  }
}

@node()
class Current extends Recorder {
  @subscribes(Vector3, { history: { since: '1h' }, latest: true }) onPoint(
    point: View<Vector3>,
    info: Info,
  ): void {
    this.note(point, info);
  }
}

@node()
class None extends Recorder {
  @subscribes(Vector3) onPoint(point: View<Vector3>, info: Info): void {
    this.note(point, info);
  }
}

/** What a node gets that joins after `before` messages, sees four more and begins, then one more. */
async function seenBy(cls: new () => Recorder, before: number): Promise<Seen> {
  const domain = new MemoryDomain();
  const slot = slotSpec('point', schemaSummary(Vector3), { depth: 8 });
  const feed = new MemoryParticipant(domain, 'feed');
  const publisher = new SlotPublisher(feed.publisher(slotConfig(slot)), Vector3);
  const publish = (count: number): void => {
    for (let i = 0; i < count; i++) publisher.publish({ x: publisher.published + 1, y: 0, z: 0 });
  };
  publish(before);
  const participant = new MemoryParticipant(domain, 'node');
  const runtime = new NodeRuntime({
    cls,
    meta: nodeMeta(cls, cls.name),
    spec: { name: 'late', domain: 'test', params: {}, ports: { point: slot } },
    participant,
    log: createLogger(() => undefined),
    onFinish: () => undefined,
  });
  publish(4);
  await runtime.begin();
  await runtime.idle();
  publish(1);
  await runtime.idle();
  const { seen } = runtime.node as Recorder;
  await runtime.stop(1000);
  participant.leave();
  feed.leave();
  return seen;
}

describe('a node that joins late', () => {
  it('gets what it asked for of the past, then what is new, and no message twice', async () => {
    const since = (first: number, last: number, missed = 0): Seen =>
      Array.from({ length: last - first + 1 }, (_, i) => [first + i, i === 0 ? missed : 0]);
    assert.deepEqual(await seenBy(All, 3), since(1, 8));
    assert.deepEqual(await seenBy(All, 20), since(17, 25, 4), 'four went by between joining and begin');
    assert.deepEqual(await seenBy(LastTwo, 0), since(1, 5));
    assert.deepEqual(await seenBy(LastTwo, 20), since(19, 25));
    assert.deepEqual(await seenBy(Current, 20), [
      [24, 0],
      [25, 0],
    ]);
    assert.deepEqual(await seenBy(None, 20), since(21, 25));
  });
});
