import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BabusError } from '../../errors/index.js';

/** Path of a file or folder that is shipped with babus, whether this runs from the repository or as an installed package. */
export function shippedPath(...parts: string[]): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (
      existsSync(manifest) &&
      (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'babus'
    )
      return join(folder, ...parts);
    if (folder === dirname(folder))
      throw new BabusError(
        'ERR_BABUS_SYSTEM',
        `the files of babus are incomplete: ${parts.join('/')} cannot be found`,
      );
  }
}
