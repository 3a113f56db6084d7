import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { babusPackage } from '../describe/babus-package.js';

/** Set in the process once it has handed over, so that two copies cannot hand over to each other for ever. */
const HANDED_OVER = Symbol.for('babus.handed-over');

/**
 * Runs the command line of the babus that the project in the current folder has installed, if that is another copy than this
 * one: nodes of the project import that copy, and the tools must be of the same version.
 * @returns false when this copy is the one to go on
 */
export async function handOver(): Promise<boolean> {
  const state = globalThis as { [HANDED_OVER]?: boolean };
  if (state[HANDED_OVER] === true) return false;
  const manifest = findProjectCopy();
  if (manifest === undefined || dirname(manifest) === babusPackage.folder) return false;
  const main = mainOf(manifest);
  if (main === undefined) return false;
  state[HANDED_OVER] = true;
  await import(pathToFileURL(main).href);
  return true;
}

function findProjectCopy(): string | undefined {
  try {
    return realpathSync(createRequire(join(process.cwd(), '/')).resolve('babus/package.json'));
  } catch {
    return undefined; // None is installed, or the current folder is gone.
  }
}

/** File of the command; undefined for a copy that was never built. */
function mainOf(manifest: string): string | undefined {
  const { bin } = JSON.parse(readFileSync(manifest, 'utf8')) as { bin?: string | Record<string, string> };
  const path = typeof bin === 'string' ? bin : bin?.['babus'];
  if (path === undefined) return undefined;
  const file = join(dirname(manifest), path);
  return existsSync(file) ? file : undefined;
}
