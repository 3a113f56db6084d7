import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { REPO, spawnTracked, type Exit } from '../support/index.js';

const SANITIZERS = 'address,undefined';
const PROGRAM = join(REPO, 'native/build', `test-${SANITIZERS.replace(',', '-')}`, 'tests');

/** A clean build on a slow machine with one core; a watchdog, no measure. */
const BUILD_TIMEOUT_MS = 15 * 60_000;

let built: Promise<void> | undefined;

/** For `before`: compiles the C++ tests with their sanitizers, once for all files that need them. */
export async function buildTests(this: Mocha.Context): Promise<void> {
  this.timeout(BUILD_TIMEOUT_MS);
  await (built ??= make());
}

async function make(): Promise<void> {
  const args = ['-C', join(REPO, 'native'), `-j${availableParallelism()}`, `SAN=${SANITIZERS}`, 'build'];
  // A make around this one (as in `make test`) would hand its own flags down.
  const run = spawnTracked('make', args, { env: { MAKEFLAGS: undefined, MAKELEVEL: undefined } });
  const { code } = await run.exited;
  if (code !== 0) throw new Error(`the C++ tests do not compile:\n${run.stdout}${run.stderr}`);
}

export interface TestRun extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

/** Above the 120 s after which the test program itself ends a test that hangs, and can say in which step. */
export const TEST_TIMEOUT_MS = 180_000;

/** Runs the test program to its end. */
export async function runTests(args: readonly string[]): Promise<TestRun> {
  const run = spawnTracked(PROGRAM, args);
  const exit = await run.exit(TEST_TIMEOUT_MS - 10_000);
  return { ...exit, stdout: run.stdout, stderr: run.stderr };
}
