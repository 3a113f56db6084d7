import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { tempDir } from '../../support/index.js';

/** Schemas of one family hold each other, the next always the one before: that many levels of structs. */
const FAMILY = 40;

const SCALARS = 'bool int8 uint8 int16 uint16 int32 uint32 int64 uint64 float32 float64'.split(' ');
const BASES = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32'];
const EDGES: Readonly<Record<string, readonly number[]>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32768, 32767],
  uint16: [0, 65535],
  int32: [-2147483648, 2147483647],
  uint32: [0, 4294967295],
};

const elements = fc.constantFrom(...SCALARS, 'int64', 'uint64', 'time', 'duration', 'enum', 'Vector3');
const listed = fc.oneof({ weight: 9, arbitrary: elements }, { weight: 1, arbitrary: fc.constant('string') });
const types = fc.oneof(
  { weight: 6, arbitrary: elements },
  { weight: 1, arbitrary: fc.constant('string') },
  {
    weight: 2,
    arbitrary: fc
      .tuple(listed, fc.integer({ min: 1, max: 17 }))
      .map(([type, length]) => `${type}[${length}]`),
  },
  { weight: 2, arbitrary: listed.map((type) => `${type}[]`) },
  { weight: 1, arbitrary: fc.constantFrom('Early[]', 'Early[2]') },
);
const schemas = fc.record({
  fields: fc.array(
    fc.record({
      type: types,
      base: fc.constantFrom(...BASES),
      doc: fc.string({ unit: 'grapheme', maxLength: 12 }),
      unit: fc.constantFrom('m', 'µm', '°C', 'Ω', '日'),
    }),
    { minLength: 1, maxLength: 10 },
  ),
  /** Where the schema before stands among the fields. */
  place: fc.nat(),
  early: fc.nat(),
});

type Drawn = typeof schemas extends fc.Arbitrary<infer T> ? T : never;

/** A folder of `families` times 40 schemas that nobody has seen, the same for the same seed. */
export function randomFolder(packageName: string, families: number, seed: number): string {
  const folder = join(tempDir(), packageName);
  mkdirSync(folder);
  const drawn = fc.sample(schemas, { numRuns: families * FAMILY, seed });
  for (const [index, schema] of drawn.entries()) {
    const family = Math.floor(index / FAMILY);
    const name = `F${family}X${index % FAMILY}`;
    writeFileSync(
      join(folder, `${name}.yaml`),
      yamlOf(packageName, name, `F${family}X`, index % FAMILY, schema),
    );
  }
  return folder;
}

function yamlOf(packageName: string, name: string, family: string, index: number, schema: Drawn): string {
  const lines = schema.fields.map(({ type, base, doc, unit }, place) => {
    // An array of a late struct would multiply all that it holds.
    const early = index === 0 ? 'Vector3' : `${family}${schema.early % Math.min(index, 3)}`;
    const text = type.replace('Early', early);
    const [least, most] = EDGES[base]!;
    const values = text.startsWith('enum')
      ? `, base: ${base}, values: { least: ${least}, one: 1, most: ${most} }`
      : '';
    return `  f${place}: { type: '${text}', doc: ${JSON.stringify(doc)}, unit: ${unit}${values} }`;
  });
  if (index > 0) lines.splice(schema.place % (lines.length + 1), 0, `  before: ${family}${index - 1}`);
  return [`name: ${packageName}/${name}`, 'fields:', ...lines, ''].join('\n');
}
