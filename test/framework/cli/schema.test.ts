import assert from 'node:assert/strict';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, tempDir } from '../../support/index.js';

const GRIP = `name: my_robot/Grip
doc: A grip.
fields:
  force: { type: float32, unit: N }
  mode: { type: enum, values: { open: 0, shut: 1 } }
  at: Vector3
  fingers: 'Finger[]'
  object: string
`;
const FINGER = 'name: my_robot/Finger\nfields: { angle: float64, id: uint8 }\n';

/** A project with two schemas of its own. */
function project(): string {
  const cwd = tempDir();
  mkdirSync(join(cwd, 'schemas', 'my_robot'), { recursive: true });
  writeFileSync(join(cwd, 'schemas', 'my_robot', 'Grip.yaml'), GRIP);
  writeFileSync(join(cwd, 'schemas', 'my_robot', 'Finger.yaml'), FINGER);
  return cwd;
}

async function json(cwd: string, ...args: string[]): Promise<Record<string, unknown>[]> {
  const { stdout, stderr } = await runCli(['schema', ...args, '--json'], { cwd });
  assert.equal(stderr, '');
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('babus schema', () => {
  it('list: the schemas of the project and of std', async () => {
    const rows = await json(project(), 'list');
    const grip = rows.find(({ name }) => name === 'my_robot/Grip');
    assert.deepEqual(
      { ...grip, hash: '' },
      {
        name: 'my_robot/Grip',
        size: 48,
        has_tail: true,
        fields: 5,
        hash: '',
        file: 'schemas/my_robot/Grip.yaml',
      },
    );
    assert.ok(rows.some(({ name }) => name === 'std/Image'));
    const { stdout } = await runCli(['schema', 'list'], { cwd: project() });
    assert.match(stdout, /^schema +bytes {2}tail +fields {2}hash\n/);
    assert.match(stdout, /\nmy_robot\/Finger +16 {2}no +2 {2}[0-9a-f]{16}\n/);
  });

  it('list: what is wrong goes to standard error, the rest is there', async () => {
    const cwd = project();
    writeFileSync(
      join(cwd, 'schemas', 'my_robot', 'Bad.yaml'),
      'name: my_robot/Bad\nfields: { x: flaot32 }\n',
    );
    const { code, stdout, stderr } = await runCli(['schema', 'list'], { cwd });
    assert.equal(code, 2);
    assert.match(
      stderr,
      /^schemas\/my_robot\/Bad\.yaml:2:14: fields\.x: unknown type 'flaot32'; did you mean/,
    );
    assert.match(stdout, /my_robot\/Grip/);
    const show = await runCli(['schema', 'show', 'Bad'], { cwd });
    assert.deepEqual(
      [show.code, show.stderr.split(':').slice(0, 3).join(':')],
      [2, 'schemas/my_robot/Bad.yaml:2:14'],
    );
  });

  it('show: every field with its place, structs inside and elements too', async () => {
    const [facts] = await json(project(), 'show', 'Grip');
    const fields = facts!['fields'] as {
      name: string;
      type: string;
      offset: number;
      size: number;
      tail: unknown;
    }[];
    assert.deepEqual(
      fields.map(({ name, type, offset, size }) => `${name} ${type} ${offset} ${size}`),
      [
        'force float32 0 4',
        'mode enum uint8 4 1',
        'at std/Vector3 8 24',
        'at.x float64 8 8',
        'at.y float64 16 8',
        'at.z float64 24 8',
        'fingers my_robot/Finger[] 32 8',
        'object string 40 8',
      ],
    );
    assert.deepEqual(fields[6]!.tail, { element: 'my_robot/Finger', size: 16, align: 8 });
    const elements = facts!['elements'] as {
      name: string;
      size: number;
      fields: { name: string; offset: number }[];
    }[];
    assert.deepEqual(
      elements.map(({ name, size, fields: inner }) => [name, size, inner.map((each) => each.offset)]),
      [['my_robot/Finger', 16, [0, 8]]],
    );
    assert.equal((facts!['limits'] as { max_fixed_bytes: number }).max_fixed_bytes, 65536);
  });

  it('show: a table', async () => {
    const { code, stdout } = await runCli(['schema', 'show', 'my_robot/Grip'], { cwd: project() });
    assert.equal(code, 0);
    assert.match(stdout, /^schema +my_robot\/Grip \(schemas\/my_robot\/Grip\.yaml\)\nhash +[0-9a-f]{16}\n/);
    assert.match(stdout, /\nforce +float32 +0 +4 +N\n/);
    assert.match(stdout, /\nfingers +my_robot\/Finger\[\] +32 +8 {2}16 an element\n/);
    assert.match(stdout, /\nan element my_robot\/Finger: 16 bytes\nfield/);
  });

  it('show: names that are none', async () => {
    const cwd = project();
    const said = async (name: string): Promise<string> => {
      const { code, stderr } = await runCli(['schema', 'show', name], { cwd });
      assert.equal(code, 2);
      return stderr.trim();
    };
    assert.equal(await said('Imagge'), "'Imagge': no such schema; did you mean 'Image'?");
    assert.equal(
      await said('my_robot/Gripp'),
      "'my_robot/Gripp': no such schema; did you mean 'my_robot/Grip'?",
    );
    assert.match(
      await said('my_robt/Grip'),
      /unknown package 'my_robt'; did you mean 'my_robot'\?; name its folder/,
    );
    assert.equal(await said('Old.yaml'), 'Old.yaml: no such file');
  });

  it('diff: the same layout ends with 0, whatever the words are', async () => {
    const cwd = project();
    writeFileSync(join(cwd, 'old.yaml'), GRIP.replace('unit: N', 'unit: mN').replace('A grip.', 'A hand.'));
    const [told] = await json(cwd, 'diff', 'old.yaml', 'Grip');
    assert.equal(told!['same_layout'], true);
    assert.deepEqual(told!['changes'], [
      { kind: 'doc', what: 'Grip', before: 'A hand.', after: 'A grip.', breaks: [] },
      { kind: 'unit', what: 'Grip.force', before: 'mN', after: 'N', breaks: ['meaning'] },
    ]);
    const { code, stdout } = await runCli(['schema', 'diff', 'old.yaml', 'Grip'], { cwd });
    assert.equal(code, 0);
    assert.match(stdout, /The layout is the same: programs of both can share a slot\.\n$/);
  });

  it('diff: another layout ends with 1, and every change is named', async () => {
    const cwd = project();
    const old = `name: my_robot/Grip
doc: A grip.
fields:
  power: { type: float32, unit: N }
  mode: { type: enum, values: { open: 0, closed: 1, stuck: 2 } }
  at: Quaternion
  fingers: 'Finger[]'
  weight: float32
`;
    writeFileSync(join(cwd, 'old.yaml'), old);
    const { code, stdout } = await runCli(['schema', 'diff', 'old.yaml', 'Grip'], { cwd });
    assert.equal(code, 1);
    const lines = stdout.split('\n').map((line) => line.replace(/ {2,}/g, ' | '));
    assert.deepEqual(lines.slice(2, -1), [
      'change | what | before | after | breaks',
      'renamed | Grip.force | power | force | layout, code',
      'value renamed | Grip.mode.closed | closed | shut | layout, code',
      'value removed | Grip.mode.stuck | 2 | - | layout, code',
      'retyped | Grip.at | std/Quaternion | std/Vector3 | layout, code',
      'moved | Grip.fingers | at 40 | at 32 | layout',
      'added | Grip.object | - | string at 40 | layout',
      'removed | Grip.weight | float32 | - | layout, code',
      'The layout differs, first at Grip.force: programs of one cannot share a slot with programs of the other.',
    ]);
  });

  it('diff: in a struct that both hold, and enum values that are new or have another number', async () => {
    const cwd = project();
    mkdirSync(join(cwd, 'before'));
    writeFileSync(join(cwd, 'before', 'Grip.yaml'), GRIP.replace('shut: 1', 'half: 1, shut: 2'));
    writeFileSync(join(cwd, 'before', 'Finger.yaml'), FINGER.replace('float64', 'float32'));
    const changes = async (before: string): Promise<string[]> => {
      const [told] = await json(cwd, 'diff', before, 'Grip');
      return (told!['changes'] as { kind: string; what: string }[]).map(
        ({ kind, what }) => `${kind} ${what}`,
      );
    };
    const own = ['value removed Grip.mode.half', 'value renumbered Grip.mode.shut'];
    assert.deepEqual(await changes('before/Grip.yaml'), [
      'retyped my_robot/Finger.angle',
      'moved my_robot/Finger.id',
      ...own,
    ]);
    // A file of another name is an older version of one schema alone.
    renameSync(join(cwd, 'before', 'Grip.yaml'), join(cwd, 'before', 'Grip.old.yaml'));
    assert.deepEqual(await changes('before/Grip.old.yaml'), own);
  });
});
