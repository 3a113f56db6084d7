import assert from 'node:assert/strict';
import { IntervalStats } from '../../../framework/tools/interval-stats.js';

describe('rate reports', () => {
  it('need two messages', () => {
    const stats = new IntervalStats(10);
    assert.equal(stats.report(), undefined);
    stats.add({ sequence: 1, ms: 5, bytes: 100 });
    assert.equal(stats.report(), undefined);
  });

  it('give rate, spread and bandwidth', () => {
    const stats = new IntervalStats(10);
    for (const [sequence, ms] of [
      [1, 0],
      [2, 10],
      [3, 30],
      [4, 40],
    ] as const)
      stats.add({ sequence, ms, bytes: 100 });
    const { stddev_ms, ...rest } = stats.report()!;
    assert.deepEqual(rest, { rate_hz: 75, min_ms: 10, max_ms: 20, window: 4, bytes_per_s: 7500 });
    assert.ok(Math.abs(stddev_ms! - Math.sqrt(200 / 9)) < 1e-9);
  });

  it("report the publisher's rate although the reader missed messages, and no interval across the gap", () => {
    const stats = new IntervalStats(10);
    stats.add({ sequence: 1, ms: 0, bytes: 8 });
    stats.add({ sequence: 2, ms: 10, bytes: 8 });
    stats.add({ sequence: 11, ms: 100, bytes: 8 });
    const report = stats.report()!;
    assert.deepEqual([report.rate_hz, report.min_ms, report.max_ms], [100, 10, 10]);
  });

  it('look back no further than the window', () => {
    const stats = new IntervalStats(2);
    for (const [sequence, ms] of [
      [1, 0],
      [2, 1000],
      [3, 1010],
    ] as const)
      stats.add({ sequence, ms, bytes: 8 });
    assert.equal(stats.report()!.rate_hz, 100);
  });
});
