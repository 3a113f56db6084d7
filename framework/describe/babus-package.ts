import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The package that this code runs from: its `babus` is the only one that nodes are given. */
const root = new URL('../../../', import.meta.url);

const manifest = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { version: string };

export const babusPackage = {
  /** Folder of the package, without a slash at the end. */
  folder: fileURLToPath(root).replace(/\/$/, ''),
  version: manifest.version,
} as const;

/** True for `babus` and everything below it. */
export function isBabusSpecifier(specifier: string): boolean {
  return specifier === 'babus' || specifier.startsWith('babus/');
}

/** File of the running package that `babus` or `babus/...` stands for; undefined when it exports no such path. */
export function resolveBabus(specifier: string): string | undefined {
  let url: string;
  try {
    url = import.meta.resolve(specifier);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_PACKAGE_PATH_NOT_EXPORTED') return undefined;
    throw error;
  }
  const file = fileURLToPath(url);
  return existsSync(file) ? file : undefined;
}
