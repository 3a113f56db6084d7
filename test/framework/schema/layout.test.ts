import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { loadSchemas, type LoadedSchema } from '../../../framework/schema/generate/index.js';
import {
  canonicalJson,
  type FieldType,
  type SchemaDescriptor,
  type StructDescriptor,
} from '../../../framework/schema/index.js';
import { REPO, tempDir } from '../../support/index.js';

const COMPILER = process.env['CXX'] ?? 'c++';
const SCALARS = [
  'bool',
  'int8',
  'uint8',
  'int16',
  'uint16',
  'int32',
  'uint32',
  'int64',
  'uint64',
  'float32',
  'float64',
];

/** A descriptor as C++ structs, the way a user of another language would write them down: no padding, no alignas. */
class CppStructs {
  readonly lines: string[] = [];
  private readonly done = new Set<string>();

  add(struct: StructDescriptor, schema: SchemaDescriptor): void {
    if (this.done.has(struct.name)) return;
    this.done.add(struct.name);
    const fields = struct.fields.map(({ name, type }) => `  ${this.declare(type, `f_${name}`, schema)};`);
    this.lines.push(`struct ${cppName(struct.name)} {`, ...fields, '};');
  }

  private declare(type: FieldType, name: string, schema: SchemaDescriptor): string {
    if (type.kind === 'array') return `${this.declare(type.element, name, schema)}[${type.length}]`;
    return `${this.typeName(type, schema)} ${name}`;
  }

  private typeName(type: FieldType, schema: SchemaDescriptor): string {
    switch (type.kind) {
      case 'scalar':
        return type.type === 'bool'
          ? 'bool'
          : type.type === 'float32'
            ? 'float'
            : type.type === 'float64'
              ? 'double'
              : `${type.type}_t`;
      case 'enum':
        return `${type.base}_t`;
      case 'time':
      case 'duration':
        return 'Time';
      case 'string':
      case 'sequence':
        if (type.kind === 'sequence') this.typeName(type.element, schema);
        return 'Span';
      case 'struct':
        this.add(
          schema.structs.find((each) => each.name === type.schema)!,
          schema,
        );
        return cppName(type.schema);
      case 'array':
        return this.typeName(type.element, schema);
    }
  }
}

const cppName = (name: string): string => name.replace('/', '_');

/** What the compiler says of each struct: size, alignment, offsets. */
function measure(schemas: readonly LoadedSchema[]): string {
  const structs = new CppStructs();
  for (const { descriptor } of schemas) structs.add(descriptor, descriptor);
  const prints = schemas.flatMap(({ descriptor }) => {
    const type = cppName(descriptor.name);
    const offsets = descriptor.fields.map(({ name }) => `offsetof(${type}, f_${name})`);
    const format = `${descriptor.name} %zu %zu${' %zu'.repeat(offsets.length)}\\n`;
    return `  std::printf("${format}", sizeof(${type}), alignof(${type}), ${offsets.join(', ')});`;
  });
  const folder = tempDir();
  const source = [
    '#include <cstddef>',
    '#include <cstdint>',
    '#include <cstdio>',
    'struct Time { int32_t sec; uint32_t nsec; };',
    'struct Span { uint32_t offset; uint32_t length; };',
    ...structs.lines,
    'int main() {',
    ...prints,
    '}',
  ];
  writeFileSync(join(folder, 'layout.cc'), source.join('\n'));
  execFileSync(COMPILER, ['-std=c++17', '-O0', '-o', join(folder, 'layout'), join(folder, 'layout.cc')]);
  return execFileSync(join(folder, 'layout'), { encoding: 'utf8' });
}

function described(schemas: readonly LoadedSchema[]): string {
  return schemas
    .map(
      ({ descriptor: { name, size, align, fields } }) =>
        [name, size, align, ...fields.map((field) => field.offset)].join(' ') + '\n',
    )
    .join('');
}

const elements = fc.constantFrom(...SCALARS, 'time', 'duration', 'enum', 'Struct');
const types = fc.oneof(
  { weight: 5, arbitrary: elements },
  { weight: 1, arbitrary: fc.constant('string') },
  {
    weight: 2,
    arbitrary: fc
      .tuple(elements, fc.integer({ min: 1, max: 17 }))
      .map(([type, length]) => `${type}[${length}]`),
  },
  { weight: 2, arbitrary: elements.map((type) => `${type}[]`) },
);
const fieldLists = fc.array(
  fc.record({
    type: types,
    base: fc.constantFrom('int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32'),
    earlier: fc.nat(),
  }),
  { minLength: 1, maxLength: 12 },
);

