import assert from 'node:assert/strict';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { REPO, spawnNode, tempDir } from '../support/index.js';

const require = createRequire(import.meta.url);

const BINDING = `{ 'targets': [{ 'target_name': 'babus', 'sources': ['answer.cc'], 'cflags_cc': ['-std=c++20'] }] }`;

const ANSWER = `#include <node_api.h>
static napi_value Init(napi_env env, napi_value exports) {
  napi_value value;
  napi_create_int32(env, ANSWER, &value);
  napi_set_named_property(env, exports, "answer", value);
  return exports;
}
NAPI_MODULE(NODE_GYP_MODULE_NAME, Init)
`;

/** A package with the real scripts and an addon of a few lines. */
function miniature(options: { packages?: boolean } = {}): string {
  const root = tempDir();
  mkdirSync(join(root, 'native'));
  for (const script of ['build.mjs', 'toolchain.mjs'])
    copyFileSync(join(REPO, 'native', script), join(root, 'native', script));
  writeFileSync(join(root, 'native/binding.gyp'), BINDING);
  writeAnswer(root, 41);
  if (options.packages !== false) symlinkSync(join(REPO, 'node_modules'), join(root, 'node_modules'));
  return root;
}

function writeAnswer(root: string, answer: number): void {
  writeFileSync(join(root, 'native/answer.cc'), ANSWER.replace('ANSWER', String(answer)));
}

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

async function build(
  root: string,
  args: readonly string[] = [],
  env: Record<string, string | undefined> = {},
): Promise<Outcome> {
  const run = spawnNode(join(root, 'native/build.mjs'), args, { env: { VERBOSE: undefined, ...env } });
  const { code } = await run.exit();
  return { code, stdout: run.stdout, stderr: run.stderr };
}

/** A PATH with nothing but the programs given: links to real ones, or scripts. */
function pathOf(programs: Readonly<Record<string, string>>): string {
  const folder = tempDir();
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, name), script);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

const TRUE = '#!/bin/sh\nexit 0\n';

describe('native/build.mjs: what is missing', () => {
  const cases: { what: string; env: () => Record<string, string | undefined>; wanted: RegExp[] }[] = [
    {
      what: 'everything',
      env: () => ({ PATH: pathOf({}), CXX: undefined, npm_config_nodedir: '/nowhere' }),
      wanted: [/no C\+\+ compiler/, /no 'make'/, /no 'python3'/, /no headers of Node v\d+/],
    },
    {
      what: 'the compiler alone',
      env: () => ({ PATH: pathOf({ make: TRUE, python3: TRUE }), CXX: undefined }),
      wanted: [/no C\+\+ compiler/],
    },
    {
      what: 'make alone',
      env: () => ({ PATH: pathOf({ 'g++': TRUE, python3: TRUE }), CXX: undefined }),
      wanted: [/no 'make'/],
    },
    {
      what: 'a compiler that CXX names',
      env: () => ({ CXX: 'no-such-compiler' }),
      wanted: [/CXX is 'no-such-compiler', which is no program here/],
    },
    {
      what: 'C++20',
      env: () => ({
        PATH: pathOf({
          'g++': '#!/bin/sh\necho "x.cc:1: error: too old" >&2\nexit 1\n',
          make: TRUE,
          python3: TRUE,
        }),
        CXX: undefined,
      }),
      wanted: [/'g\+\+' cannot compile what Babus needs of C\+\+20 \(x\.cc:1: error: too old\)/],
    },
  ];
  for (const { what, env, wanted } of cases)
    it(`says in one message that it lacks ${what}`, async () => {
      const { code, stdout, stderr } = await build(miniature(), ['--check'], env());
      assert.equal(code, 1);
      assert.equal(stdout, '');
      const listed = stderr.split('\n').filter((line) => line.startsWith('  - '));
      assert.equal(listed.length, wanted.length, stderr);
      for (const pattern of wanted) assert.match(stderr, pattern);
      assert.match(stderr, /Install what is missing:\n {2}(Debian|Fedora|Arch|Alpine)/);
      assert.doesNotMatch(stderr, /\n\s+at /, 'a stack trace');
    });

  it('says how to get the development packages', async () => {
    const { code, stderr } = await build(miniature({ packages: false }));
    assert.equal(code, 1);
    assert.equal(
      stderr,
      'Building Babus needs its development packages; missing: node-gyp, node-addon-api, typescript.\n' +
        'Install them with `npm ci --include=dev`, or use the published package, which is built already.\n',
    );
  });

  it('refuses an option it does not know', async () => {
    const { code, stderr } = await build(miniature(), ['--prebuilt']);
    assert.equal(code, 1);
    assert.match(stderr, /unknown option --prebuilt; known: --prebuild, --check/);
  });
});

describe('native/build.mjs: compiling', () => {
  before(async function () {
    const { code } = await build(miniature(), ['--check']);
    if (code !== 0) this.skip();
  });

  it('compiles, again only what changed, and copies a prebuilt addon that node-gyp-build finds', async () => {
    const root = miniature();
    const addon = join(root, 'native/build/Release/babus.node');
    const quiet = { code: 0, stdout: '', stderr: '' };

    assert.deepEqual(await build(root), quiet);
    const first = statSync(addon);
    assert.deepEqual(await build(root), quiet);
    assert.equal(statSync(addon).mtimeMs, first.mtimeMs, 'nothing changed, nothing compiled');

    writeAnswer(root, 42);
    const { code, stdout } = await build(root, ['--prebuild']);
    assert.equal(code, 0);
    const [file, ...others] = readdirSync(join(root, 'native/prebuilds', `linux-${process.arch}`));
    assert.deepEqual(others, []);
    assert.match(file ?? '', /^babus\.(glibc|musl)\.node$/);
    assert.match(stdout, /babus\.(glibc|musl)\.node\n$/);

    const find = require('node-gyp-build') as { resolve(folder: string): string };
    const packed = tempDir();
    mkdirSync(join(packed, 'prebuilds'));
    symlinkSync(
      join(root, 'native/prebuilds', `linux-${process.arch}`),
      join(packed, 'prebuilds', `linux-${process.arch}`),
    );
    assert.equal((require(find.resolve(packed)) as { answer: number }).answer, 42);
  });

  it('starts over when the configuration changed', async () => {
    const root = miniature();
    assert.equal((await build(root)).code, 0);
    writeFileSync(join(root, 'native/other.cc'), 'extern int other; int other = 1;\n');
    writeFileSync(
      join(root, 'native/binding.gyp'),
      BINDING.replace("'answer.cc'", "'answer.cc', 'other.cc'"),
    );
    assert.equal((await build(root)).code, 0);
    const objects = readdirSync(join(root, 'native/build/Release/obj.target/babus'));
    assert.ok(objects.includes('other.o'), objects.join(' '));
  });

  it('shows the compiler only when it fails, and then ends with one line', async () => {
    const root = miniature();
    writeFileSync(join(root, 'native/answer.cc'), 'int main() { return no_such_name; }\n');
    const { code, stdout, stderr } = await build(root);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /no_such_name/);
    assert.match(stderr.trimEnd().split('\n').at(-1) ?? '', /could not be compiled \(exit code 1\)/);
    writeAnswer(root, 1);
    assert.equal((await build(root)).code, 0, 'and the next build is not confused');
    assert.ok(readFileSync(join(root, 'native/build/.configured-for.json'), 'utf8').includes('answer.cc'));
  });
});
