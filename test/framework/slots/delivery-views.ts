import assert from 'node:assert/strict';
import type { HeldView } from '../../../framework/schema/runtime/memory.js';
import type { View } from '../../../framework/schema/types.js';
import type { Count } from './count.js';
import { gate, turn, type Rig } from './rig.js';

type HeldCount = HeldView<View<Count>>;

const ended = { code: 'ERR_BABUS_VIEW_ENDED' };

/** hold(): a message beyond its handler's end. */
export function holding(rig: () => Rig): void {
  it('keeps what a handler holds, while later messages come', async () => {
    const held: HeldCount[] = [];
    const settings = { depth: 2, pinsPerReader: 3 };
    const { feed, input } = rig().reads('a', (view) => view.value <= 2 && held.push(view.hold()), {
      settings,
    });
    for (let value = 1; value <= 40; value++) {
      feed.publish({ value });
      await rig().settled();
    }
    assert.deepEqual(rig().failures, []);
    assert.equal(input.received, 40);
    assert.deepEqual(
      held.map(({ view }) => view.value),
      [1, 2],
    );
    for (const one of held) one.release();
    assert.doesNotThrow(() => [input.at(-1), input.at(-2)].forEach((one) => one!.release()));
  });

  it('refuses to hold the pins that delivery needs, and goes on when one is given back', async () => {
    const held: HeldCount[] = [];
    const settings = { pinsPerReader: 2 };
    const { feed } = rig().reads('a', (view) => held.push(view.hold()), { settings });
    feed.publish({ value: 1 });
    feed.publish({ value: 2 });
    await rig().settled();
    assert.deepEqual(
      rig().failures.map(({ sequence, error }) => [sequence, (error as { code: string }).code]),
      [[2, 'ERR_BABUS_PIN_QUOTA']],
    );
    held[0]!.release();
    held[0]!.release();
    feed.publish({ value: 3 });
    await rig().settled();
    assert.equal(rig().failures.length, 1);
    assert.equal(held[1]!.view.value, 3);
  });

  it('takes one pin however often a message is held, until the last release', async () => {
    const settings = { depth: 1, pinsPerReader: 2 };
    const held: HeldCount[] = [];
    const { feed, input } = rig().reads(
      'a',
      (view) => {
        if (view.value !== 1) return;
        view.hold().release();
        held.push(view.hold(), view.hold());
      },
      { settings },
    );
    feed.publish({ value: 1 });
    await rig().settled();
    held[0]!.release();
    feed.publish({ value: 2 });
    await rig().settled();
    feed.publish({ value: 3 });
    await rig().settled();
    assert.equal(held[1]!.view.value, 1);
    assert.throws(() => input.latest(), { code: 'ERR_BABUS_PIN_QUOTA' });
    held[1]!.release();
    input.latest()!.release();
    assert.deepEqual(rig().failures, []);
  });
}

export function notHolding(rig: () => Rig): void {
  it('refuses hold() for a loan, and for a message of no handler', () => {
    const { feed, input } = rig().reads('a', () => undefined);
    const loan = feed.loan();
    assert.throws(() => loan.hold(), { code: 'ERR_BABUS_ARGUMENT' });
    loan.publish();
    const message = input.latest()!;
    assert.throws(() => message.view.hold(), { code: 'ERR_BABUS_ARGUMENT' });
    message.release();
  });
}

/** The checking mode: a rig whose views are checked. */
export function checking(rig: () => Rig): void {
  it('makes a view fail once its handler has returned, naming slot, message and handler', async () => {
    const kept: View<Count>[] = [];
    const { feed, input } = rig().reads('a', (view) => kept.push(view), { checking: true });
    input.nameHandler('onCount');
    feed.publish({ value: 1 });
    feed.publish({ value: 2 });
    await rig().settled();
    assert.notEqual(kept[0], kept[1]);
    const message =
      'a: message 1 was used after onCount had returned; keep its data with clone(), or the message with hold()';
    for (const use of [() => kept[0]!.value, () => kept[0]!.clone(), () => kept[0]!.hold()])
      assert.throws(use, { ...ended, message });
    assert.deepEqual(rig().failures, []);
  });

  it('lends a view to an asynchronous handler until it settles', async () => {
    const { opened, open } = gate();
    let kept: View<Count> | undefined;
    const { feed } = rig().reads(
      'a',
      async (view) => {
        kept = view;
        await opened;
        assert.equal(view.value, 7);
      },
      { checking: true },
    );
    feed.publish({ value: 7 });
    rig().dispatcher.start();
    while (!kept) await turn();
    assert.equal(kept.value, 7);
    open();
    await rig().settled();
    assert.throws(() => kept!.value, ended);
    assert.deepEqual(rig().failures, []);
  });

  it('makes held messages fail once they are released', async () => {
    const held: HeldCount[] = [];
    const { feed, input } = rig().reads('a', (view) => held.push(view.hold()), { checking: true });
    feed.publish({ value: 1 });
    await rig().settled();
    const latest = input.latest()!;
    const walked = [...input].map(({ view }) => view);
    assert.equal(held[0]!.view.value, 1);
    assert.equal(latest.view.value, 1);
    held[0]!.release();
    latest.release();
    for (const view of [held[0]!.view, latest.view, walked[0]!])
      assert.throws(() => view.value, { ...ended, message: /after it was released/ });
  });

  it('reports a handler that writes into its message, and leaves the message as it is', async () => {
    const write = (view: View<Count>): void => {
      (view as unknown as { _m: { f64: Float64Array } })._m.f64[0] = 9;
    };
    const { feed, input } = rig().reads('a', write, { checking: true });
    feed.publish({ value: 1 });
    await rig().settled();
    assert.deepEqual(
      rig().failures.map(({ sequence, error }) => [sequence, (error as { code: string }).code]),
      [[1, 'ERR_BABUS_VIEW_WRITTEN']],
    );
    const latest = input.latest()!;
    assert.equal(latest.view.value, 1);
    latest.release();
  });
}
