import assert from 'node:assert/strict';
import { native } from '../../../framework/native.js';
import { percentileNs } from '../../../framework/tools/latency.js';

describe('latency percentiles from buckets', () => {
  const bounds = Float64Array.of(0, 100, 200, 400, 800);

  it('lie inside the bucket that holds the share, spread evenly', () => {
    const counts = Float64Array.of(0, 10, 0, 10, 0);
    assert.equal(percentileNs(counts, bounds, 0.25), 150);
    assert.equal(percentileNs(counts, bounds, 0.5), 200);
    assert.equal(percentileNs(counts, bounds, 0.75), 600);
    assert.equal(percentileNs(counts, bounds, 1), 800);
  });

  it('are undefined when nothing was counted', () => {
    assert.equal(percentileNs(new Float64Array(5), bounds, 0.5), undefined);
  });

  it('do not run out of the last bucket, which has no end', () => {
    assert.equal(percentileNs(Float64Array.of(0, 0, 0, 0, 3), bounds, 0.99), 800);
  });

  it('use bounds of the core that grow by an eighth of an octave at most, from 256 ns on', () => {
    const core = native().latencyBucketBoundsNs();
    assert.equal(core[0], 0);
    for (let i = 1; i < core.length; i++) assert.ok(core[i]! > core[i - 1]!);
    for (let i = 2; i < core.length; i++) assert.ok(core[i]! / core[i - 1]! <= 1.125 + 1e-12);
    assert.equal(core[8], 512);
  });
});
