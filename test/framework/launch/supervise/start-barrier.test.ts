import assert from 'node:assert/strict';
import { StartBarrier } from '../../../../framework/launch/supervise/start-barrier.js';
import { FakeTimers, until } from '../../../support/index.js';

/** A barrier, and with which late nodes it opened. */
function barrier(nodes: readonly string[], deadlineMs = 1e6): { barrier: StartBarrier; opened: string[][] } {
  const opened: string[][] = [];
  return { barrier: new StartBarrier(nodes, (late) => opened.push([...late]), deadlineMs), opened };
}

describe('StartBarrier', () => {
  it('opens when everybody has arrived, once', () => {
    const { barrier: start, opened } = barrier(['a', 'b', 'c']);
    start.arrived('b');
    start.arrived('a');
    start.arrived('a');
    start.arrived('stranger');
    assert.deepEqual(opened, []);
    start.arrived('c');
    assert.deepEqual(opened, [[]]);
    start.arrived('c');
    assert.deepEqual(opened, [[]]);
  });

  it('is open at once for a node alone', () => {
    const { barrier: start, opened } = barrier(['a']);
    start.arrived('a');
    assert.deepEqual(opened, [[]]);
  });

  it('opens without those that do not arrive, and names them', async () => {
    const { barrier: start, opened } = barrier(['a', 'b', 'c'], 20);
    start.arrived('b');
    await until(() => opened.length > 0, 'the barrier to open');
    assert.deepEqual(opened, [['a', 'c']]);
    start.arrived('a');
    start.arrived('c');
    assert.equal(opened.length, 1);
  });

  it('counts its deadline from the last who arrived', () => {
    const timers = new FakeTimers();
    try {
      const { barrier: start, opened } = barrier(['a', 'b', 'c'], 100);
      timers.pass(90);
      start.arrived('a');
      timers.pass(90);
      // Neither a stranger nor who has arrived before gives more time.
      start.arrived('a');
      start.arrived('stranger');
      assert.deepEqual(opened, []);
      timers.pass(10);
      assert.deepEqual(opened, [['b', 'c']]);
    } finally {
      timers.restore();
    }
  });

  it('does not open any more once it is cancelled', () => {
    const timers = new FakeTimers();
    try {
      const { barrier: start, opened } = barrier(['a'], 100);
      start.cancel();
      start.arrived('a');
      timers.pass(1000);
      assert.deepEqual(opened, []);
    } finally {
      timers.restore();
    }
  });
});
