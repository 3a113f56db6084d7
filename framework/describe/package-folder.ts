import { readFileSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BabusError } from '../errors/index.js';
import { babusPackage } from './babus-package.js';

/**
 * Folder of an installed package, or of the one that `folder` is part of.
 * @throws BabusError ERR_BABUS_NODE_MODULE, without a position
 */
export function packageFolder(name: string, folder: string): string {
  if (name === 'babus') return babusPackage.folder;
  for (let at = folder; ; at = dirname(at)) {
    const installed = join(at, 'node_modules', name);
    if (statSync(installed, { throwIfNoEntry: false })?.isDirectory() === true)
      return realpathSync(installed);
    if (nameOf(join(at, 'package.json')) === name) return at;
    if (dirname(at) === at) break;
  }
  throw new BabusError(
    'ERR_BABUS_NODE_MODULE',
    `there is no package '${name}' as seen from ${folder}; install it there`,
  );
}

/** Of a package's manifest; undefined when there is none, or it is no manifest. */
function nameOf(manifest: string): unknown {
  if (statSync(manifest, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  try {
    return (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: unknown } | null)?.name;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
