import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import rosmsg from '@foxglove/rosmsg';
import { ros2jazzy } from '@foxglove/rosmsg-msgs-common';
import { loadSchemas, type LoadedSchema } from '../../../framework/schema/generate/index.js';
import { typeName, type FieldType } from '../../../framework/schema/index.js';
import { importMessages, STANDARD_OF_ROS } from '../../../framework/schema/ros/index.js';
import { REPO, runCli, tempDir } from '../../support/index.js';

const STD = join(REPO, 'schemas', 'std');

const GRIP = `# What the hand holds.

std_msgs/Header header
# How hard
# it presses.
float32 force   # in N
uint8 MODE_OPEN=0
uint8 MODE_SHUT=1
uint8 mode 1
uint8 CAN_PUSH=1
uint8 CAN_PULL=2
uint8 CAN_TURN=4
uint8 can
string NAME="a # b"
string<=10 object
float64[<=3] joints
int32[4] counts
Finger[] fingers
geometry_msgs/Point at
other_msgs/Thing thing
builtin_interfaces/Time stamp
builtin_interfaces/Duration[] spans
byte[2] raw
char letter
`;
const FINGER = 'float64 angle\nbool[] pads\n';

/** A ROS package with these definitions. */
function rosPackage(files: Readonly<Record<string, string>>): string {
  const cwd = tempDir();
  mkdirSync(join(cwd, 'hand_msgs', 'msg'), { recursive: true });
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(cwd, 'hand_msgs', 'msg', `${name}.msg`), text);
  return cwd;
}

/** Fields as `name: type at offset`, enums with their numbers; names of enum values in small letters. */
function shapeOf({ descriptor, fields }: LoadedSchema): string[] {
  const values = (type: FieldType): string => {
    if (type.kind === 'array' || type.kind === 'sequence') return values(type.element);
    if (type.kind !== 'enum') return '';
    const entries = Object.entries(type.values).sort(([, a], [, b]) => a - b);
    return ` ${entries.map(([name, number]) => `${name.toLowerCase()}=${number}`).join()}`;
  };
  return [
    `${descriptor.name} ${descriptor.size}`,
    ...fields.map(({ name, type, offset }) => `${name}: ${typeName(type)} at ${offset}${values(type)}`),
  ];
}

