import assert from 'node:assert/strict';
import { gate, turn, type Handler, type Rig } from './rig.js';

export function failing(rig: () => Rig): void {
  it('reports handlers that throw or reject, and goes on', async () => {
    const seen: number[] = [];
    const handlers: Handler[] = [
      (view) => {
        seen.push(view.value);
        if (view.value === 2) throw new Error('thrown');
      },
      async (view) => {
        await turn();
        seen.push(view.value);
        if (view.value === 2) throw new Error('rejected');
      },
    ];
    for (const [index, handler] of handlers.entries()) {
      const { feed, input } = rig().reads(`slot${index}`, handler);
      for (const value of [1, 2, 3]) feed.publish({ value });
      await rig().settled();
      assert.deepEqual(seen.splice(0), [1, 2, 3]);
      assert.equal(input.failed, 1);
    }
    assert.deepEqual(
      rig().failures.map(({ slot, sequence, error }) => [slot, sequence, (error as Error).message]),
      [
        ['slot0', 2, 'thrown'],
        ['slot1', 2, 'rejected'],
      ],
    );
  });
}

export function corrupting(rig: () => Rig): void {
  it('leaves a corrupt message out, and says so', async () => {
    const seen: number[] = [];
    const { feed } = rig().reads('a', (view) => seen.push(view.value));
    feed.publish({ value: 1 });
    const loan = feed.loan();
    (loan as unknown as { _m: { length: number } })._m.length = 3;
    loan.publish();
    feed.publish({ value: 2 });
    await rig().settled();
    assert.deepEqual(seen, [1, 2]);
    assert.equal(rig().troubles.length, 1);
    assert.match((rig().troubles[0] as Error).message, /^a: a message of 3 bytes; test\/Count takes 8/);
  });

  it('tells with the next sound message all that was missed before, at and after a corrupt one', async () => {
    const seen: [number, number][] = [];
    const { feed, input } = rig().reads('a', (_view, info) => seen.push([info.sequence, info.missed]), {
      settings: { depth: 3 },
    });
    const corrupt = (): void => {
      const loan = feed.loan();
      (loan as unknown as { _m: { length: number } })._m.length = 3;
      loan.publish();
    };
    feed.publish({ value: 1 });
    feed.publish({ value: 2 });
    corrupt();
    corrupt();
    feed.publish({ value: 5 });
    feed.publish({ value: 6 });
    corrupt();
    await rig().settled();
    feed.publish({ value: 8 });
    await rig().settled();
    assert.deepEqual(seen, [
      [5, 4],
      [6, 0],
      [8, 1],
    ]);
    assert.equal(input.missed, 5);
    assert.equal(input.received, 3);
  });
}

export function stopping(rig: () => Rig): void {
  it('is idle at once when it is stopped before its first turn', async () => {
    const { feed, input } = rig().reads('a', () => undefined);
    feed.publish({ value: 1 });
    rig().dispatcher.start();
    rig().dispatcher.stop();
    await rig().dispatcher.idle();
    assert.equal(input.received, 0);
  });

  it('waits for handlers under way after stop(), and delivers nothing more', async () => {
    const { opened, open } = gate();
    let ended = false;
    const { feed, input } = rig().reads('a', async () => {
      await opened;
      ended = true;
    });
    feed.publish({ value: 1 });
    feed.publish({ value: 2 });
    rig().dispatcher.start();
    await turn();
    await turn();
    rig().dispatcher.stop();
    const idle = rig().dispatcher.idle();
    assert.equal(ended, false);
    open();
    await idle;
    assert.equal(ended, true);
    assert.equal(input.received, 1);
  });
}
