import { rmSync } from 'node:fs';
import { leftFiles, leftProcesses } from './leaks.js';
import { currentTest, setCurrentTest } from './scope.js';
import { killLeftProcesses } from './spawn.js';
import { removeTempFolders, tempDir } from './temp.js';
import { until } from './watchdog.js';

/**
 * A process that was told to end may need a moment to be gone, and Mocha one to end by itself; this is how long both have
 * before somebody complains. Tests of this file are less patient.
 */
const PATIENCE_MS = Number(process.env['BABUS_TEST_PATIENCE_MS'] ?? 5_000);

// Launches keep logs: those of tests go with the run.
process.env['XDG_STATE_HOME'] = tempDir();

const leaks: string[] = [];

/** Mocha's root hooks: each test cleans up after itself, and the run fails at its end when one did not. */
export const mochaHooks: Mocha.RootHookObject = {
  beforeEach(this: Mocha.Context) {
    setCurrentTest(this.currentTest?.fullTitle());
  },

  async afterEach() {
    const test = currentTest();
    setCurrentTest(undefined);
    leaks.push(...(await killLeftProcesses(test)));
    removeTempFolders(test);
  },

  async afterAll() {
    leaks.push(...(await killLeftProcesses()));
    removeTempFolders();
    leaks.push(...(await endLeftProcesses()));
    const files = leftFiles();
    leaks.push(...files);
    for (const file of files) rmSync(file, { recursive: true, force: true });
    demandExit();
    if (leaks.length > 0) throw new Error(`the tests left something behind:\n  ${leaks.join('\n  ')}`);
  },
};

/** A timer, socket or addon that a test left open would keep Mocha waiting for ever. */
function demandExit(): void {
  setTimeout(() => {
    const open = process.getActiveResourcesInfo().join(', ');
    process.stderr.write(
      `the tests are over, but something they left open keeps the process alive: ${open}\n`,
    );
    // Mocha's own listener sets the number of failures; this one comes after it.
    process.once('exit', () => (process.exitCode = 1));
    process.exit();
  }, PATIENCE_MS).unref();
}

async function endLeftProcesses(): Promise<string[]> {
  const gone = until(() => leftProcesses().length === 0, 'the last processes to be gone', PATIENCE_MS);
  const left = await gone.then(
    () => [],
    () => leftProcesses(),
  );
  for (const { pid } of left) killIfThere(pid);
  return left.map(({ pid, command }) => `process ${pid}: ${command}`);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
