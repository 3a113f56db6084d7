import assert from 'node:assert/strict';
import { SlotWatch, type SlotExpectation } from '../../../../framework/launch/supervise/slot-watch.js';
import { until } from '../../../support/index.js';
import { Bench } from './bench.js';

/** Looks at one slot at times of a clock that stands still between them. */
class Rig {
  readonly news: string[] = [];
  isReady = true;
  #nowMs = 1000;
  readonly watch: SlotWatch;

  constructor(expectation: Omit<SlotExpectation, 'slot' | 'publishers'>) {
    this.watch = new SlotWatch(
      [{ slot: 'image', publishers: ['camera'], ...expectation }],
      (slot, isWell, message) => this.news.push(`${slot} ${isWell ? 'well' : 'not well'}: ${message}`),
    );
  }

  look(afterMs: number, sequence: number): void {
    this.#nowMs += afterMs;
    this.watch.look(this.#nowMs, new Map([['image', sequence]]), () => this.isReady);
  }
}

describe('SlotWatch', () => {
  it('tells a silence beyond the deadline once, and its end', () => {
    const rig = new Rig({ deadlineMs: 200 });
    rig.look(0, 5);
    rig.look(200, 5);
    assert.deepEqual(rig.news, []);
    rig.look(50, 5);
    rig.look(50, 5);
    assert.deepEqual(rig.news, ['image not well: has had no message for 0.25 s; its deadline is 0.2 s']);
    rig.look(50, 6);
    assert.deepEqual(rig.news.slice(1), ['image well: has messages again, after 0.35 s']);
    rig.look(150, 6);
    rig.look(150, 7);
    assert.equal(rig.news.length, 2);
  });

  it('begins when a publisher is ready, and rests when none is', () => {
    const rig = new Rig({ deadlineMs: 200, expectedRateHz: 10 });
    rig.isReady = false;
    for (let i = 0; i < 10; i++) rig.look(500, 0);
    rig.isReady = true;
    rig.look(500, 0);
    rig.look(150, 0);
    assert.deepEqual(rig.news, []);
    rig.look(100, 0);
    assert.equal(rig.news.length, 1);
    rig.isReady = false;
    rig.look(500, 0);
    rig.isReady = true;
    rig.look(500, 0);
    assert.equal(rig.news.length, 1);
  });

  it('tells a rate that is too low once, and when it is back', () => {
    const rig = new Rig({ expectedRateHz: 20 });
    let sequence = 100;
    rig.look(0, sequence);
    const second = (messages: number): void => {
      for (let i = 0; i < 2; i++) rig.look(500, (sequence += messages / 2));
    };
    second(20);
    second(40);
    assert.deepEqual(rig.news, []);
    second(10);
    second(10);
    assert.deepEqual(rig.news, ['image not well: has 10 messages a second; 20 are expected']);
    second(20);
    assert.deepEqual(rig.news.slice(1), ['image well: has 20 messages a second again']);
  });

  it('takes slow rates over ten messages, and one message more or less for the same', () => {
    const rig = new Rig({ expectedRateHz: 0.5 });
    rig.look(0, 0);
    for (let i = 1; i <= 39; i++) rig.look(500, Math.floor(i / 4));
    rig.look(500, 9);
    assert.deepEqual(rig.news, []);
    for (let i = 0; i < 40; i++) rig.look(500, 9);
    assert.deepEqual(rig.news, ['image not well: has 0 messages a second; 0.5 are expected']);
  });

  it('begins anew with a slot that counts from 1 again', () => {
    const rig = new Rig({ expectedRateHz: 10, deadlineMs: 1000 });
    rig.look(0, 500);
    rig.look(500, 505);
    rig.look(500, 1);
    rig.look(900, 10);
    assert.deepEqual(rig.news, []);
  });

  it('looks as often as its deadlines need', () => {
    const every = (deadlines: readonly number[]): number =>
      new SlotWatch(
        deadlines.map((deadlineMs) => ({ slot: 'a', publishers: [], deadlineMs })),
        () => undefined,
      ).everyMs;
    assert.deepEqual([[], [10_000], [1000, 400], [1]].map(every), [500, 500, 100, 50]);
  });

  it('is asked by a supervisor, for the nodes that are ready', async () => {
    const bench = new Bench([{ name: 'a', publishes: ['image'] }], {
      sequences: () => new Map([['image', 1]]),
      expectations: [{ slot: 'image', publishers: ['a'], deadlineMs: 60 }],
    });
    const news: string[] = [];
    bench.supervisor.on('slot', (slot, isWell, message) => news.push(`${slot} ${isWell} ${message}`));
    const run = bench.supervisor.run();
    await until(() => news.length > 0, 'news of the slot');
    assert.equal(bench.state('a'), 'ready');
    assert.match(news[0]!, /^image false has had no message for 0\.\d+ s; its deadline is 0\.06 s$/);
    await bench.supervisor.stop('test');
    assert.equal(await run, 0);
    assert.equal(news.length, 1);
  });
});
