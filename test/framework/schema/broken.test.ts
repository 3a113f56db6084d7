/** A hundred schema files that are broken in one way each: each gives one error, which says where, what and what to do. */
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSchemas } from '../../../framework/schema/generate/index.js';
import { tempDir } from '../../support/index.js';

type Case = readonly [content: string | Buffer, place: string, message: string];

const NAME =
  'is not a schema name: package/Name with a package of a-z, 0-9 and _, a Name of letters and digits that begins with a capital, such as my_robot/Grip';
const FIELD = 'is not a field name: a-z, 0-9 and _, beginning with a letter, at most 64 characters';
const VALUE = 'is not a name of an enum value: letters, digits and _, with a letter before the first _';
const KNOWN =
  'known: bool, int8, uint8, int16, uint16, int32, uint32, int64, uint64, float32, float64, string, …';
const NO_TYPE = 'is not a type; write such as uint32, float64[9], float32[] or my_robot/Grip';
const LENGTH = 'a fixed array has 1 to 65536 elements';
const HEAD = 'name: robot/A\n';
const GOOD = 'fields: { x: bool }\n';

/** What stands between the braces of `fields: { }`. */
const FIELDS: readonly Case[] = [
  [
    'x: bool }\n---\nname: robot/A\nfields: { y: bool',
    '3:1',
    'a second document starts here; a file may hold one',
  ],
  [
    'x: *t',
    '2:14',
    '*t names no anchor above it; an anchor is set with &t, and text that begins with * stands in quotes',
  ],
  ['x: !!binary aGk=', '2:23', 'the tag !!binary is not allowed; write the value without it'],
  ['x: !foo bool', '2:14', 'the tag !foo is not allowed; write the value without it'],
  [
    'x: !!js/function "function(){}"',
    '2:14',
    'the tag js/function is not allowed; write the value without it',
  ],
  ['__proto__: bool', '2:11', `key '__proto__' in fields ${FIELD}`],
  ['1: bool', '2:11', `key '1' in fields ${FIELD}`],
  ['~: bool', '2:9', `key '' in fields ${FIELD}`],
  ['[a]: bool', '2:11', 'a key is text, not a list or map; put it in quotes'],
  ['"": bool', '2:11', `key '' in fields ${FIELD}`],
  ['größe: float32', '2:11', `key 'größe' in fields ${FIELD}`],
  ['"a b": bool', '2:11', `key 'a b' in fields ${FIELD}`],
  ['_x: bool', '2:11', `key '_x' in fields ${FIELD}`],
  ['2d: bool', '2:11', `key '2d' in fields ${FIELD}`],
  [
    'x: { type: enum, values: { a: 99999999999999999999999999 } }',
    '2:41',
    'fields.x: a is 1e+26; uint8 holds a whole number from 0 to 255',
  ],
  [
    'x: { type: enum, values: { a: .inf } }',
    '2:41',
    'fields.x.values.a: wants a whole number, given Infinity (a number)',
  ],
  [
    'x: { type: enum, values: { a: .nan } }',
    '2:41',
    'fields.x.values.a: wants a whole number, given NaN (a number)',
  ],
  [
    'x: { type: enum, values: { a: 1e400 } }',
    '2:41',
    'fields.x.values.a: wants a whole number, given Infinity (a number)',
  ],
  [
    'x: { type: enum, values: { a: 0x100 } }',
    '2:41',
    'fields.x: a is 256; uint8 holds a whole number from 0 to 255',
  ],
  [
    'x: { type: enum, values: { a: "0" } }',
    '2:41',
    "fields.x.values.a: wants a whole number, given '0' (text)",
  ],
  ['x: { type: enum, values: { a: } }', '2:41', 'fields.x.values.a: wants a whole number, given nothing'],
  ['x: { type: enum, values: { 12: 0 } }', '2:38', `key '12' in fields.x.values ${VALUE}`],
  ['x: { type: enum, values: { ä: 0 } }', '2:38', `key 'ä' in fields.x.values ${VALUE}`],
  [
    'x: { type: enum, base: int64, values: { a: 0 } }',
    '2:34',
    "fields.x.base: wants one of int8, uint8, int16, uint16, int32, uint32; given 'int64'; did you mean 'int8'?",
  ],
  [
    'x: { type: enum, base: unit8, values: { a: 0 } }',
    '2:34',
    "fields.x.base: wants one of int8, uint8, int16, uint16, int32, uint32; given 'unit8'; did you mean 'uint8'?",
  ],
  [
    'x: { type: enum, base: int8, values: { a: 128 } }',
    '2:53',
    'fields.x: a is 128; int8 holds a whole number from -128 to 127',
  ],
  [
    'x: { type: enum, base: uint32, values: { a: 4294967296 } }',
    '2:55',
    'fields.x: a is 4294967296; uint32 holds a whole number from 0 to 4294967295',
  ],
  [
    'x: { type: enum, base: int32, values: { a: -2147483649 } }',
    '2:54',
    'fields.x: a is -2147483649; int32 holds a whole number from -2147483648 to 2147483647',
  ],
  [
    'x: { type: enum, values: { aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa: 0 } }',
    '2:38',
    `key 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa…' in fields.x.values ${VALUE}`,
  ],
  ['x: { type: "enum[3]" }', '2:22', "fields.x: missing key 'values', such as values: { off: 0, on: 1 }"],
  [
    'x: { type: enum, values: { a: 0, b: -0 } }',
    '2:47',
    'fields.x: b is 0, as a is; each name needs a number of its own',
  ],
  ['x: "float32[1.5]"', '2:14', `fields.x: 'float32[1.5]': ${LENGTH}`],
  ['x: "float32[1e3]"', '2:14', `fields.x: 'float32[1e3]': ${LENGTH}`],
  ['x: "float32[0x10]"', '2:14', `fields.x: 'float32[0x10]': ${LENGTH}`],
  ['x: "float32[65537]"', '2:14', `fields.x: 'float32[65537]': ${LENGTH}`],
  ['x: "uint8[9007199254740993]"', '2:14', `fields.x: 'uint8[9007199254740993]': ${LENGTH}`],
  [
    'x: "uint8[65536]", y: bool',
    '2:30',
    'fields.y: the fixed part of the message would take 65537 bytes; at most 65536 are allowed, use a variable array such as uint8[]',
  ],
  ['x: ""', '2:14', `fields.x: '' ${NO_TYPE}`],
  ['x: " "', '2:14', `fields.x: ' ' ${NO_TYPE}`],
  ['x: int7', '2:14', "fields.x: unknown type 'int7'; did you mean 'int8'?"],
  ['x: float16', '2:14', "fields.x: unknown type 'float16'; did you mean 'float32'?"],
  ['x: uint128', '2:14', "fields.x: unknown type 'uint128'; did you mean 'uint8'?"],
  ['x: "map<string,int32>"', '2:14', `fields.x: 'map<string,int32>' ${NO_TYPE}`],
  ['x: "float32?"', '2:14', `fields.x: 'float32?' ${NO_TYPE}`],
  ['x: "float32*"', '2:14', `fields.x: 'float32*' ${NO_TYPE}`],
  ['x: "std::string"', '2:14', `fields.x: 'std::string' ${NO_TYPE}`],
  ['x: std_msgs/Header', '2:14', "fields.x: unknown package 'std_msgs'; did you mean 'std/Header'?"],
  ['x: sensor_msgs/msg/Image', '2:14', "fields.x: unknown package 'sensor_msgs'; did you mean 'std/Image'?"],
  ['x: ../std/Image', '2:14', `fields.x: '../std/Image' ${NO_TYPE}`],
  ['x: std/', '2:14', `fields.x: unknown type 'std/'; ${KNOWN}`],
  ['x: /Image', '2:14', `fields.x: '/Image' ${NO_TYPE}`],
  ['x: std.Image', '2:14', `fields.x: 'std.Image' ${NO_TYPE}`],
  ['x: image', '2:14', "fields.x: unknown type 'image'; did you mean 'Image'?"],
  ['x: void', '2:14', `fields.x: unknown type 'void'; ${KNOWN}`],
  ['x: any', '2:14', `fields.x: unknown type 'any'; ${KNOWN}`],
  ['x: object', '2:14', `fields.x: unknown type 'object'; ${KNOWN}`],
  ['x: __proto__', '2:14', `fields.x: unknown type '__proto__'; ${KNOWN}`],
  ['x: constructor', '2:14', `fields.x: unknown type 'constructor'; ${KNOWN}`],
  ['x: toString', '2:14', "fields.x: unknown type 'toString'; did you mean 'string'?"],
  ['x: hasOwnProperty/Foo', '2:14', "fields.x: unknown package 'hasOwnProperty'; known: robot, std"],
  ['x: bool }', '2:21', 'a } without a { before it; remove it, or put the text in quotes'],
  ['x: bool }\nfields: { y: bool', '3:1', 'key fields stands in this map twice'],
  ['x: { type: float32, unit: [m] }', '2:37', 'fields.x.unit: wants text, given a list'],
  [
    'x: { type: enum, base: , values: { a: 0 } }',
    '2:34',
    'fields.x.base: wants one of int8, uint8, int16, uint16, int32, uint32; given nothing',
  ],
  ['x: { type: { a: b } }', '2:22', 'fields.x.type: wants text, given a map'],
  ['x: { type: }', '2:22', 'fields.x.type: wants text, given nothing'],
  ['x: { typ: bool }', '2:16', "unknown key 'typ' in fields.x; did you mean 'type'?"],
];