/** Schema `Sn`, whose structs are some of S0 to Sn-1. */
function yamlOf(index: number, fields: readonly { type: string; base: string; earlier: number }[]): string {
  const lines = fields.map(({ type, base, earlier }, place) => {
    const text = type.replace(
      'Struct',
      index === 0 ? 'Vector3' : `S${Math.max(0, index - 1 - (earlier % 4))}`,
    );
    return text.startsWith('enum')
      ? `  f${place}: { type: '${text}', base: ${base}, values: { a: 0 } }`
      : `  f${place}: '${text}'`;
  });
  return [`name: random/S${index}`, 'fields:', ...lines, ''].join('\n');
}

describe('layout', function () {
  before(function () {
    if (spawnSync(COMPILER, ['--version']).status !== 0) {
      console.log(`      skipped: there is no C++ compiler named ${COMPILER}`);
      this.skip();
    }
  });

  it("of the standard schemas is the C++ compiler's", () => {
    const { schemas, errors } = loadSchemas(join(REPO, 'schemas', 'std'));
    assert.deepEqual(errors, []);
    assert.ok(schemas.length >= 6);
    assert.equal(described(schemas), measure(schemas));
  });

  it("of one field of each kind is the C++ compiler's", () => {
    const { schemas } = loadSchemas(join(REPO, 'test', 'framework', 'schema', 'fixtures'));
    assert.equal(described(schemas), measure(schemas));
  });

  it("of random schemas is the C++ compiler's", () => {
    const seed = Date.now() & 0x7fffffff;
    const folder = join(tempDir(), 'random');
    mkdirSync(folder);
    for (const [index, fields] of fc.sample(fieldLists, { numRuns: 60, seed }).entries())
      writeFileSync(join(folder, `S${index}.yaml`), yamlOf(index, fields));
    const { schemas, errors } = loadSchemas(folder);
    const refused = errors.filter(
      (error) => !error.message.includes('the fixed part of the message would take'),
    );
    assert.deepEqual(refused.map(String), [], `seed ${seed}`);
    assert.ok(schemas.length >= 10, `seed ${seed}`);
    assert.equal(described(schemas), measure(schemas), `seed ${seed}`);
  });
});

describe('layout hash', () => {
  const hashOf = (yaml: string): string => {
    const folder = tempDir();
    writeFileSync(join(folder, 'A.yaml'), `name: one/A\n${yaml}`);
    const { schemas, errors } = loadSchemas(folder);
    assert.deepEqual(errors, []);
    assert.match(schemas[0]!.hash, /^[0-9a-f]{16}$/);
    return schemas[0]!.hash;
  };
  const base = 'fields: { x: uint8, e: { type: enum, values: { a: 0, b: 1 } }, v: Vector3 }';

  it('stays the same when only words for people change', () => {
    const words =
      'doc: new\nfields:\n  x: { type: uint8, unit: m, doc: y }\n  e: { type: enum, base: uint8, values: { b: 1, a: 0 } }\n  v: std/Vector3';
    assert.equal(hashOf(base), hashOf(words));
  });

  it('changes with names, types, order and enum values', () => {
    const others = [
      'fields: { y: uint8, e: { type: enum, values: { a: 0, b: 1 } }, v: Vector3 }',
      'fields: { x: int8, e: { type: enum, values: { a: 0, b: 1 } }, v: Vector3 }',
      'fields: { e: { type: enum, values: { a: 0, b: 1 } }, x: uint8, v: Vector3 }',
      'fields: { x: uint8, e: { type: enum, values: { a: 0, b: 2 } }, v: Vector3 }',
      'fields: { x: uint8, e: { type: enum, values: { a: 0, c: 1 } }, v: Vector3 }',
      'fields: { x: uint8, e: { type: enum, values: { a: 0, b: 1 } }, v: Quaternion }',
    ];
    assert.equal(new Set([base, ...others].map(hashOf)).size, others.length + 1);
  });

  it('is taken over the canonical text, whose keys are in order', () => {
    const folder = tempDir();
    writeFileSync(join(folder, 'A.yaml'), `name: one/A\n${base}`);
    const { descriptor } = loadSchemas(folder).schemas[0]!;
    assert.equal(
      canonicalJson(descriptor),
      JSON.stringify(descriptor),
      'descriptors are made in canonical order',
    );
    assert.ok(
      canonicalJson(descriptor).startsWith(
        '{"align":8,"fields":[{"name":"x","offset":0,"type":{"kind":"scalar",',
      ),
    );
  });
});