describe('babus schema import', () => {
  it('writes schemas that load, with comments as docs and constants as enums', async () => {
    const cwd = rosPackage({ Grip: GRIP, Finger: FINGER });
    const args = ['schema', 'import', 'hand_msgs/msg/Grip.msg', 'hand_msgs/msg/Finger.msg'];
    const { code, stdout, stderr } = await runCli(args, { cwd });
    assert.equal(code, 0, stderr);
    assert.deepEqual(stdout.split('\n'), [
      'wrote schemas/hand_msgs/Grip.yaml',
      'wrote schemas/hand_msgs/Finger.yaml',
      'other_msgs/Thing is named and not there: import it too',
      '',
    ]);
    assert.deepEqual(stderr.trim().split('\n').sort(), [
      'hand_msgs/msg/Grip.msg:9:1: warning: mode: its default is left out: messages start as zeros',
    ]);
    mkdirSync(join(cwd, 'schemas', 'other_msgs'));
    writeFileSync(
      join(cwd, 'schemas/other_msgs/Thing.yaml'),
      'name: other_msgs/Thing\nfields: { x: bool }\n',
    );
    const { schemas, errors } = loadSchemas(join(cwd, 'schemas', 'hand_msgs'), {
      other_msgs: join(cwd, 'schemas', 'other_msgs'),
    });
    assert.deepEqual(errors, []);
    const grip = schemas.find(({ title }) => title === 'Grip')!;
    assert.deepEqual(
      grip.fields.map(({ name, type }) => `${name}: ${typeName(type)}`),
      [
        'header: std/Header',
        'force: float32',
        'mode: enum uint8',
        'can: uint8',
        'object: string',
        'joints: float64[]',
        'counts: int32[4]',
        'fingers: hand_msgs/Finger[]',
        'at: std/Point',
        'thing: other_msgs/Thing',
        'stamp: time',
        'spans: duration[]',
        'raw: uint8[2]',
        'letter: uint8',
      ],
    );
    assert.equal(grip.fields[1]!.doc, 'How hard it presses. in N');
    assert.equal(grip.doc, 'What the hand holds.');
    assert.deepEqual(
      grip.fields.filter(({ bounds }) => bounds).map(({ name, bounds }) => [name, bounds]),
      [
        ['object', { textBytes: 10 }],
        ['joints', { elements: 3 }],
      ],
    );
    assert.deepEqual(
      grip.constants.map(({ name, type, value }) => `${type} ${name} = ${String(value)}`),
      ['uint8 CAN_PUSH = 1', 'uint8 CAN_PULL = 2', 'uint8 CAN_TURN = 4', 'string NAME = a # b'],
    );
    const again = await runCli(args, { cwd });
    assert.match(again.stdout, /2 files are up to date/);
  });

  it('says when no constant is 0', () => {
    const cwd = rosPackage({ Lamp: 'int8 STATE_ON=1\nint8 STATE_OFF=-1\nint8 state\n' });
    const file = join(cwd, 'hand_msgs', 'msg', 'Lamp.msg');
    const { lost, written } = importMessages([file], { out: join(cwd, 'out'), packageName: 'lamps' });
    assert.deepEqual(
      lost.map(({ message, at }) => `${at.line}: ${message}`),
      ['3: state: no constant is 0, which messages start with; add a name for it'],
    );
    assert.match(
      readFileSync(written[0]!, 'utf8'),
      /^name: lamps\/Lamp\n[^]*base: int8, values: \{ on: 1, off: -1 \}/m,
    );
  });

  it('writes over nothing unless told to', async () => {
    const cwd = rosPackage({ Finger: FINGER });
    mkdirSync(join(cwd, 'schemas', 'hand_msgs'), { recursive: true });
    writeFileSync(join(cwd, 'schemas/hand_msgs/Finger.yaml'), 'mine\n');
    const args = ['schema', 'import', 'hand_msgs/msg/Finger.msg'];
    const { code, stderr } = await runCli(args, { cwd });
    assert.deepEqual(
      [code, stderr],
      [2, 'schemas/hand_msgs/Finger.yaml: is there and differs; move it, or give --force\n'],
    );
    assert.equal((await runCli([...args, '--force', '--json'], { cwd })).code, 0);
    assert.match(readFileSync(join(cwd, 'schemas/hand_msgs/Finger.yaml'), 'utf8'), /angle/);
  });

  const wrong: Readonly<Record<string, string>> = {
    'wstring text': 'Bad.msg:1:1: text: text of 16-bit characters (wstring) has no counterpart; use string',
    'bool clone': 'Bad.msg:1:1: clone: views and loans have a member of that name; rename it',
    'unit8 x': "Bad.msg:1:1: x: unknown type 'unit8'; did you mean 'uint8'?",
    int32: "Bad.msg:1:1: Could not parse line: 'int32'; write such as 'float64[3] position'",
    'int8 X=300\nbool x':
      "Bad.msg:1:1: Number 300 out of range [-128, 127]; write such as 'float64[3] position'",
    'bool x\n bool x': "Bad.msg:2:2: 'x' stands here twice",
    'bool x\n---\nbool y':
      'Bad.msg:2:1: a second definition begins here; a .msg file has one, services and actions are not messages',
    'uint8[70000] x': 'Bad.msg:1:1: x: a fixed array has 1 to 65536 elements; use one of any length',
    '# nothing': 'Bad.msg: has no field; a message has one or more',
  };
  for (const [text, message] of Object.entries(wrong))
    it(`refuses ${JSON.stringify(text)}, and writes nothing`, () => {
      const cwd = rosPackage({ Bad: text });
      const folder = join(cwd, 'hand_msgs', 'msg');
      const out = join(cwd, 'out');
      const { errors, written } = importMessages([join(folder, 'Bad.msg')], { out });
      assert.deepEqual(
        errors.map((error) => error.message.replace(`${folder}/`, '')),
        [message],
      );
      assert.deepEqual(written, []);
      assert.deepEqual(readdirSync(cwd), ['hand_msgs']);
    });

  it('takes back what `babus gen --lang ros2msg` wrote of the standard schemas', async () => {
    const out = tempDir();
    const { code, stderr } = await runCli(['gen', STD, '--lang', 'ros2msg', '--out', join(out, 'ros')]);
    assert.equal(code, 0, stderr);
    const folder = join(out, 'ros', 'std', 'msg');
    const files = readdirSync(folder).map((name) => join(folder, name));
    const report = importMessages(files, { out: join(out, 'back') });
    assert.deepEqual(report.errors, []);
    assert.deepEqual(report.missing, []);
    const back = loadSchemas(join(out, 'back', 'std'));
    assert.deepEqual(back.errors, []);
    assert.deepEqual(back.schemas.map(shapeOf), loadSchemas(STD).schemas.map(shapeOf));
  });

  it("takes ROS 2's own messages, and names what it refuses", () => {
    const out = tempDir();
    const known = ros2jazzy as Readonly<Record<string, Parameters<typeof rosmsg.stringify>[0][number]>>;
    const files = Object.entries(known).flatMap(([name, definition]) => {
      const [packageName = '', title = ''] = name.split('/');
      if (!/^(std|geometry|sensor|nav|shape|stereo|trajectory|diagnostic|actionlib)_msgs$/.test(packageName))
        return [];
      const folder = join(out, 'ros', packageName, 'msg');
      mkdirSync(folder, { recursive: true });
      const path = join(folder, `${title}.msg`);
      writeFileSync(path, rosmsg.stringify([definition]));
      return [path];
    });
    assert.ok(files.length > 80);
    const refused = new Set<string>();
    const good = files.filter((file) => {
      const { errors } = importMessages([file], { out: join(out, 'schemas') });
      for (const { message } of errors)
        refused.add(message.replace(/^.*?\/ros\/(.*?)\/msg\/(\w+)\.msg.*: (.*)$/, '$1/$2: $3'));
      return errors.length === 0;
    });
    assert.ok(good.length > 70, `${good.length} of ${files.length}`);
    for (const message of refused) assert.match(message, /has no field|no counterpart/, message);
  });
});

describe('the table of ROS types that std has', () => {
  it('is what the docs of the standard schemas say', () => {
    const differ = ['std/Image', 'std/NavSatFix', 'std/Pose2D'];
    const told = loadSchemas(STD).schemas.flatMap(({ name, doc }) => {
      const ros = /\bROS ([a-z0-9_]+\/[A-Za-z0-9]+)/.exec(doc ?? '')?.[1];
      return ros === undefined || differ.includes(name) ? [] : [`${ros} ${name}`];
    });
    const plain = ['geometry_msgs/Quaternion', 'geometry_msgs/Vector3', 'sensor_msgs/Joy', 'std_msgs/Header'];
    const table = [...STANDARD_OF_ROS].map((pair) => pair.join(' '));
    assert.deepEqual(table.filter((row) => !plain.includes(row.split(' ')[0]!)).sort(), told.sort());
  });
});
