/** Where a C compiler puts the fields of schemas that nobody has seen, and what a C program reads of what loans wrote. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { generate, loadSchemas, type LoadedSchema } from '../../../framework/schema/generate/index.js';
import type { Schema } from '../../../framework/schema/index.js';
import { REPO, tempDir } from '../../support/index.js';
import { C_COMPILER, CProgram } from './c-program.js';
import { Bench } from './kit.js';
import { randomFolder } from './random-schemas.js';
import { expectedLine, random, sampleOf } from './sample-values.js';

const STD = join(REPO, 'schemas', 'std');
const FIXTURES = join(REPO, 'test', 'framework', 'schema', 'fixtures');
/** Bytes for a message of the deepest schemas with full tails. */
const CAPACITY = 1 << 20;

function load(folder: string): readonly LoadedSchema[] {
  const { schemas, errors } = loadSchemas(folder);
  assert.deepEqual(errors.map(String), []);
  return schemas;
}

/** As the C program prints it. */
function described(schemas: readonly LoadedSchema[]): string {
  return schemas
    .map(
      ({ descriptor: { name, size, align, fields } }) =>
        `${[name, size, align, ...fields.map(({ offset }) => offset)].join(' ')}\n`,
    )
    .join('');
}

type AnySchema = Schema<Record<string, unknown>>;

/** The generated code of a folder's schemas, as a user's project would load it. */
async function codeOf(folder: string): Promise<ReadonlyMap<string, AnySchema>> {
  const out = join(tempDir(), basename(folder));
  mkdirSync(join(out, 'node_modules'), { recursive: true });
  symlinkSync(REPO, join(out, 'node_modules', 'babus'));
  writeFileSync(join(out, 'package.json'), JSON.stringify({ type: 'module' }));
  const { files, errors } = generate(folder);
  assert.deepEqual(errors, []);
  for (const { path, text } of files) {
    const { outputText } = ts.transpileModule(text, {
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
    });
    writeFileSync(join(out, basename(path).replace('.ts', '.js')), outputText);
  }
  const code = (await import(pathToFileURL(join(out, 'index.js')).href)) as Record<string, unknown>;
  return new Map(
    Object.entries(code).flatMap(([name, value]) =>
      typeof value === 'object' ? [[name, value as AnySchema]] : [],
    ),
  );
}

/** Writes three messages of each schema with its loan, and compares what C reads in them. */
function compareMessages(
  schemas: readonly LoadedSchema[],
  code: ReadonlyMap<string, AnySchema>,
  seed: number,
): void {
  const next = random(seed);
  const expected: string[] = [];
  const messages = schemas.flatMap(({ title, descriptor }, schema) => {
    const bench = new Bench(code.get(title)!, CAPACITY);
    return [0, 1, 2].map(() => {
      const value = sampleOf(descriptor, next);
      bench.put(value);
      expected.push(expectedLine(value, descriptor));
      return { schema, bytes: bench.memory.u8.slice(0, bench.memory.length) };
    });
  });
  const said = new CProgram(schemas).read(messages);
  assert.equal(said.length, expected.length);
  for (const [index, line] of said.entries())
    assert.equal(line, expected[index], `${schemas[Math.floor(index / 3)]!.name}, seed ${seed}`);
}

describe('a C compiler', function () {
  const seed = Date.now() & 0x7fffffff;

  before(function () {
    if (spawnSync(C_COMPILER, ['--version']).error === undefined) return;
    console.log(`      skipped: there is no C compiler named ${C_COMPILER}`);
    this.skip();
  });

  it('lays out each standard schema as we do', () => {
    const schemas = load(STD);
    assert.ok(schemas.length > 60);
    assert.equal(new CProgram(schemas).layouts(), described(schemas));
  });

  it('lays out a field of each kind as we do', () => {
    const schemas = load(FIXTURES);
    assert.equal(new CProgram(schemas).layouts(), described(schemas));
  });

  it('lays out a thousand random schemas, nested to forty levels, as we do', () => {
    const schemas = load(randomFolder('random', 25, seed));
    assert.equal(schemas.length, 1000);
    assert.equal(new CProgram(schemas).layouts(), described(schemas), `seed ${seed}`);
  });

  it('reads in messages of each standard schema what loans wrote', async () => {
    const index = pathToFileURL(join(dirname(import.meta.dirname), '..', '..', 'schemas', 'std', 'index.js'));
    const code = new Map(Object.entries((await import(index.href)) as Record<string, AnySchema>));
    compareMessages(load(STD), code, seed);
  });

  it('reads in messages of random schemas what loans wrote', async () => {
    const folder = randomFolder('written', 2, seed);
    compareMessages(load(folder), await codeOf(folder), seed);
  });
});
