import assert from 'node:assert/strict';
import type { TestDomain } from './conformance.js';
import { gate, Rig, turn } from './rig.js';

export function asynchronous(rig: () => Rig): void {
  it('lends the view until the promise settles, one run at a time, in order', async () => {
    const seen: number[] = [];
    let running = 0;
    const { feed, input } = rig().reads(
      'a',
      async (view, info) => {
        assert.equal(++running, 1);
        const { sequence } = info;
        for (let i = 0; i < 20; i++) {
          if (feed.published < 300) feed.publish({ value: feed.published + 1 });
          await turn();
          assert.equal(view.value, sequence, 'the view does not change while it is lent');
          assert.equal(info.sequence, sequence);
        }
        seen.push(view.value);
        running--;
      },
      { settings: { depth: 4 } },
    );
    feed.publish({ value: 1 });
    await rig().settled();
    assert.deepEqual(rig().failures, []);
    assert.equal(seen.at(-1), 300);
    assert.deepEqual(
      seen,
      [...seen].sort((a, b) => a - b),
    );
    assert.equal(seen.length + input.missed, 300);
  });

  it('runs as many at once as concurrency says, and no more', async () => {
    const gates: (() => void)[] = [];
    const { feed, input } = rig().reads(
      'a',
      (view) => {
        const { opened, open } = gate();
        gates[view.value] = open;
        return opened.then(() => assert.equal(view.value, view.value));
      },
      { concurrency: 2 },
    );
    for (let i = 0; i < 4; i++) feed.publish({ value: i });
    rig().dispatcher.start();
    const idle = rig().dispatcher.idle();
    for (let i = 0; i < 10; i++) await turn();
    assert.equal(input.received, 2);
    gates[1]!();
    for (let i = 0; i < 10; i++) await turn();
    assert.equal(input.received, 3);
    for (let i = 0; i < 4; i++) {
      gates[i]?.();
      for (let j = 0; j < 10; j++) await turn();
    }
    await idle;
    assert.equal(input.received, 4);
  });
}

export function loans(rig: () => Rig): void {
  it('discards the loans that a handler leaves open, and only those', async () => {
    const out = rig().writes('out');
    const mine = out.loan();
    const { feed } = rig().reads('a', (view) => {
      out.loan().value = view.value;
      if (view.value === 2) out.publish({ value: 2 });
    });
    for (let i = 1; i <= 20; i++) {
      feed.publish({ value: i });
      await rig().settled();
    }
    assert.equal(rig().left.length, 20);
    assert.deepEqual(rig().left[0], { slot: 'out', loans: 1 });
    mine.value = 5;
    assert.equal(mine.publish(), 2);
  });

  it('knows which asynchronous handler took a loan', async () => {
    const out = rig().writes('out');
    const slow = gate();
    const kept: { value: number; publish(): number }[] = [];
    const a = rig().reads('a', async () => {
      await turn();
      const loan = out.loan();
      await slow.opened;
      loan.value = 7;
      loan.publish();
    });
    const b = rig().reads('b', async () => {
      await turn();
      kept.push(out.loan());
    });
    a.feed.publish({ value: 1 });
    b.feed.publish({ value: 1 });
    b.feed.publish({ value: 2 });
    rig().dispatcher.start();
    while (b.input.received < 2 || rig().left.length < 2) await turn();
    assert.equal(out.published, 0);
    slow.open();
    await rig().settled();
    assert.equal(out.published, 1, 'the loan of the other handler was left alone');
    assert.deepEqual(rig().failures, []);
    assert.throws(() => kept[0]!.publish(), { code: 'ERR_BABUS_LOAN_CLOSED' });
  });
}

export async function noSpinning(openDomain: () => TestDomain): Promise<void> {
  const domain = openDomain();
  let rests = 0;
  const rig = new Rig(domain, (participant) => ({
    row: participant.row,
    retired: false,
    publisher: (config) => participant.publisher(config),
    subscription: (config) => participant.subscription(config),
    subscriptionTo: (slot) => participant.subscriptionTo(slot),
    leave: () => participant.leave(),
    waiter(onWake) {
      const waiter = participant.waiter(onWake);
      return {
        add: (subscription) => waiter.add(subscription),
        remove: (subscription) => waiter.remove(subscription),
        ref: () => waiter.ref(),
        unref: () => waiter.unref(),
        mechanism: waiter.mechanism,
        close: () => waiter.close(),
        arm: () => waiter.arm(),
        look: () => waiter.look(),
        rest() {
          rests++;
          return waiter.rest();
        },
      };
    },
  }));
  const busy = gate();
  const { feed, input } = rig.reads('a', () => busy.opened);
  for (let i = 0; i < 5; i++) feed.publish({ value: i });
  rig.dispatcher.start();
  for (let i = 0; i < 200; i++) await turn();
  assert.equal(input.received, 1);
  assert.ok(rests <= 3, `came to rest ${rests} times while nothing could be delivered`);
  busy.open();
  await rig.dispatcher.idle();
  assert.equal(input.received, 5);
  rig.dispatcher.stop();
  domain.end();
}
