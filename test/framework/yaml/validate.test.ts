import assert from 'node:assert/strict';
import { compileJsonSchema, validateYaml, YamlSource } from '../../../framework/yaml/index.js';

const validate = compileJsonSchema({
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name: { type: 'string', title: 'a name: letters only', pattern: '^[A-Za-z]+$', maxLength: 8 },
    depth: { type: 'integer', minimum: 1, maximum: 65535 },
    policy: { enum: ['never', 'on-failure', 'always'] },
    list: { type: 'array', items: { type: 'number' }, minItems: 1 },
    value: { oneOf: [{ type: 'string' }, { $ref: '#/$defs/leaf' }] },
    tree: { $ref: '#/$defs/tree' },
    nodes: {
      type: 'object',
      propertyNames: { title: 'a node name: lower case', pattern: '^[a-z]+$' },
      additionalProperties: { $ref: '#/$defs/leaf' },
    },
  },
  $defs: {
    leaf: {
      type: 'object',
      additionalProperties: false,
      required: ['use'],
      properties: { use: { type: 'string' }, ports: { type: 'object' } },
    },
    tree: {
      anyOf: [
        { type: 'number' },
        { type: 'object', additionalProperties: false, properties: { left: { $ref: '#/$defs/tree' } } },
      ],
    },
  },
});

/** What is wrong with a YAML text, one line each. */
function problems(text: string): string[] {
  return validateYaml(YamlSource.parse(text, 'f.yaml'), validate, 'ERR_BABUS_SCHEMA').map(
    (error) => error.message,
  );
}

const cases: Record<string, [text: string, ...expected: string[]]> = {
  'a valid file': ['name: ok\ndepth: 3\nvalue: x\ntree: { left: { left: 1 } }\n'],
  'an empty file': ['', 'f.yaml:1:1: the file: wants a map, given nothing'],
  'a list instead of a map': ['- 1\n', 'f.yaml:1:1: the file: wants a map, given a list'],
  'an unknown key at the top': [
    'name: a\ndept: 3\n',
    "f.yaml:2:1: unknown key 'dept'; did you mean 'depth'?",
  ],
  'an unknown key far from any': [
    'name: a\nvalue: { use: x, q: 1 }\n',
    "f.yaml:2:18: unknown key 'q' in value; known: use, ports",
  ],
  'an unknown key deeper': [
    'name: a\nnodes:\n  cam: { use: x, port: {} }\n',
    "f.yaml:3:18: unknown key 'port' in nodes.cam; did you mean 'ports'?",
  ],
  'the rest of a text after a comma': [
    'name: a\nnodes: { cam: { use: one, two three } }\n',
    "f.yaml:2:27: unknown key 'two three' in nodes.cam; put text that has commas in quotes",
  ],
  'a missing key': ['depth: 1\n', "f.yaml:1:1: missing key 'name'"],
  'a missing key deeper': [
    'name: a\nnodes:\n  cam:\n    ports: {}\n',
    "f.yaml:3:3: nodes.cam: missing key 'use'",
  ],
  'text for a number': [
    'name: a\ndepth: three\n',
    "f.yaml:2:8: depth: wants a whole number, given 'three' (text)",
  ],
  'a fraction for a whole number': [
    'name: a\ndepth: 1.5\n',
    'f.yaml:2:8: depth: wants a whole number, given 1.5 (a number)',
  ],
  'a number for text': ['name: 5\n', 'f.yaml:1:7: name: wants text, given 5 (a number)'],
  'nothing for text': ['name:\n', 'f.yaml:1:6: name: wants text, given nothing'],
  'a boolean for a list': ['name: a\nlist: true\n', 'f.yaml:2:7: list: wants a list, given true (a boolean)'],
  'below the range': ['name: a\ndepth: 0\n', 'f.yaml:2:8: depth: wants at least 1, given 0 (a number)'],
  'above the range': [
    'name: a\ndepth: 70000\n',
    'f.yaml:2:8: depth: wants at most 65535, given 70000 (a number)',
  ],
  'not one of the choices': [
    'name: a\npolicy: sometimes\n',
    "f.yaml:2:9: policy: wants one of never, on-failure, always; given 'sometimes'",
  ],
  'nearly one of the choices': [
    'name: a\npolicy: on_failure\n',
    "f.yaml:2:9: policy: wants one of never, on-failure, always; given 'on_failure'; did you mean 'on-failure'?",
  ],
  'a pattern': ['name: a-b\n', "f.yaml:1:7: name: 'a-b' is not a name: letters only"],
  'a list item': ['name: a\nlist: [1, x]\n', "f.yaml:2:11: list[1]: wants a number, given 'x' (text)"],
  'an empty list': [
    'name: a\nlist: []\n',
    'f.yaml:2:7: list: wants a list of 1 or more, given an empty list',
  ],
  'too long': [
    'name: abcdefghij\n',
    "f.yaml:1:7: name: wants at most 8 characters, given 'abcdefghij' (text)",
  ],
  'the name of a key': [
    'name: a\nnodes:\n  Cam: { use: x }\n',
    "f.yaml:3:3: key 'Cam' in nodes is not a node name: lower case",
  ],
  'a choice that no type fits': [
    'name: a\nvalue: 5\n',
    'f.yaml:2:8: value: wants text or a map, given 5 (a number)',
  ],
  'a choice whose map branch is meant': [
    'name: a\nvalue: { ports: {} }\n',
    "f.yaml:2:1: value: missing key 'use'",
  ],
  'choices inside choices': [
    'name: a\ntree: { left: { lft: 1 } }\n',
    "f.yaml:2:17: unknown key 'lft' in tree.left; did you mean 'left'?",
  ],
  'several causes in the order of the file': [
    'depth: x\nfoo: 1\npolicy: 3\n',
    "f.yaml:1:1: missing key 'name'",
    "f.yaml:1:8: depth: wants a whole number, given 'x' (text)",
    "f.yaml:2:1: unknown key 'foo'; known: name, depth, policy, list, value, tree, nodes",
    'f.yaml:3:9: policy: wants one of never, on-failure, always; given 3',
  ],
  'a control character in a key': [
    'name: a\n"a\\nb": 1\n',
    "f.yaml:2:1: unknown key 'a\uFFFDb'; known: name, depth, policy, list, value, tree, nodes",
  ],
  'keys that every object has': [
    'name: a\nconstructor: 1\n__proto__: 2\n',
    "f.yaml:2:1: unknown key 'constructor'; known: name, depth, policy, list, value, tree, nodes",
    "f.yaml:3:1: unknown key '__proto__'; known: name, depth, policy, list, value, tree, nodes",
  ],
};

describe('validateYaml', () => {
  for (const [title, [text, ...expected]] of Object.entries(cases))
    it(title, () => {
      assert.deepEqual(problems(text), expected);
    });

  it('gives errors the code asked for and a position', () => {
    const [error] = validateYaml(YamlSource.parse('name: 1', 'f.yaml'), validate, 'ERR_BABUS_LAUNCH_FILE');
    assert.equal(error?.code, 'ERR_BABUS_LAUNCH_FILE');
    assert.deepEqual(error.at, { file: 'f.yaml', line: 1, column: 7 });
  });

  it('refuses a JSON Schema with a keyword that would do nothing', () => {
    assert.throws(() => compileJsonSchema({ type: 'object', propertees: {} }), /unknown keyword/);
  });
});
