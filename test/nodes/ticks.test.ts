import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { ticks } from '../../nodes/common/ticks.js';
import { watchdog } from '../support/index.js';

/** A clock that shows the given times, one at each look, and then the last one for ever. */
function clockOf(...times: number[]): { monotonicMs(): number; wallMs(): number } {
  let last = 0;
  return { monotonicMs: () => (last = times.shift() ?? last), wallMs: () => 0 };
}

describe('nodes/common: ticks', () => {
  it('counts each moment from the start, and leaves out the ones that passed', async () => {
    const stop = new AbortController();
    // At 100 Hz, looked at: for the start, then before each moment.
    const clock = clockOf(1000, 1000, 1004, 1019.9, 1021, 1075, 1076, 1090);
    const skipped: number[] = [];
    for await (const tick of ticks(100, clock, stop.signal)) {
      skipped.push(tick.skipped);
      if (skipped.length === 7) break;
    }
    // 1000, 1010, 1020 though it is late, 1030, 1070 instead of 1040, 1080, 1090.
    assert.deepEqual(skipped, [0, 0, 0, 0, 3, 0, 0]);
  });

  it('lets others run when every moment is late', async () => {
    const stop = new AbortController();
    let now = 0;
    const clock = { monotonicMs: () => (now += 50), wallMs: () => 0 };
    setImmediate(() => stop.abort());
    for await (const { skipped } of ticks(1000, clock, stop.signal)) assert.ok(skipped > 0);
    assert.ok(stop.signal.aborted);
  });

  it('ends without an error when it is told to, while waiting or before', async () => {
    const stop = new AbortController();
    const clock = clockOf(0);
    const moments = ticks(0.001, clock, stop.signal);
    assert.deepEqual(await moments.next(), { done: false, value: { skipped: 0 } });
    const second = moments.next();
    stop.abort();
    assert.deepEqual(await watchdog(second, 'the end'), { done: true, value: undefined });
    for await (const _ of ticks(0.001, clock, stop.signal)) assert.fail('there was a moment after the end');
    assert.equal(getEventListeners(stop.signal, 'abort').length, 0);
  });
});
