import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadLaunch } from '../../framework/launch/index.js';
import { nodeClass, schema } from '../framework/launch/plan/descriptors.js';
import { tempDir } from '../support/index.js';

const CLASS = nodeClass(
  'Camera',
  { '>image': schema('std/Image', ['x'], true), '<imu': schema('std/Imu') },
  { rate: { type: 'number', default: 3 }, tags: { type: 'string[]', default: [] } },
);

/** Values that are often right and often wrong at a place of a launch file. */
const value = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    '',
    'image',
    '/a/b',
    '$(arg x)',
    '$(env HOME)',
    '$(',
    '${x}',
    'always',
    '1s',
    '__proto__',
  ),
  fc.integer({ min: -2, max: 70_000 }),
  fc.double(),
  fc.boolean(),
  fc.array(fc.constantFrom<unknown>('a', 1, null), { maxLength: 2 }),
  fc.dictionary(fc.constantFrom('a', 'image', 'constructor'), fc.constantFrom<unknown>(1, 'x', {}), {
    maxKeys: 2,
  }),
);

/** Mostly one of the right values, so that errors are few and many files are valid. */
const mostly = (...right: unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof({ weight: 200, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: value });

const mapOf = (entries: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<unknown> =>
  fc.oneof(
    { weight: 200, arbitrary: fc.record(entries, { requiredKeys: [] }) },
    { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('rate', '__proto__', 'x'), value) },
    { weight: 1, arbitrary: value },
  );

const node = fc.record(
  {
    use: mostly('./camera'),
    if: mostly(true, 'x == x', '$(arg x)'),
    enabled: mostly(true, '$(env ON true)'),
    params: mapOf({ rate: mostly(3, '$(arg x)', '$(env N)'), tags: mostly(['a'], ['$(arg x)']) }),
    ports: mapOf({ image: mostly('image', '/image'), imu: mostly('imu', 'b') }),
    env: mapOf({ A: mostly('1', 2), B_C: mostly('$(env HOME)') }),
    restart: mapOf({
      policy: mostly('always', 'never'),
      delay: mostly('1s', '50us'),
      max: mostly(0, 3),
      window: mostly('1m'),
      backoff: mostly(1, 2.5),
    }),
  },
  { requiredKeys: ['use'] },
);

const nodes = fc.dictionary(fc.constantFrom('a', 'b', 'constructor', 'c_d'), node, {
  minKeys: 1,
  maxKeys: 3,
});

const grouped = {
  namespace: mostly('left', '/right', '$(arg x)'),
  unless: mostly(false, 'x != x'),
  env: mapOf({ A: mostly('1', '$(arg x)') }),
  let: mapOf({ z: mostly(1, '$(arg x)', '$(eval x == 5)') }),
  defaults: mapOf({ params: mapOf({ rate: mostly(1, '$(arg z)') }), cwd: mostly('.') }),
  nodes,
};
/** None of its files can be included. */
const include = mostly(['none.yaml'], [{ file: 'any.yaml' }]);
const group = fc.oneof(
  { weight: 5, arbitrary: mapOf(grouped) },
  { weight: 1, arbitrary: mapOf({ ...grouped, include }) },
);

const launchFile = fc.record(
  {
    domain: mostly('patrol', '$(env HOST a)'),
    args: fc.dictionary(
      fc.constantFrom('x', 'w'),
      mapOf({ default: mostly(5, 's'), description: mostly('d') }),
      {
        minKeys: 1,
      },
    ),
    slots: mapOf({
      image: mapOf({ depth: mostly(3, '$(arg x)'), max_bytes: mostly(64, 1e6) }),
      imu: mapOf({}),
    }),
    let: mapOf({ y: mostly(1, '$(eval x)', '$(env HOST a)') }),
    group: fc.oneof(
      { weight: 20, arbitrary: fc.array(group, { minLength: 1, maxLength: 2 }) },
      { weight: 1, arbitrary: value },
    ),
    nodes,
  },
  { requiredKeys: ['nodes'] },
);

describe('any launch file', () => {
  it('gives a plan or errors with their places in the file, and never anything else', async () => {
    const file = join(tempDir(), 'any.yaml');
    let plans = 0;
    await fc.assert(
      fc.asyncProperty(launchFile, fc.boolean(), async (data, withArgument) => {
        writeFileSync(file, JSON.stringify(data, undefined, 1));
        const { plan, errors } = await loadLaunch(file, {
          env: { HOME: '/home', N: '7' },
          assignments: withArgument ? ['x:=5'] : [],
          describe: (requests) => Promise.resolve(requests.map(() => CLASS)),
        });
        assert.equal(plan === undefined, errors.length > 0);
        if (plan) plans++;
        for (const { code, message, at } of errors) {
          assert.ok(at?.file === file || code === 'ERR_BABUS_ARGUMENT', message);
          assert.doesNotMatch(message, /undefined|\[object|NaN/);
        }
        const places = errors.map(({ at }) => (at ? at.line * 1e6 + at.column : 0));
        assert.deepEqual(
          places,
          [...places].sort((a, b) => a - b),
        );
      }),
      { numRuns: 300 },
    );
    assert.ok(plans > 0, `${plans} plans: the generator hits too few valid files`);
  });
});
