import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO } from '../support/index.js';
import { buildTests, runTests, TEST_TIMEOUT_MS } from './build.js';

const FOLDER = join(REPO, 'test/native');
/** What the harness ends with when this machine cannot run a test. */
const SKIPPED = 77;

interface Source {
  readonly file: string;
  readonly sentences: readonly string[];
}

/**
 * Every TEST("...") by reading the sources: Mocha wants the names before anything is compiled, and a run of other tests
 * must not wait for the compiler.
 */
function sources(): Source[] {
  return readdirSync(FOLDER, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.cc'))
    .sort()
    .map((file) => ({ file, sentences: sentencesOf(readFileSync(join(FOLDER, file), 'utf8')) }))
    .filter(({ sentences }) => sentences.length > 0);
}

function sentencesOf(text: string): string[] {
  // A long sentence may be written as several literals.
  return [...text.matchAll(/^TEST\(((?:\s*"(?:[^"\\\n]|\\.)*")+)\)/gm)].map((test) =>
    [...test[1]!.matchAll(/"((?:[^"\\]|\\.)*)"/g)]
      .map((literal) => literal[1]!.replaceAll('\\', ''))
      .join(''),
  );
}

describe('native: C++ tests, with address and undefined-behaviour sanitizers', () => {
  before(buildTests);

  for (const { file, sentences } of sources())
    describe(file, () => {
      for (const sentence of sentences)
        it(sentence, async function () {
          this.timeout(TEST_TIMEOUT_MS);
          const { code, signal, stdout, stderr } = await runTests([sentence]);
          if (code === SKIPPED) this.skip();
          assert.equal(code, 0, `${signal ?? ''}\n${stdout}${stderr}`);
          assert.match(stdout, /^1 passed, 0 failed, 0 skipped$/m);
        });
    });

  it('are all found here, and have a name of their own each', async () => {
    const { code, stdout } = await runTests(['--list']);
    assert.equal(code, 0);
    const found = sources().flatMap(({ sentences }) => sentences);
    assert.ok(found.length > 100);
    assert.deepEqual([...found].sort(), stdout.trimEnd().split('\n').sort());
    assert.equal(new Set(found).size, found.length);
  });

  it('fail with a code when there is no test of that name', async () => {
    const { code, stdout } = await runTests(['no such test']);
    assert.equal(code, 1);
    assert.match(stdout, /^0 passed, 0 failed, 0 skipped$/m);
  });
});
