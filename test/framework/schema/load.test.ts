import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadSchemas } from '../../../framework/schema/generate/index.js';
import { tempDir } from '../../support/index.js';

type Files = Readonly<Record<string, string>>;

function writeFiles(files: Files): string {
  const folder = tempDir();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

/** What is wrong with the files of folder `robot`, without the path of the temporary folder. */
function problems(files: Files, packages: Record<string, string> = {}): string[] {
  const folder = writeFiles(files);
  const folders = Object.fromEntries(
    Object.entries(packages).map(([name, path]) => [name, join(folder, path)]),
  );
  const { errors } = loadSchemas(join(folder, 'robot'), folders);
  for (const { code } of errors) assert.ok(code === 'ERR_BABUS_SCHEMA' || code === 'ERR_BABUS_YAML');
  return errors.map(({ message }) => message.replaceAll(`${folder}/`, ''));
}

/** Problems of one schema robot/A with these fields. */
function fieldProblems(fields: string): string[] {
  return problems({ 'robot/A.yaml': `name: robot/A\nfields:\n${fields}` }).map((message) =>
    message.replace('robot/A.yaml:', ''),
  );
}

const KNOWN_KEYS = 'known: name, doc, constants, fields';

const files: Record<string, [files: Files, ...expected: string[]]> = {
  'a folder without schemas': [{ 'robot/readme.txt': '' }],
  'a folder that does not exist': [{}, 'robot: no such folder'],
  'a file instead of a folder': [{ robot: '' }, 'robot: is no folder'],
  'broken YAML': [
    { 'robot/A.yaml': 'name: [robot/A\n' },
    'robot/A.yaml:2:1: a { or [ that begins above is not closed; end it with ]',
  ],
  'an empty file': [{ 'robot/A.yaml': '' }, 'robot/A.yaml:1:1: the file: wants a map, given nothing'],
  'no name and no fields': [
    { 'robot/A.yaml': 'doc: x\n' },
    "robot/A.yaml:1:1: missing key 'name'",
    "robot/A.yaml:1:1: missing key 'fields'",
  ],
  'an unknown key': [
    { 'robot/A.yaml': 'name: robot/A\nfeilds: {}\nfields: { x: bool }\n' },
    "robot/A.yaml:2:1: unknown key 'feilds'; did you mean 'fields'?",
  ],
  'an unknown key far from any': [
    { 'robot/A.yaml': 'name: robot/A\nversion: 2\nfields: { x: bool }\n' },
    `robot/A.yaml:2:1: unknown key 'version'; ${KNOWN_KEYS}`,
  ],
  'a name without a package': [
    { 'robot/A.yaml': 'name: A\nfields: { x: bool }\n' },
    "robot/A.yaml:1:7: name: 'A' is not a schema name: package/Name with a package of a-z, 0-9 and _, a Name of letters and digits that begins with a capital, such as my_robot/Grip",
  ],
  'a name in small letters': [
    { 'robot/a.yaml': 'name: robot/a\nfields: { x: bool }\n' },
    "robot/a.yaml:1:7: name: 'robot/a' is not a schema name: package/Name with a package of a-z, 0-9 and _, a Name of letters and digits that begins with a capital, such as my_robot/Grip",
  ],
  'another name than the file': [
    { 'robot/B.yaml': 'name: robot/A\nfields: { x: bool }\n' },
    "robot/B.yaml:1:7: 'robot/A' is in B.yaml; file and schema have one name",
  ],
  'a name that the generated code needs': [
    { 'robot/Uint8Array.yaml': 'name: robot/Uint8Array\nfields: { x: bool }\n' },
    "robot/Uint8Array.yaml:1:7: 'Uint8Array' is a name that the generated code needs; choose another",
  ],
  'two packages in one folder': [
    {
      'robot/A.yaml': 'name: robot/A\nfields: { x: bool }\n',
      'robot/B.yaml': 'name: other/B\nfields: { x: bool }\n',
    },
    "robot/B.yaml:1:7: 'other/B' lies in a folder of package robot; a folder holds one package",
  ],
  'a file with the other ending': [
    { 'robot/A.yml': 'name: robot/A\n' },
    'robot/A.yml: schema files end in .yaml; rename it',
  ],
  'a doc that is no text': [
    { 'robot/A.yaml': 'name: robot/A\ndoc: [a]\nfields: { x: bool }\n' },
    'robot/A.yaml:2:6: doc: wants text, given a list',
  ],
  'no field': [
    { 'robot/A.yaml': 'name: robot/A\nfields: {}\n' },
    'robot/A.yaml:2:9: fields: wants a map of 1 or more keys, given an empty map',
  ],
  'a list of fields': [
    { 'robot/A.yaml': 'name: robot/A\nfields: [x]\n' },
    'robot/A.yaml:2:9: fields: wants a map, given a list',
  ],
  'a schema that contains itself': [
    { 'robot/A.yaml': 'name: robot/A\nfields:\n  next: A\n' },
    'robot/A.yaml:3:9: fields.next: a message cannot contain itself: robot/A > robot/A',
  ],
  'schemas that contain each other, through an array': [
    {
      'robot/A.yaml': 'name: robot/A\nfields: { b: B }\n',
      'robot/B.yaml': "name: robot/B\nfields: { c: 'C[]' }\n",
      'robot/C.yaml': "name: robot/C\nfields: { a: 'A[2]' }\n",
    },
    'robot/C.yaml:2:14: fields.a: a message cannot contain itself: robot/A > robot/B > robot/C > robot/A',
  ],
  'one error for one cause, when others use a broken schema': [
    {
      'robot/A.yaml': 'name: robot/A\nfields: { b: B }\n',
      'robot/B.yaml': 'name: robot/B\nfields: { x: intt8 }\n',
    },
    "robot/B.yaml:2:14: fields.x: unknown type 'intt8'; did you mean 'int8'?",
  ],
  'one error for one cause, when others use a file of the wrong shape': [
    { 'robot/A.yaml': 'name: robot/A\nfields: { b: B }\n', 'robot/B.yaml': 'name: robot/B\n' },
    "robot/B.yaml:1:1: missing key 'fields'",
  ],
  'errors of several files, in order': [
    { 'robot/B.yaml': 'name: robot/B\nfields: { x: foo, y: bar }\n', 'robot/A.yaml': 'name: robot/A\n' },
    "robot/A.yaml:1:1: missing key 'fields'",
    "robot/B.yaml:2:14: fields.x: unknown type 'foo'; known: bool, int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64, string, …",
    "robot/B.yaml:2:22: fields.y: unknown type 'bar'; known: bool, int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64, string, …",
  ],
};

const fields: Record<string, [fields: string, ...expected: string[]]> = {
  'no type': ['  x: { doc: y }\n', "3:3: fields.x: missing key 'type'"],
  nothing: [
    '  x:\n',
    '3:5: fields.x: wants a type such as float64, float64[9], float32[], string, time or Vector3 or a map with the key type, given nothing',
  ],
  'a number for a type': [
    '  x: 5\n',
    '3:6: fields.x: wants a type such as float64, float64[9], float32[], string, time or Vector3 or a map with the key type, given 5 (a number)',
  ],
  'a list for a type': ['  x: { type: [uint8] }\n', '3:14: fields.x.type: wants text, given a list'],
  'an unknown key': [
    '  x: { type: uint8, units: m }\n',
    "3:21: unknown key 'units' in fields.x; did you mean 'unit'?",
  ],
  'a unit that is no text': [
    '  x: { type: uint8, unit: 5 }\n',
    '3:27: fields.x.unit: wants text, given 5 (a number)',
  ],
  'a capital in a field name': [
    '  frameId: string\n',
    "3:3: key 'frameId' in fields is not a field name: a-z, 0-9 and _, beginning with a letter, at most 64 characters",
  ],
  'a field name with a hyphen': [
    '  frame-id: string\n',
    "3:3: key 'frame-id' in fields is not a field name: a-z, 0-9 and _, beginning with a letter, at most 64 characters",
  ],
  'a long field name': [
    `  ${'x'.repeat(65)}: string\n`,
    `3:3: key '${'x'.repeat(60)}…' in fields is not a field name: a-z, 0-9 and _, beginning with a letter, at most 64 characters`,
  ],
  'a member of views': [
    '  clone: bool\n  hold: bool\n',
    '3:3: fields.clone: views and loans have a member of that name; choose another',
    '4:3: fields.hold: views and loans have a member of that name; choose another',
  ],
  'a member of loans': [
    '  publish: bool\n  allocate: bool\n  discard: bool\n',
    ...['3:3: fields.publish', '4:3: fields.allocate', '5:3: fields.discard'].map(
      (at) => `${at}: views and loans have a member of that name; choose another`,
    ),
  ],
  'a member of all objects': [
    '  constructor: bool\n',
    '3:3: fields.constructor: views and loans have a member of that name; choose another',
  ],
  'a field twice': ['  x: bool\n  x: bool\n', '4:3: key x stands in this map twice'],
  'a misspelt type': ['  x: flaot64\n', "3:6: fields.x: unknown type 'flaot64'; did you mean 'float64'?"],
  'a misspelt schema': ['  x: Vectr3\n', "3:6: fields.x: unknown type 'Vectr3'; did you mean 'Vector3'?"],
  'a misspelt schema of a package': [
    '  x: std/Vectr3\n',
    "3:6: fields.x: unknown type 'std/Vectr3'; did you mean 'std/Vector3'?",
  ],
  'an unknown package': ['  x: sdt/Vector3\n', "3:6: fields.x: unknown package 'sdt'; did you mean 'std'?"],
  "another language's type": [
    '  x: double\n  y: int\n  z: byte[]\n',
    "3:6: fields.x: unknown type 'double'; did you mean 'float64'?",
    "4:6: fields.y: unknown type 'int'; did you mean 'int32'?",
    "5:6: fields.z: unknown type 'byte'; did you mean 'uint8'?",
  ],
  'a type with brackets that needs quotes': [
    '  x: { type: uint8[] }\n',
    "3:19: Unexpected flow-seq-start at node end; inside { } put types with brackets in quotes, such as 'uint8[]'",
  ],
  'strange text for a type': [
    '  x: "uint8; rm"\n',
    "3:6: fields.x: 'uint8; rm' is not a type; write such as uint32, float64[9], float32[] or my_robot/Grip",
  ],
  'an array that is not closed': [
    '  x: "uint8[3"\n',
    "3:6: fields.x: 'uint8[3' is not a type; write such as uint32, float64[9], float32[] or my_robot/Grip",
  ],
  'an array of nothing': [
    '  x: uint8[0]\n',
    "3:6: fields.x: 'uint8[0]': a fixed array has 1 to 65536 elements",
  ],
  'an array of a negative number': [
    '  x: uint8[-1]\n',
    "3:6: fields.x: 'uint8[-1]': a fixed array has 1 to 65536 elements",
  ],
  'an array of a word': [
    '  x: uint8[n]\n',
    "3:6: fields.x: 'uint8[n]': a fixed array has 1 to 65536 elements",
  ],
  'an array that is much too long': [
    '  x: uint8[99999999999999999999]\n',
    "3:6: fields.x: 'uint8[99999999999999999999]': a fixed array has 1 to 65536 elements",
  ],
  'arrays of arrays': [
    '  x: float64[3][3]\n',
    "3:6: fields.x: 'float64[3][3]': arrays of arrays are not supported; use one array, or an array of a schema",
  ],
  'an array of arrays of strings': [
    '  x: string[][4]\n',
    "3:6: fields.x: 'string[][4]': arrays of arrays are not supported; use one array, or an array of a schema",
  ],
  'an enum without values': [
    '  x: enum\n',
    "3:6: fields.x: missing key 'values', such as values: { off: 0, on: 1 }",
  ],
  'an enum with no value': [
    '  x: { type: enum, values: {} }\n',
    '3:28: fields.x.values: wants a map of 1 or more keys, given an empty map',
  ],
  'a list of enum values': [
    '  x: { type: enum, values: [a, b] }\n',
    '3:28: fields.x.values: wants a map, given a list',
  ],
  'an enum value that is no number': [
    '  x: { type: enum, values: { a: b } }\n',
    "3:33: fields.x.values.a: wants a whole number, given 'b' (text)",
  ],
  'an enum value with a fraction': [
    '  x: { type: enum, values: { a: 0.5 } }\n',
    '3:33: fields.x.values.a: wants a whole number, given 0.5 (a number)',
  ],
  'an enum value out of range': [
    '  x: { type: enum, values: { a: 0, b: 256 } }\n',
    '3:39: fields.x: b is 256; uint8 holds a whole number from 0 to 255',
  ],
  'a negative enum value': [
    '  x: { type: enum, base: uint16, values: { a: -1 } }\n',
    '3:47: fields.x: a is -1; uint16 holds a whole number from 0 to 65535',
  ],
  'an enum number twice': [
    '  x: { type: enum, values: { a: 0, b: 1, c: 1 } }\n',
    '3:45: fields.x: c is 1, as b is; each name needs a number of its own',
  ],
  'an enum name twice': [
    '  x: { type: enum, values: { a: 0, a: 1 } }\n',
    '3:36: key a stands in this map twice',
  ],
  'an enum name with a hyphen': [
    '  x: { type: enum, values: { a-b: 0 } }\n',
    "3:30: key 'a-b' in fields.x.values is not a name of an enum value: letters, digits and _, with a letter before the first _",
  ],
  'a base that enums cannot have': [
    '  x: { type: enum, base: float32, values: { a: 0 } }\n',
    "3:26: fields.x.base: wants one of int8, uint8, int16, uint16, int32, uint32; given 'float32'",
  ],
  'values without an enum': [
    '  x: { type: uint8, values: { a: 0 } }\n',
    "3:21: fields.x: 'values' goes with the type enum",
  ],
  'a base without an enum': [
    '  x: { type: uint8, base: uint8 }\n',
    "3:21: fields.x: 'base' goes with the type enum",
  ],
  'a fixed part that is too large': [
    '  ok: uint8\n  x: float64[8192]\n  y: uint8\n',
    '4:3: fields.x: the fixed part of the message would take 65552 bytes; at most 65536 are allowed, use a variable array such as uint8[]',
  ],
  'a description that is too large': [
    `  x:\n    type: enum\n    base: uint16\n    values:\n${Array.from({ length: 6000 }, (_, i) => `      value_${i}: ${i}\n`).join('')}`,
    "2:1: the schema's description takes 105915 bytes; at most 65536 are allowed, use fewer fields or enum values",
  ],
};

describe('schema files', () => {
  for (const [title, [given, ...expected]] of Object.entries(files))
    it(`of the wrong form are refused: ${title}`, () => {
      assert.deepEqual(problems(given), expected);
    });

  for (const [title, [given, ...expected]] of Object.entries(fields))
    it(`with wrong fields are refused: ${title}`, () => {
      assert.deepEqual(fieldProblems(given), expected);
    });

  it('may have 65536 bytes in their fixed part', () => {
    assert.deepEqual(fieldProblems('  x: float64[8192]\n'), []);
  });

  it('name schemas of their own package, of std, and of packages whose folders are given', () => {
    const own = { 'robot/Vector3.yaml': 'name: robot/Vector3\nfields: { x: uint8 }\n' };
    const arm = { 'arm/Grip.yaml': 'name: arm/Grip\nfields: { force: float32, at: Vector3 }\n' };
    const all = 'name: robot/A\nfields: { own: Vector3, std: std/Vector3, q: Quaternion, grip: arm/Grip }\n';
    const folder = writeFiles({ ...own, ...arm, 'robot/A.yaml': all });
    const { schemas, errors, folders } = loadSchemas(join(folder, 'robot'), { arm: join(folder, 'arm') });
    assert.deepEqual(errors, []);
    assert.deepEqual(
      schemas[0]!.descriptor.structs.map(({ name, size }) => `${name} ${size}`),
      ['arm/Grip 32', 'robot/Vector3 1', 'std/Quaternion 32', 'std/Vector3 24'],
    );
    assert.deepEqual([...folders.keys()].sort(), ['arm', 'robot', 'std']);
  });

  it('report what is wrong with the packages that they use', () => {
    const robot = { 'robot/A.yaml': 'name: robot/A\nfields: { g: arm/Grip }\n' };
    assert.deepEqual(
      problems({ ...robot, 'arm/Grip.yaml': 'name: arm/Grip\nfields: { x: xyzzy }\n' }, { arm: 'arm' }),
      [
        "arm/Grip.yaml:2:14: fields.x: unknown type 'xyzzy'; known: bool, int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64, string, …",
      ],
    );
    assert.deepEqual(
      problems({ ...robot, 'arm/Grip.yaml': 'name: leg/Grip\nfields: { x: bool }\n' }, { arm: 'arm' }),
      ['arm: holds package leg, not arm'],
    );
    assert.deepEqual(problems(robot, { arm: 'missing' }), ['missing: no such folder']);
  });
});
