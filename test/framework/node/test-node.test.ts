import assert from 'node:assert/strict';
import {
  Clock,
  inject,
  Node,
  node,
  param,
  publishes,
  subscribes,
  testNode,
} from '../../../framework/index.js';
import type { Publisher, View } from '../../../framework/index.js';
import { Vector3 } from '../../../schemas/index.js';
import { Sample } from './sample.js';

const point = (x: number, y = 0): Vector3 => ({ x, y, z: 0 });

describe('testNode', () => {
  it('delivers what is published, and keeps what the node publishes', async () => {
    const t = await testNode(Sample, { params: { gain: 3 }, slots: { point: { depth: 2 } } });
    assert.deepEqual(t.node.calls, ['onStart']);
    assert.equal(t.publish('point', point(1)), 1);
    t.publish('point', point(2));
    await t.settled();
    for (let x = 3; x <= 6; x++) t.publish('point', point(x));
    await t.settled();
    assert.deepEqual(t.received('sum'), [
      { x: 3, y: 1, z: 0 },
      { x: 6, y: 2, z: 0 },
      { x: 15, y: 3, z: 2 },
      { x: 18, y: 4, z: 0 },
    ]);
    assert.deepEqual(t.received('picture'), []);
    const { received, missed, failed, slot } = t.node.point;
    assert.deepEqual(
      { received, missed, failed, slot },
      { received: 4, missed: 2, failed: 0, slot: 'point' },
    );
    assert.equal(t.node.name, 'Sample');
    await t.stop();
    assert.deepEqual(t.node.calls, ['onStart', 'onStop']);
    assert.deepEqual(t.log, []);
  });

  it('logs what handlers throw with slot and sequence, and goes on', async () => {
    await using t = await testNode(Sample);
    t.publish('point', point(-1));
    t.publish('point', point(1));
    await t.settled();
    assert.deepEqual(t.received('sum'), [{ x: 2, y: 2, z: 0 }]);
    assert.equal(t.node.point.failed, 1);
    const [{ level, message, fields } = assert.fail()] = t.log;
    assert.deepEqual(
      [level, message, fields['slot'], fields['sequence']],
      ['error', 'onPoint failed', 'point', 1],
    );
    assert.match(String((fields['error'] as Error).stack), /negative x in message 1\n.*sample/s);
  });

  it('discards loans that handlers and timers leave open, and says so', async () => {
    await using t = await testNode(Sample);
    for (let i = 0; i < 10; i++) t.publish('point', point(1, 1));
    await t.settled();
    t.publish('point', point(4));
    await t.settled();
    for (let i = 0; i < 10; i++) await t.tick('badTick');
    assert.deepEqual(t.received('sum'), [{ x: 8, y: 9, z: 0 }]);
    const warnings = t.log.filter(({ level }) => level === 'warn');
    assert.equal(warnings.length, 18);
    assert.deepEqual(warnings[0], {
      level: 'warn',
      message:
        'onPoint ended with a loan open, which was discarded; publish() or discard() loans before the method ends',
      fields: { slot: 'sum', loans: 1 },
    });
    assert.match(warnings[17]!.message, /^badTick ended with a loan open/);
    assert.deepEqual(warnings[17]!.fields, { slot: 'picture', loans: 1 });
    const errors = t.log.filter(({ level }) => level === 'error').map(({ message }) => message);
    assert.deepEqual(errors, Array<string>(10).fill('badTick failed'));
  });

  it('runs timers when told, leaving out ticks that would overlap', async () => {
    const t = await testNode(Sample);
    await t.tick('tick');
    await t.tick('tick');
    const slow = t.tick('slowTick');
    await t.tick('slowTick');
    await t.tick('slowTick');
    assert.deepEqual(t.node.calls, ['onStart', 'tick', 'tick', 'slowTick']);
    t.node.waiting.shift()!();
    await slow;
    await assert.rejects(t.tick('tock'), {
      code: 'ERR_BABUS_ARGUMENT',
      message: "'tock' is no @every method; did you mean 'tick'?",
    });
    await t.stop();
    assert.deepEqual(t.log, [
      {
        level: 'warn',
        message: 'slowTick: ticks were left out, because the one before or the event loop took too long',
        fields: { ticks: 2 },
      },
    ]);
  });

  it('waits in settled() and stop() for what is under way', async () => {
    const t = await testNode(Sample);
    t.publish('slow', point(1));
    let settled = false;
    const settling = t.settled().then(() => (settled = true));
    while (t.node.waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(settled, false);
    t.node.waiting.shift()!();
    await settling;
    t.publish('slow', point(2));
    while (t.node.waiting.length === 0) await new Promise((resolve) => setImmediate(resolve));
    const stopping = t.stop();
    t.node.waiting.shift()!();
    await stopping;
    assert.deepEqual(t.node.calls, ['onStart', 'slow done', 'slow done', 'onStop']);
    assert.throws(() => t.node.sum.publish(point(1)), { code: 'ERR_BABUS_CLOSED' });
  });

  it('passes on what onStart and onStop throw', async () => {
    const t = await testNode(Sample, { params: { gain: 10 } });
    await assert.rejects(t.stop(), /onStop of sample/);
    @node()
    class Unwilling extends Node {
      override onStart(): void {
        throw new Error('not today');
      }
    }
    await assert.rejects(testNode(Unwilling), /not today/);
  });

  it('tells when the node finishes, once', async () => {
    await using well = await testNode(Sample);
    const finished = well.finished();
    well.node.finish();
    well.node.finish(new Error('too late'));
    await finished;
    await well.finished();
    await using badly = await testNode(Sample);
    badly.node.finish(new Error('no input'));
    await assert.rejects(badly.finished(), /no input/);
  });

  it('refuses parameters, ports and values that do not fit', async () => {
    const refusals: [Parameters<typeof testNode>[1], string][] = [
      [{ params: { gains: 1 } }, "ERR_BABUS_PARAM Sample: no parameter 'gains'; did you mean 'gain'?"],
      [
        { params: { gain: 11 } },
        "ERR_BABUS_PARAM Sample: parameter 'gain' wants a number from 0 to 10, given 11",
      ],
      [
        { slots: { points: {} } },
        "ERR_BABUS_PORT there is no port 'points' of that direction; did you mean 'point'?",
      ],
    ];
    for (const [options, wanted] of refusals)
      await assert.rejects(testNode(Sample, options), (error: { code: string; message: string }) => {
        assert.equal(`${error.code} ${error.message}`, wanted);
        return true;
      });
    await using t = await testNode(Sample);
    assert.throws(() => t.publish('sum', point(1)), { code: 'ERR_BABUS_PORT' });
    assert.throws(() => t.received('point'), { code: 'ERR_BABUS_PORT' });
    assert.throws(() => t.publish('point', { x: 'one' }), { code: 'ERR_BABUS_VALUE' });
    assert.throws(() => t.publish('point', { w: 1 }), { code: 'ERR_BABUS_VALUE' });
  });

  it('refuses classes without @node(), and new without babus', async () => {
    class Undecorated extends Sample {}
    await assert.rejects(testNode(Undecorated), {
      code: 'ERR_BABUS_NODE_CLASS',
      message: 'Undecorated is no node class: it needs the decorator @node() and extends Node',
    });
    assert.throws(() => new Sample(), {
      code: 'ERR_BABUS_NODE_CLASS',
      message: 'Sample: nodes are constructed by babus launch, or by testNode() in a unit test',
    });
  });

  it('gives parameters and publishers to initializers and the constructor (standard decorators)', async () => {
    @node()
    class Early extends Node {
      @param({ type: 'integer', default: 4 }) size!: number;
      @publishes(Vector3) readonly out!: Publisher<Vector3>;
      readonly doubled = this.size * 2;
      readonly slot: string;
      constructor() {
        super();
        this.slot = this.out.slot;
        this.size += 1;
      }
    }
    await using t = await testNode(Early);
    assert.deepEqual([t.node.doubled, t.node.slot, t.node.size], [8, 'out', 5]);
  });

  it('refuses fields that have a value of their own', async () => {
    @node()
    class Twice extends Node {
      @param({ type: 'integer', default: 4 }) size = 3;
    }
    await assert.rejects(testNode(Twice), {
      code: 'ERR_BABUS_NODE_CLASS',
      message:
        "Twice: field 'size' gets its value from babus; leave its initializer out (parameters take a 'default')",
    });
  });

  it('replaces services', async () => {
    @node()
    class Timed extends Node {
      readonly clock = inject(Clock);
      @publishes(Vector3) readonly out!: Publisher<Vector3>;
      @subscribes(Vector3) onIn(_view: View<Vector3>): void {
        this.out.publish(point(this.clock.monotonicMs()));
      }
    }
    const clock: Clock = { monotonicMs: () => 77, wallMs: () => 0 };
    await using t = await testNode(Timed, { provide: [[Clock, clock]] });
    t.publish('in', point(0));
    await t.settled();
    assert.deepEqual(t.received('out'), [point(77)]);
  });

  it('refuses more concurrency than there are pins', async () => {
    @node()
    class Greedy extends Node {
      @subscribes(Vector3, { concurrency: 5 }) async onIn(): Promise<void> {
        await Promise.resolve();
      }
    }
    await assert.rejects(testNode(Greedy), {
      code: 'ERR_BABUS_NODE_CLASS',
      message:
        'Greedy.onIn: concurrency 5 needs as many pins, and in gives a reader 4; raise slots.in.pins_per_reader',
    });
    await (await testNode(Greedy, { slots: { in: { pinsPerReader: 5 } } })).stop();
  });
});