/** Nine lists of nine of the list before: a few lines that stand for hundreds of millions of values. */
function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i++)
    lines.push(
      `a${i}: &a${i} [${Array(9)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  return `${lines.join('\n')}\n`;
}

const FILES: readonly Case[] = [
  ['name: robot/A\nfields:\n\tx: bool\n', '3:1', 'a tab in the indentation; use spaces'],
  ['name: robot/A\nfields:\n  x:\n\t  type: bool\n', '4:1', 'a tab in the indentation; use spaces'],
  [
    '\uFEFFname: robot/A\nfields:\n  x: flot32\n',
    '3:6',
    "fields.x: unknown type 'flot32'; did you mean 'float32'?",
  ],
  [
    'name: robot/A\r\nfields:\r\n  x: flot32\r\n',
    '3:6',
    "fields.x: unknown type 'flot32'; did you mean 'float32'?",
  ],
  [
    'name: robot/A\rfields:\r  x: flot32\r',
    '1:14',
    'a carriage return without a line feed; let lines end in LF or CR LF',
  ],
  [
    'name: robot/A\ndoc: "a"\nfields: { x: bool }\n\0\n',
    '4:1',
    'control character U+0000; is this a text file? Write it as an escape in double quotes, or leave it out',
  ],
  [
    'name: robot/A\ndoc: a\x1bb\nfields: { x: bool }\n',
    '2:7',
    'control character U+001B; is this a text file? Write it as an escape in double quotes, or leave it out',
  ],
  ['', '1:1', 'the file: wants a map, given nothing'],
  ['# only\n', '1:1', 'the file: wants a map, given nothing'],
  ['---\n', '1:4', 'the file: wants a map, given nothing'],
  ['null\n', '1:1', 'the file: wants a map, given nothing'],
  ['hello\n', '1:1', "the file: wants a map, given 'hello' (text)"],
  ['5\n', '1:1', 'the file: wants a map, given 5 (a number)'],
  ['- a\n- b\n', '1:1', 'the file: wants a map, given a list'],
  [
    'name: robot/A\nfields: { x: bool }\n...\nfoo: bar\n',
    '4:1',
    'a second document starts here; a file may hold one',
  ],
  ['name: robot/A\nfields: &f { x: *f }\n', '2:17', '*f stands inside of what &f names; write the value out'],
  [
    'name: robot/A\nfields:\n  x: &b { type: float32 }\n  y: { <<: *b, unit: m }\n',
    '4:8',
    "unknown key '<<' in fields.y; keys are not merged here: write them out",
  ],
  [
    '%YAML 9.9\n---\nname: robot/A\nfields: { x: bool }\n',
    '1:7',
    'YAML version 9.9 is not known; remove the line with %YAML',
  ],
  [
    '%FOO bar\n---\nname: robot/A\nfields: { x: bool }\n',
    '1:1',
    '%FOO is no directive of YAML; remove the line',
  ],
  [
    'name: robot/A\n__proto__: { x: 1 }\nfields: { x: bool }\n',
    '2:1',
    "unknown key '__proto__'; known: name, doc, constants, fields",
  ],
  [
    'name: robot/A\nfields:\n  ? {a: 1}\n  : bool\n',
    '3:5',
    'a key is text, not a list or map; put it in quotes',
  ],
  [
    'name robot/A\nfields: { x: bool }\n',
    '1:1',
    "a key without a value; write 'key: value', and text in quotes",
  ],
  [
    'name: robot/A\nfields:\n  x: bool\n y: bool\n',
    '4:1',
    'it is indented otherwise than its neighbours; align them',
  ],
  [
    'name: robot/A\ndoc: "abc\nfields: { x: bool }\n',
    '4:1',
    'a text in quotes is not closed; end it with the same quote',
  ],
  ['name: robot/A\nfields: { x: bool\n', '3:1', 'a { or [ that begins above is not closed; end it with }'],
  [
    'name: robot/A\ndoc: What: is it\nfields: { x: bool }\n',
    '2:6',
    "a second ': ' in one line; put text that has a colon in quotes",
  ],
  ['name: robot/A\ndoc: @foo\nfields: { x: bool }\n', '2:6', 'text cannot begin with @; put it in quotes'],
  [
    'name: robot/A\nfields:\n  x: { type: float32, unit: % }\n',
    '3:29',
    'text cannot begin with %; put it in quotes',
  ],
  [
    'name: robot/A\nfields:\n  x: { type: float32, doc: one, two }\n',
    '3:33',
    "unknown key 'two' in fields.x; known: type, unit, doc, deprecated, minimum, maximum, base, values",
  ],
  [
    'name: robot/A\nfields:\n  x: { type: float32, doc: *bold }\n',
    '3:28',
    '*bold names no anchor above it; an anchor is set with &bold, and text that begins with * stands in quotes',
  ],
  ['name: robot/A\nname: robot/A\nfields: { x: bool }\n', '2:1', 'key name stands in this map twice'],
  ['name: robot/A\nfields:\n  - x: bool\n', '3:3', 'fields: wants a map, given a list'],
  [
    'name: robot/A\nfields:\n  pose:\n    x: float32\n    y: float32\n',
    '3:3',
    'fields.pose: fields in a field are not supported; write a schema of its own for them and name it here, such as pose: Vector3',
  ],
  ['name: robot/A\nfields: bool\n', '2:9', "fields: wants a map, given 'bool' (text)"],
  ['name: robot/A\nfields:\n', '2:8', 'fields: wants a map, given nothing'],
  ['name: 5\nfields: { x: bool }\n', '1:7', 'name: wants text, given 5 (a number)'],
  ['name: ""\nfields: { x: bool }\n', '1:7', `name: '' ${NAME}`],
  ['name: Robot/A\nfields: { x: bool }\n', '1:7', `name: 'Robot/A' ${NAME}`],
  ['name: my-robot/A\nfields: { x: bool }\n', '1:7', `name: 'my-robot/A' ${NAME}`],
  ['name: a/b/A\nfields: { x: bool }\n', '1:7', `name: 'a/b/A' ${NAME}`],
  ['name: robot/A_B\nfields: { x: bool }\n', '1:7', `name: 'robot/A_B' ${NAME}`],
  [
    'name: rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr/A\nfields: { x: bool }\n',
    '1:7',
    "name: wants at most 127 characters, given 'rrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrrr…' (text)",
  ],
  ['name: robot/Ä\nfields: { x: bool }\n', '1:7', `name: 'robot/Ä' ${NAME}`],
  ['name: "robot/A "\nfields: { x: bool }\n', '1:7', `name: 'robot/A ' ${NAME}`],
  ['name: "robot/A\\n"\nfields: { x: bool }\n', '1:7', `name: 'robot/A�' ${NAME}`],
  ['name: robot/A\ndoc: { a: b }\nfields: { x: bool }\n', '2:6', 'doc: wants text, given a map'],
  ['name: robot/A\ndoc: 5\nfields: { x: bool }\n', '2:6', 'doc: wants text, given 5 (a number)'],
  [
    Buffer.concat([Buffer.from(`${HEAD}doc: caf`), Buffer.from([0xe9]), Buffer.from(`\n${GOOD}`)]),
    '2:9',
    'byte 0xe9 is not UTF-8; save the file as UTF-8',
  ],
  [Buffer.from(`\uFEFF${HEAD}${GOOD}`, 'utf16le'), '1:1', 'is UTF-16; save the file as UTF-8'],
  [
    Buffer.from([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1, 0, 0, 0]),
    '1:1',
    'control character U+007F; is this a text file? Write it as an escape in double quotes, or leave it out',
  ],
  ['', '1:1', 'the file: wants a map, given nothing'],
  [HEAD + bomb() + GOOD, '1:1', 'aliases (*name) repeat too much; write the values out'],
  [
    `${HEAD}fields: { x: ${'['.repeat(20000)}${']'.repeat(20000)} }\n`,
    '2:',
    'lists and maps are nested too deep',
  ],
  [
    `${HEAD}doc: ${'{a: '.repeat(5000)}1${'}'.repeat(5000)}\n${GOOD}`,
    '2:',
    'lists and maps are nested too deep',
  ],
  [
    `${HEAD}fields:\n${Array.from({ length: 20000 }, (_, i) => `  f${i}: bool\n`).join('')}`,
    '2:1',
    "the schema's description takes 1417845 bytes; at most 65536 are allowed, use fewer fields or enum values",
  ],
  [
    `${HEAD}fields: { x: ${'y'.repeat(100000)} }\n`,
    '2:14',
    `fields.x: '${'y'.repeat(60)}…' is not a type: 100000 characters; write such as uint32, float64[9] or my_robot/Grip`,
  ],
];

/** Errors of the folder of robot/A, without its path. */
function problems(content: string | Buffer): string[] {
  const folder = join(tempDir(), 'robot');
  mkdirSync(folder);
  writeFileSync(join(folder, 'A.yaml'), content);
  return loadSchemas(folder).errors.map(({ message }) => message.replaceAll(`${folder}/`, ''));
}

describe('a broken schema file', () => {
  it('is one of a hundred', () => assert.ok(FIELDS.length + FILES.length >= 100));

  for (const [fields, place, message] of FIELDS)
    it(`gives one error: fields: { ${String(fields)} }`, () => {
      assert.deepEqual(problems(`${HEAD}fields: { ${String(fields)} }\n`), [`A.yaml:${place}: ${message}`]);
    });

  for (const [content, place, message] of FILES)
    it(`gives one error: ${JSON.stringify(String(content).slice(0, 60))}`, () => {
      const [first = '', ...others] = problems(content);
      assert.deepEqual(others, []);
      assert.ok(first.startsWith(`A.yaml:${place}`), first);
      // How deep is too deep depends on the stack.
      assert.equal(first.replace(/^A\.yaml:\d+:\d+: /, ''), message);
    });

  it('is none with a byte order mark, with CR LF, with anchors of plain values', () => {
    assert.deepEqual(problems(`\uFEFF${HEAD}${GOOD}`), []);
    assert.deepEqual(problems('name: robot/A\r\nfields:\r\n  x: bool\r\n'), []);
    const anchors = 'fields:\n  x: { type: enum, values: &v { a: 0 } }\n  y: { type: enum, values: *v }\n';
    assert.deepEqual(problems(HEAD + anchors), []);
  });
});
