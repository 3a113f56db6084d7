/** Code for other languages: it compiles, and reads and writes the same bytes as TypeScript does. */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { Ajv } from 'ajv';
import { toFoxgloveJson } from '../../../framework/schema/index.js';
import { REPO } from '../../support/repo.js';
import { runCli, tempDir } from '../../support/index.js';
import { Everything } from './fixtures/index.js';
import { Bench } from './kit.js';
import { everything } from './values.js';

const run = promisify(execFile);
const STANDARD = join(REPO, 'schemas/std');
const SAMPLES = join(REPO, 'test/framework/schema/fixtures');
const PROGRAMS = join(REPO, 'test/framework/schema/languages');
const WARNINGS = ['-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Werror'];

const SAID = `frame_id ${everything.frame_id}
stamp 1700000000 123456789
mode 1
i64 -9223372036854775808 u64 18446744073709551615
f64 3.141592653589793
shorts 1 65535
label léft
end ${everything.end}
`;

async function generate(folder: string, lang: string): Promise<string> {
  const out = join(tempDir(), 'generated');
  const { code, stderr } = await runCli(['gen', folder, '--lang', lang, '--out', out]);
  assert.equal(code, 0, stderr);
  return out;
}

/** A message of sample/Everything in a file, as TypeScript writes it. */
function given(folder: string): string {
  const bench = new Bench(Everything);
  bench.put(everything);
  const { u8, length } = bench.memory;
  const path = join(folder, 'given');
  writeFileSync(path, u8.subarray(0, length));
  return path;
}

/** Reads what a program wrote as TypeScript does. */
function check(path: string): void {
  const bytes = readFileSync(path);
  const bench = new Bench(Everything);
  bench.memory.u8.set(bytes);
  bench.memory.length = bytes.length;
  const { view } = bench;
  assert.equal(view.frame_id, 'grü');
  assert.equal(view.numbers.u64, 2n ** 64n - 1n);
  assert.equal(view.mode, 'constructor');
  assert.deepEqual([...view.lists.doubles], [1.5, -2]);
  assert.equal(view.end, 9);
  assert.equal(view.lists.parts.length, 0);
}

async function echo(folder: string, command: readonly string[]): Promise<void> {
  const written = join(folder, 'written');
  const [program, ...args] = command;
  const { stdout } = await run(program!, [...args, given(folder), written], {
    env: { ...process.env, PYTHONIOENCODING: 'utf-8' },
  });
  assert.equal(stdout.replace('3.1415926535897931', '3.141592653589793'), SAID);
  check(written);
}

/** Skips, saying why, where the machine has no such program. */
function demand(context: Mocha.Context, program: string): void {
  if (spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined) return;
  context.test!.title += ` (skipped: ${program} is not here)`;
  context.skip();
}

/** One source that includes every header below a folder. */
function includeAll(out: string, name: string): string {
  const headers = readdirSync(out, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.h'),
  );
  assert.ok(headers.length > 5);
  const path = join(out, name);
  writeFileSync(
    path,
    headers.map((header) => `#include "${header}"\n`).join('') + 'int main(void) { return 0; }\n',
  );
  return path;
}

