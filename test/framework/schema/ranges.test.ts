/** `minimum` and `maximum` of fields: what files may say, and what other tools make of it. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSchemas } from '../../../framework/schema/load/load.js';
import { runCli, tempDir } from '../../support/index.js';
import { REPO } from '../../support/repo.js';
import { Ranges } from './fixtures/index.js';

const SAMPLES = join(REPO, 'test/framework/schema/fixtures');

function load(field: string): { hash: string | undefined; errors: string[] } {
  const folder = join(tempDir(), 'robot');
  mkdirSync(folder);
  writeFileSync(join(folder, 'A.yaml'), `name: robot/A\nfields:\n  x: ${field}\n`);
  const { schemas, errors } = loadSchemas(folder);
  return {
    hash: schemas[0]?.hash,
    errors: errors.map(({ message }) => message.slice(message.indexOf('A.yaml:'))),
  };
}

describe('ranges of fields', () => {
  it('are with the schema at run time, those of structs inside too', () => {
    assert.deepEqual(Ranges.rules, {
      'sample/Joint.angle': { minimum: -3.2, maximum: 3.2 },
      'sample/Ranges.ids': { minimum: 1n, maximum: 18446744073709551614n },
      'sample/Ranges.percent': { maximum: 100 },
      'sample/Ranges.steps': { minimum: -9007199254740993n },
      'sample/Ranges.weights': { minimum: 0, maximum: 1 },
    });
  });

  it('take no part in the layout', () => {
    assert.equal(load('{ type: int32, minimum: 0, maximum: 3 }').hash, load('int32').hash);
  });

  it('go into docs, and into JSON Schema', async () => {
    assert.match(
      readFileSync(join(SAMPLES, 'Joint.ts'), 'utf8'),
      /How far it is turned\. Range: -3\.2 to 3\.2\. Unit: rad\./,
    );
    const out = join(tempDir(), 'generated');
    const { code, stderr } = await runCli(['gen', SAMPLES, '--lang', 'json-schema', '--out', out]);
    assert.equal(code, 0, stderr);
    const { properties } = JSON.parse(readFileSync(join(out, 'sample/Ranges.json'), 'utf8')) as {
      properties: Record<string, { properties: Record<string, object> }>;
    };
    assert.deepEqual(properties['percent'], {
      type: 'integer',
      minimum: 0,
      maximum: 100,
      description: 'Range: at most 100.',
    });
    assert.deepEqual(properties['joint']!.properties['angle'], {
      type: 'number',
      minimum: -3.2,
      maximum: 3.2,
      description: 'How far it is turned. Range: -3.2 to 3.2. Unit: rad.',
    });
  });

  it('are what `babus schema show` and `diff` tell', async () => {
    const file = join(SAMPLES, 'Ranges.yaml');
    const { stdout } = await runCli(['schema', 'show', file, '--json']);
    const { fields } = JSON.parse(stdout) as { fields: Record<string, unknown>[] };
    const steps = fields.find(({ name }) => name === 'steps')!;
    assert.equal(steps['minimum'], '-9007199254740993');
    const old = join(tempDir(), 'Ranges.old.yaml');
    writeFileSync(old, readFileSync(file, 'utf8').replace('maximum: 100', 'maximum: 99'));
    const diff = await runCli(['schema', 'diff', old, file, '--json', '--package', `sample=${SAMPLES}`]);
    assert.equal(diff.code, 0, diff.stderr);
    const { changes } = JSON.parse(diff.stdout) as { changes: object[] };
    assert.deepEqual(changes, [
      {
        kind: 'range',
        what: 'Ranges.percent',
        before: 'at most 99',
        after: 'at most 100',
        breaks: ['meaning'],
      },
    ]);
  });

  const refused: [field: string, message: string][] = [
    [
      '{ type: uint8, maximum: 256 }',
      'A.yaml:3:30: fields.x.maximum: wants a whole number from 0 to 255 (uint8), given 256',
    ],
    ['{ type: int8, minimum: 2, maximum: 1 }', 'A.yaml:3:29: fields.x.minimum: no number is 2 to 1'],
    [
      '{ type: float32, maximum: .nan }',
      'A.yaml:3:32: fields.x.maximum: wants a number or text, given NaN (a number)',
    ],
    [
      '{ type: string, maximum: 5 }',
      'A.yaml:3:22: fields.x.maximum: goes with numbers and arrays of numbers, not with string',
    ],
    [
      '{ type: bool, minimum: 0 }',
      'A.yaml:3:20: fields.x.minimum: goes with numbers and arrays of numbers, not with bool',
    ],
    [
      "{ type: 'time[]', minimum: 0 }",
      'A.yaml:3:24: fields.x.minimum: goes with numbers and arrays of numbers, not with time[]',
    ],
  ];
  for (const [field, message] of refused)
    it(`are refused: ${field}`, () => assert.deepEqual(load(field).errors, [message]));
});
