import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { tempDir } from '../support/index.js';

/** A folder with the given files, such as a /proc or /sys of our own. It goes when the test ends. */
export function fixture(files: Readonly<Record<string, string>>): string {
  const folder = tempDir();
  writeFiles(folder, files);
  return folder;
}

/** Writes files, by their paths below a folder. Who reads one meanwhile gets the old text or the new one. */
export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, `${name}~`), text);
    renameSync(join(folder, `${name}~`), join(folder, name));
  }
}