describe('generated code in other languages', () => {
  for (const folder of [STANDARD, SAMPLES]) {
    it(`C: compiles as C11 and as C++17 without a warning: ${relative(REPO, folder)}`, async function () {
      demand(this, 'cc');
      const out = await generate(folder, 'c');
      await run('cc', ['-std=c11', ...WARNINGS, '-I', out, '-fsyntax-only', includeAll(out, 'all.c')]);
      await run('c++', ['-std=c++17', ...WARNINGS, '-I', out, '-fsyntax-only', includeAll(out, 'all.cc')]);
    });

    it(`Rust: compiles without a warning: ${relative(REPO, folder)}`, async function () {
      demand(this, 'rustc');
      const out = await generate(folder, 'rust');
      const library = [
        '--edition',
        '2021',
        '-D',
        'warnings',
        '--crate-type',
        'lib',
        '--crate-name',
        'schemas',
      ];
      await run('rustc', [...library, '-o', join(out, 'schemas.rlib'), join(out, 'mod.rs')]);
    });
  }

  it('C: reads what TypeScript wrote, and writes what TypeScript reads', async function () {
    demand(this, 'cc');
    const out = await generate(SAMPLES, 'c');
    const program = join(out, 'echo');
    await run('cc', ['-std=c11', ...WARNINGS, '-I', out, join(PROGRAMS, 'echo.c'), '-o', program]);
    await echo(out, [program]);
  });

  it('Rust: reads what TypeScript wrote, and writes what TypeScript reads', async function () {
    demand(this, 'rustc');
    const out = await generate(SAMPLES, 'rust');
    copyFileSync(join(PROGRAMS, 'echo.rs'), join(out, 'echo.rs'));
    await run('rustc', [
      '--edition',
      '2021',
      '-A',
      'dead_code',
      '-o',
      join(out, 'echo'),
      join(out, 'echo.rs'),
    ]);
    await echo(out, [join(out, 'echo')]);
  });

  it('Python: reads what TypeScript wrote, refuses what is cut short, writes what TypeScript reads', async function () {
    demand(this, 'python3');
    const out = await generate(SAMPLES, 'python');
    await echo(tempDir(), ['python3', join(PROGRAMS, 'echo.py'), out]);
  });

  it('JSON Schema: nothing is referred to, and it accepts messages as Foxglove reads them', async () => {
    const out = await generate(SAMPLES, 'json-schema');
    const text = readFileSync(join(out, 'sample/Everything.json'), 'utf8');
    assert.doesNotMatch(text, /\$ref|anyOf/);
    const accepts = new Ajv({ strict: true }).compile(JSON.parse(text) as object);
    // JSON has no infinity.
    const finite = { ...everything, fixed: { ...everything.fixed, floats: Float32Array.of(0.5, -2, 3) } };
    const view = new Bench(Everything).put(finite) as unknown as { toJSON(): Record<string, unknown> };
    const message = JSON.parse(
      JSON.stringify(toFoxgloveJson(view.toJSON(), Everything.descriptor)),
    ) as Record<string, unknown>;
    assert.ok(accepts(message), JSON.stringify(accepts.errors));
    assert.equal(message['mode'], 7);
    assert.equal(accepts({ ...message, end: 256 }), false);
    assert.equal(accepts({ ...message, other: 1 }), false);
  });

  it('ros2msg: fields, constants and everything they name in one text', async () => {
    const out = await generate(STANDARD, 'ros2msg');
    const text = readFileSync(join(out, 'std/TwistStamped.ros2msg'), 'utf8');
    assert.match(text, /^builtin_interfaces\/Time stamp$/m);
    assert.match(text, /^={10,}\nMSG: std\/(msg\/)?Vector3$/m);
    assert.match(readFileSync(join(out, 'std/msg/Image.msg'), 'utf8'), /^uint8 ENCODING_BGR8=4$/m);
  });

  it('is the same each time, and refuses to write over what babus gen did not make', async () => {
    const out = await generate(SAMPLES, 'c');
    const args = ['gen', SAMPLES, '--lang', 'c', '--out', out];
    assert.match((await runCli([...args, '--check'])).stdout, /up to date/);
    const mine = join(out, 'sample/Part.h');
    writeFileSync(mine, '/* mine */\n');
    const refused = await runCli(args);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /Part\.h/);
    assert.equal(readFileSync(mine, 'utf8'), '/* mine */\n');
  });

  it('unknown languages, and no folder to write to: said, exit code 2', async () => {
    const unknown = await runCli(['gen', SAMPLES, '--lang', 'rst', '--out', tempDir()]);
    assert.deepEqual(
      [unknown.code, unknown.stderr.includes("did you mean 'rust'")],
      [2, true],
      unknown.stderr,
    );
    const nowhere = await runCli(['gen', SAMPLES, '--lang', 'ts,rust']);
    assert.deepEqual([nowhere.code, nowhere.stderr.includes('--out FOLDER')], [2, true], nowhere.stderr);
  });
});
