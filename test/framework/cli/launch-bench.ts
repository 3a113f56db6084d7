import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  REPO,
  runCli,
  spawnCli,
  tempDir,
  tempDomain,
  type CliResult,
  type TestProcess,
} from '../../support/index.js';

const NODES = join(REPO, 'test/launch/fixtures/nodes');

/** Launch files in a folder, a memory root and a cache of a test's own, and the command line over them. */
export class LaunchBench {
  readonly folder = tempDir();
  readonly root = tempDomain().root;
  readonly state = tempDir();
  readonly env: Readonly<Record<string, string | undefined>> = {
    BABUS_SHM: this.root,
    BABUS_DOMAIN: undefined,
    XDG_CACHE_HOME: tempDir(),
    XDG_STATE_HOME: this.state,
  };

  /** Writes a launch file; `NODES/` in it is the folder of the tests' nodes. */
  write(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text.replaceAll('NODES/', `${NODES}/`));
  }

  run(...args: string[]): Promise<CliResult> {
    return runCli(args, { cwd: this.folder, env: this.env });
  }

  start(...args: string[]): TestProcess {
    return spawnCli(args, { cwd: this.folder, env: this.env });
  }

  /** Domains that are still there. */
  get domains(): string[] {
    return existsSync(this.root) ? readdirSync(this.root) : [];
  }
}

/** The objects of JSON Lines. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
