import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSchemas, type LoadedSchema } from '../../../framework/schema/generate/index.js';
import { REPO, tempDir } from '../../support/index.js';

const README = readFileSync(join(REPO, 'schemas', 'README.md'), 'utf8');

function load(grip: string): LoadedSchema {
  const folder = tempDir();
  writeFileSync(join(folder, 'Grip.yaml'), grip);
  writeFileSync(join(folder, 'Finger.yaml'), 'name: my_robot/Finger\nfields: { angle: float32 }\n');
  const { schemas, errors } = loadSchemas(folder);
  assert.deepEqual(errors.map(String), []);
  return schemas.find(({ title }) => title === 'Grip')!;
}

describe('schemas/README.md', () => {
  it('begins with a schema that is valid', () => {
    const [, yaml = ''] = /```yaml\n([^]*?)```/.exec(README) ?? [];
    assert.deepEqual(
      load(yaml).fields.map(({ name }) => name),
      ['stamp', 'force', 'mode', 'position', 'covariance', 'fingers', 'object'],
    );
  });

  it('gives the sizes and alignments that types have', () => {
    const rows = [...README.matchAll(/^\| ((?:`[a-z0-9]+` )+) *\| (\d)[^|]*\| (\d) *\|/gm)];
    const types = rows.flatMap(([, names = '', bytes, align]) =>
      names
        .trim()
        .split(' ')
        .map((name) => ({ name: name.replaceAll('`', ''), bytes: Number(bytes), align: Number(align) })),
    );
    assert.equal(types.length, 14, 'all types of a fixed size but enums');
    for (const { name, bytes, align } of types) {
      const { descriptor } = load(`name: my_robot/Grip\nfields: { x: ${name} }\n`);
      assert.deepEqual([name, descriptor.size, descriptor.align], [name, bytes, align]);
    }
  });

  it('lists the field names that are not allowed', () => {
    const [, list = ''] = /Not allowed as field names[^:]*:([^.]*)\./.exec(README) ?? [];
    const names = [...list.matchAll(/`([a-z]+)`/g)].map(([, name]) => name!);
    const folder = tempDir();
    const fields = [...names, 'allowed'].map((name) => `  ${name}: bool\n`).join('');
    writeFileSync(join(folder, 'Grip.yaml'), `name: my_robot/Grip\nfields:\n${fields}`);
    assert.deepEqual(
      loadSchemas(folder).errors.map(({ message }) => /fields\.([a-z]+):/.exec(message)?.[1]),
      names,
    );
    assert.equal(names.length, 10);
  });
});
