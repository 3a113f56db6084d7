import assert from 'node:assert/strict';
import type { Info } from '../../../framework/slots/index.js';
import type { Handler, Rig } from './rig.js';

export function order(rig: () => Rig): void {
  it('hands over by publish time across slots, by sequence within one', async () => {
    const seen: string[] = [];
    const note: Handler = (view, info) => seen.push(`${info.slot} ${info.sequence} ${view.value}`);
    const a = rig().reads('a', note);
    const b = rig().reads('b', note);
    const expected: string[] = [];
    for (const [index, feed] of [b, a, a, b, a, b, b].map(({ feed }, i) => [i, feed] as const)) {
      expected.push(`${feed.slot} ${feed.publish({ value: index })} ${index}`);
      // The clocks have to tell neighbours apart.
      const start = process.hrtime.bigint();
      while (process.hrtime.bigint() - start < 2000n);
    }
    await rig().settled();
    assert.deepEqual(seen, expected);
    assert.equal(a.input.received, 3);
    assert.equal(b.input.received, 4);
  });

  it('tells the handler what it missed, and counts it', async () => {
    const seen: [number, number][] = [];
    const { feed, input } = rig().reads('a', (_view, info) => seen.push([info.sequence, info.missed]), {
      settings: { depth: 3 },
    });
    for (let i = 0; i < 8; i++) feed.publish({ value: i });
    await rig().settled();
    assert.deepEqual(seen, [
      [6, 5],
      [7, 0],
      [8, 0],
    ]);
    assert.equal(input.missed, 5);
    assert.equal(input.received, 3);
    assert.equal(feed.published, 8);
  });

  it('passes over all but the newest with latest', async () => {
    const seen: number[] = [];
    const { feed, input } = rig().reads('a', (view) => seen.push(view.value), { latest: true });
    for (let i = 1; i <= 5; i++) feed.publish({ value: i });
    await rig().settled();
    feed.publish({ value: 6 });
    await rig().settled();
    assert.deepEqual(seen, [5, 6]);
    assert.deepEqual([input.received, input.skipped, input.missed], [2, 4, 0]);
  });
}

export function turns(rig: () => Rig): void {
  it('lets the event loop have its turns between messages', async () => {
    const total = 1000;
    let delivered = 0;
    let whenImmediateRan = 0;
    const { feed } = rig().reads(
      'a',
      () => {
        if (delivered++ === 0) setImmediate(() => (whenImmediateRan = delivered));
      },
      { settings: { depth: total } },
    );
    for (let i = 0; i < total; i++) feed.publish({ value: i });
    await rig().settled();
    assert.equal(delivered, total);
    assert.ok(whenImmediateRan > 0 && whenImmediateRan <= 128, `ran after ${whenImmediateRan} messages`);
  });

  it('hands out the same info and view objects again', async () => {
    const infos = new Set<Info>();
    const views = new Set<unknown>();
    const { feed } = rig().reads('a', (view, info) => void (infos.add(info), views.add(view)));
    for (let i = 0; i < 200; i++) {
      feed.publish({ value: i });
      await rig().settled();
    }
    assert.equal(infos.size, 1);
    assert.ok(views.size <= 12, `${views.size} views for a slot of depth 8`);
  });

  it('delivers what a handler publishes to a slot it reads', async () => {
    const seen: number[] = [];
    const { feed } = rig().reads('a', (view) => {
      seen.push(view.value);
      if (view.value < 5) feed.publish({ value: view.value + 1 });
    });
    feed.publish({ value: 1 });
    await rig().settled();
    assert.deepEqual(seen, [1, 2, 3, 4, 5]);
  });
}

export function pins(rig: () => Rig): void {
  it('keeps delivering while all other pins are held', async () => {
    const seen: number[] = [];
    const { feed, input } = rig().reads('a', (view) => seen.push(view.value));
    for (let i = 1; i <= 3; i++) feed.publish({ value: i });
    const held = [input.at(1)!, input.at(-1)!, input.latest()!];
    assert.throws(() => input.at(2), { code: 'ERR_BABUS_PIN_QUOTA' });
    for (let i = 4; i <= 30; i++) feed.publish({ value: i });
    await rig().settled();
    assert.deepEqual(seen, [23, 24, 25, 26, 27, 28, 29, 30]);
    assert.deepEqual(
      held.map(({ view, info }) => [view.value, info.sequence]),
      [
        [1, 1],
        [3, 3],
        [3, 3],
      ],
    );
    for (const one of held) one.release();
    held[0]!.release();
    assert.equal(input.at(1000), undefined);
    assert.equal(input.at(22), undefined);
    const { view, info } = input.at(-8)!;
    assert.deepEqual([view.value, info.sequence, info.slot], [23, 23, 'a']);
    for (const which of [0, 1.5, NaN]) assert.throws(() => input.at(which), { code: 'ERR_BABUS_ARGUMENT' });
  });
}
