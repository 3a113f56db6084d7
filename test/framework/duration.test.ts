import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  durationProblem,
  formatDuration,
  MAX_DURATION_MS,
  parseDurationMs,
} from '../../framework/duration.js';

describe('durations', () => {
  const good: [string, number][] = [
    ['0s', 0],
    ['50us', 0.05],
    ['500ms', 500],
    ['1s', 1000],
    ['1.5s', 1500],
    ['2m', 120_000],
    ['576h', MAX_DURATION_MS],
  ];
  for (const [text, ms] of good) it(`${text} is ${ms} ms`, () => assert.equal(parseDurationMs(text), ms));

  const bad: [string, RegExp][] = [
    ['500', /'500' has no unit; write 500s or 500ms/],
    ['', /'' is not a duration/],
    ['1 s', /not a duration/],
    ['-1s', /not a duration/],
    ['1e3s', /not a duration/],
    ['.5s', /not a duration/],
    ['1d', /not a duration/],
    ['1S', /not a duration/],
    ['1s\n', /not a duration/],
    ['577h', /too long; at most 24 days/],
    [`${'9'.repeat(400)}h`, /too long/],
  ];
  for (const [text, message] of bad)
    it(`${JSON.stringify(text.slice(0, 20))} is refused`, () =>
      assert.throws(() => parseDurationMs(text), { code: 'ERR_BABUS_ARGUMENT', message }));

  it('fit into a timer', () => assert.ok(MAX_DURATION_MS < 2 ** 31));

  it('are printed so that they read back as the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MAX_DURATION_MS }), (ms) => {
        const text = formatDuration(ms);
        assert.equal(durationProblem(text), undefined);
        assert.ok(Math.abs(parseDurationMs(text) - ms) < 1e-6 * Math.max(1, ms), text);
      }),
    );
    assert.deepEqual([0, 0.5, 200, 1500, 60_000, 3_600_000].map(formatDuration), [
      '0ms',
      '500us',
      '200ms',
      '1.5s',
      '1m',
      '1h',
    ]);
  });
});
