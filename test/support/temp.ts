import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RUN_PREFIX } from './run-id.js';
import { currentTest } from './scope.js';

const SHM = '/dev/shm';

/** Folder → the test it was made in; undefined for the whole run. */
const folders = new Map<string, string | undefined>();

/** A fresh empty folder on disk, removed when the test ends (made in a `before` hook: when the run ends). */
export function tempDir(): string {
  return makeFolder(tmpdir());
}

/**
 * A fresh shared-memory root of its own on tmpfs, for `ParticipantOptions.root` and `BABUS_SHM`. Removed like `tempDir()`;
 * a test that cares whether the code under test cleans up looks into it before it ends.
 */
export function tempDomain(): { readonly root: string; readonly domain: string } {
  return { root: makeFolder(existsSync(SHM) ? SHM : tmpdir()), domain: 'test' };
}

/** Removes what the given test made, or everything that is left without one. */
export function removeTempFolders(test?: string): void {
  for (const [folder, owner] of folders) {
    if (test !== undefined && owner !== test) continue;
    rmSync(folder, { recursive: true, force: true });
    folders.delete(folder);
  }
}

function makeFolder(parent: string): string {
  const folder = mkdtempSync(join(parent, RUN_PREFIX));
  folders.set(folder, currentTest());
  return folder;
}
