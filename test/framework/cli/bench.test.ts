import assert from 'node:assert/strict';
import { runCli } from '../../support/index.js';

describe('babus bench', () => {
  it('hands its options to the benchmark, and its exit code back', async () => {
    const suite = await runCli(['bench', '--only', 'nonsense']);
    assert.equal(suite.code, 2);
    assert.match(suite.stderr, /--only nonsense: there is no such suite; there are latency, /);
    const mechanism = await runCli(['bench', '--mechanism', 'loop,bell']);
    assert.equal(mechanism.code, 2);
    assert.match(mechanism.stderr, /there is no mechanism 'bell'; there are auto, auto\+spin, loop, /);
  });
});
