/** `T[<=9]` and `string<=9`: bounds that loans keep, and that are no part of the layout. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSchemas } from '../../../framework/schema/load/load.js';
import { importMessages } from '../../../framework/schema/ros/index.js';
import { runCli, tempDir } from '../../support/index.js';
import { REPO } from '../../support/repo.js';
import { Bounds } from './fixtures/index.js';
import { Bench, throwsBabus } from './kit.js';

const SAMPLES = join(REPO, 'test/framework/schema/fixtures');
const full: Bounds = {
  label: 'grün',
  names: ['abc', '日'],
  pair: ['', 'xyz'],
  numbers: Float32Array.of(1, 2, 3),
  states: ['on'],
  points: [
    { x: 1, y: 2 },
    { x: 3, y: 4 },
  ],
};

function load(type: string): { hash: string | undefined; errors: string[] } {
  const folder = join(tempDir(), 'robot');
  mkdirSync(folder);
  writeFileSync(join(folder, 'A.yaml'), `name: robot/A\nfields:\n  x: '${type}'\n`);
  const { schemas, errors } = loadSchemas(folder);
  return {
    hash: schemas[0]?.hash,
    errors: errors.map(({ message }) => message.slice(message.indexOf('A.yaml:'))),
  };
}

describe('bounds of fields', () => {
  it('let through what just fits', () => {
    assert.deepEqual(new Bench(Bounds).put(full).clone(), full);
  });

  const tooMuch: [value: Partial<Bounds>, message: string][] = [
    [{ label: 'grünes' }, "label wants a text of at most 5 bytes in UTF-8 (it has 7), given 'grünes'"],
    [{ names: ['a', 'abcd'] }, "names[1] wants a text of at most 3 bytes in UTF-8 (it has 4), given 'abcd'"],
    [{ pair: ['日本', ''] }, "pair[0] wants a text of at most 3 bytes in UTF-8 (it has 6), given '日本'"],
  ];
  for (const [value, message] of tooMuch)
    it(`refuse a text: ${message}`, () => {
      const loan = new Bench(Bounds).loan();
      throwsBabus(() => loan.set(value), 'ERR_BABUS_VALUE', `test/slot: Bounds.${message}`);
    });

  const tooMany: [field: string, most: number, value: Partial<Bounds>][] = [
    ['names', 2, { names: ['', '', ''] }],
    ['numbers', 3, { numbers: new Float32Array(4) }],
    ['states', 1, { states: ['on', 'off'] }],
    ['points', 2, { points: [...full.points, { x: 0, y: 0 }] }],
  ];
  for (const [field, most, value] of tooMany)
    it(`refuse more than ${most} elements of ${field}, set or allocated`, () => {
      const loan = new Bench(Bounds).loan();
      const message = `test/slot: Bounds.${field} wants a length that is a whole number from 0 to ${most}, given ${most + 1}`;
      throwsBabus(() => loan.set(value), 'ERR_BABUS_ARGUMENT', message);
      throwsBabus(() => loan.allocate(field as 'names', most + 1), 'ERR_BABUS_ARGUMENT', message);
    });

  it('are no part of the layout', () => {
    assert.equal(load('string<=5[<=2]').hash, load('string[]').hash);
    assert.equal(load('uint8[<=4294967295]').hash, load('uint8[]').hash);
  });

  it('go to ROS 2 and come back, and into docs and JSON Schema', async () => {
    const out = join(tempDir(), 'generated');
    for (const lang of ['ros2msg', 'json-schema']) {
      const { code, stderr } = await runCli(['gen', SAMPLES, '--lang', lang, '--out', join(out, lang)]);
      assert.equal(code, 0, stderr);
    }
    const msg = join(out, 'ros2msg/sample/msg/Bounds.msg');
    const text = readFileSync(msg, 'utf8');
    for (const line of [
      'string<=5 label',
      'string<=3[<=2] names',
      'string<=3[2] pair',
      'float32[<=3] numbers',
    ])
      assert.ok(text.split('\n').includes(line), `${line} in\n${text}`);
    const back = importMessages([msg, join(out, 'ros2msg/sample/msg/Point.msg')], { out: join(out, 'back') });
    assert.deepEqual(back.errors, []);
    const { schemas, errors } = loadSchemas(join(out, 'back/sample'));
    assert.deepEqual(errors, []);
    const bounds = (folder: string): unknown =>
      loadSchemas(folder)
        .schemas.find(({ title }) => title === 'Bounds')!
        .fields.map(({ name, bounds: each }) => [name, each]);
    assert.equal(schemas.length, 2);
    assert.deepEqual(bounds(join(out, 'back/sample')), bounds(SAMPLES));
    const schema = JSON.parse(readFileSync(join(out, 'json-schema/sample/Bounds.json'), 'utf8')) as {
      properties: Record<string, { maxItems?: number }>;
    };
    assert.equal(schema.properties['numbers']!.maxItems, 3);
    assert.match(readFileSync(join(SAMPLES, 'Bounds.ts'), 'utf8'), /Some numbers\. At most 3 elements\./);
  });

  const refused: [type: string, message: string][] = [
    ['float32<=3', "'float32<=3': <= after the name goes with string; bound an array as in float32[<=3]"],
    ['string<=0', "'string<=0': a bound is a whole number from 1 to 4294967295"],
    ['uint8[<=4294967296]', "'uint8[<=4294967296]': a bound is a whole number from 1 to 4294967295"],
    ['uint8[<=x]', "'uint8[<=x]': a fixed array has 1 to 65536 elements"],
    ['string<5', "'string<5' is not a type; write such as uint32, float64[9], float32[] or my_robot/Grip"],
  ];
  for (const [type, message] of refused)
    it(`are refused: ${type}`, () =>
      assert.deepEqual(load(type).errors, [`A.yaml:3:6: fields.x: ${message}`]));
});
