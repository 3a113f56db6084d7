import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { babusPackage } from './babus-package.js';
import { openCache, type Cache } from './cache.js';
import { inputsOf } from './compile.js';
import { loadedBy } from './describe.js';
import type { NodeRequest } from './nodes.js';
import { resolveModule } from './resolve.js';

/** Files that a node is made of, without those of installed packages, which change by installing. */
export interface NodeSources {
  /** What was compiled, the module first: when one changes, the module has another URL, unless it comes to the same code. */
  readonly compiled: readonly string[];
  /** What is loaded as it is. */
  readonly loaded: readonly string[];
}

/**
 * The files that a described node is made of.
 * @throws BabusError ERR_BABUS_NODE_MODULE when the module is gone
 */
export async function sourceFiles(
  { use, fromFile }: NodeRequest,
  moduleUrl: string,
  cache: Cache = openCache(),
): Promise<NodeSources> {
  const { file, compile } = await resolveModule(use, fromFile);
  const loaded = loadedBy(moduleUrl, cache)
    .map((url) => fileURLToPath(url))
    .filter((path) => !cache.holds(path) && !isInstalled(path));
  const compiled = compile ? [file, ...inputsOf(file, cache).filter((path) => !isInstalled(path))] : [];
  return { compiled: [...new Set(compiled)], loaded };
}

function isInstalled(path: string): boolean {
  return (
    path.includes(`${sep}node_modules${sep}`) || path.startsWith(`${babusPackage.folder}/dist/framework/`)
  );
}
