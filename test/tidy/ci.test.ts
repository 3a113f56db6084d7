import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO, spawnTracked, tempDir } from '../support/index.js';

const BASH = '/bin/bash';
const BUILD_TOOLS = ['g++', 'make', 'python3', 'ffmpeg', 'spin'];

interface Machine {
  /** Programs besides the shell's own that are there. */
  readonly programs: readonly string[];
  readonly root: boolean;
  /** npm's or apt-get's exit codes, by first argument. */
  readonly fails?: Readonly<Record<string, number>>;
}

/** Runs .ci/run on a pretended machine whose programs only write down how they were called. */
async function run({
  programs,
  root,
  fails = {},
}: Machine): Promise<{ code: number | null; calls: string[] }> {
  const project = tempDir();
  const bin = join(project, 'bin');
  const log = join(project, 'calls');
  mkdirSync(join(project, '.ci'));
  mkdirSync(bin);
  copyFileSync(join(REPO, '.ci/run'), join(project, '.ci/run'));
  const script = (name: string, text: string): void => {
    writeFileSync(join(bin, name), `#!${BASH}\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  };
  const codes = Object.entries(fails).map(([word, code]) => `[[ "$1" == ${word} ]] && exit ${code}`);
  for (const name of [...programs, 'npm'])
    script(name, [`echo "${name} $*" >> '${log}'`, ...codes, 'exit 0'].join('\n'));
  script('dirname', 'echo "${1%/*}"');
  script('id', `echo ${root ? 0 : 1000}`);
  const { code } = await spawnTracked(BASH, [join(project, '.ci/run')], { env: { PATH: bin } }).exit();
  return { code, calls: existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : [] };
}

const NPM = ['npm ci', 'npm test'];
const INSTALL = 'apt-get install -y --no-install-recommends';

describe('tidy: .ci/run', () => {
  it('only builds and tests where nothing is missing', async () =>
    assert.deepEqual(await run({ programs: [...BUILD_TOOLS, 'apt-get'], root: true }), {
      code: 0,
      calls: NPM,
    }));

  it('installs what is missing, and only that', async () => {
    const { calls } = await run({ programs: ['make', 'python3', 'apt-get'], root: true });
    assert.deepEqual(calls, ['apt-get update', `${INSTALL} g++ ffmpeg spin`, ...NPM]);
  });

  it('goes on where apt-get fails, is not there, or not allowed', async () => {
    const offline = await run({ programs: ['apt-get'], root: true, fails: { update: 100 } });
    assert.deepEqual(offline, { code: 0, calls: ['apt-get update', ...NPM] });
    assert.deepEqual(await run({ programs: [], root: true }), { code: 0, calls: NPM });
    assert.deepEqual(await run({ programs: ['apt-get'], root: false }), { code: 0, calls: NPM });
  });

  it('fails when the build or the tests fail', async () => {
    assert.deepEqual(await run({ programs: BUILD_TOOLS, root: false, fails: { ci: 3 } }), {
      code: 3,
      calls: ['npm ci'],
    });
    assert.deepEqual(await run({ programs: BUILD_TOOLS, root: false, fails: { test: 4 } }), {
      code: 4,
      calls: NPM,
    });
  });
});
