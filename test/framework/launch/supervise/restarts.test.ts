import assert from 'node:assert/strict';
import { RESTART_DEFAULTS, type RestartPolicy } from '../../../../framework/launch/model.js';
import { Restarts, type Decision } from '../../../../framework/launch/supervise/restarts.js';

const CRASH = { failed: true, wasReady: true, isHopeless: false };
const UNREADY = { failed: true, wasReady: false, isHopeless: false };
const DONE = { failed: false, wasReady: true, isHopeless: false };

describe('Restarts', () => {
  const make = (policy: Partial<RestartPolicy> = {}): Restarts =>
    new Restarts({ ...RESTART_DEFAULTS, ...policy });
  const delays = (decisions: readonly Decision[]): (number | string)[] =>
    decisions.map((each) => (each.kind === 'restart' ? each.delayMs : each.kind));

  it('restarts a node that had been ready after the same delay, however often', () => {
    const restarts = make();
    const decisions = Array.from({ length: 1000 }, (_, index) => restarts.decide(CRASH, index));
    assert.deepEqual(new Set(delays(decisions)), new Set([200]));
  });

  it('waits longer after each end before ready, and gives up after the fifth', () => {
    const restarts = make();
    const decisions = Array.from({ length: 5 }, () => restarts.decide(UNREADY, 0));
    assert.deepEqual(delays(decisions), [200, 400, 800, 1600, 'failed']);
    assert.deepEqual(decisions[4], {
      kind: 'failed',
      reason: 'it ended 5 times in a row before it was ready',
    });
  });

  it('does not try again what would fail in the same way', () => {
    for (const policy of ['on-failure', 'always'] as const)
      assert.deepEqual(make({ policy, max: 10 }).decide({ ...UNREADY, isHopeless: true }, 0), {
        kind: 'failed',
        reason: 'it would fail in the same way again',
      });
  });

  it('counts anew once the node was ready', () => {
    const restarts = make();
    const ends = [UNREADY, UNREADY, UNREADY, UNREADY, CRASH, UNREADY, UNREADY];
    assert.deepEqual(
      delays(ends.map((end) => restarts.decide(end, 0))),
      [200, 400, 800, 1600, 200, 200, 400],
    );
  });

  it('lets delays grow to 10 s and no further', () => {
    const restarts = make({ max: 100, delayMs: 3000, backoff: 3 });
    assert.deepEqual(
      delays([1, 2, 3, 4].map(() => restarts.decide(UNREADY, 0))),
      [3000, 9000, 10_000, 10_000],
    );
    const slow = make({ max: 100, delayMs: 30_000 });
    assert.deepEqual(delays([1, 2].map(() => slow.decide(UNREADY, 0))), [30_000, 30_000]);
  });

  it('allows max restarts within the window, wherever the window begins', () => {
    const restarts = make({ max: 2, windowMs: 1000 });
    const times = [0, 900, 1001, 1902, 1903];
    assert.deepEqual(delays(times.map((time) => restarts.decide(CRASH, time))), [
      200,
      200,
      200,
      200,
      'failed',
    ]);
  });

  it('takes max for runs before ready too, in place of the five', () => {
    const restarts = make({ max: 7, backoff: 1 });
    const kinds = Array.from({ length: 8 }, () => restarts.decide(UNREADY, 0).kind);
    assert.deepEqual(kinds, [...Array<string>(7).fill('restart'), 'failed']);
    assert.deepEqual(make({ max: 0 }).decide(CRASH, 0), {
      kind: 'failed',
      reason: 'more than 0 restarts within 1m',
    });
  });

  it('follows the policy', () => {
    assert.equal(make({ policy: 'never' }).decide(CRASH, 0).kind, 'failed');
    assert.equal(make({ policy: 'never' }).decide(DONE, 0).kind, 'finished');
    assert.equal(make({ policy: 'on-failure' }).decide(DONE, 0).kind, 'finished');
    assert.deepEqual(make({ policy: 'always' }).decide(DONE, 0), { kind: 'restart', delayMs: 200 });
  });
});
