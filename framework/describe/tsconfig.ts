import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/**
 * The files whose options decide how a source compiles: the nearest tsconfig.json and those that it extends. esbuild reads
 * them but does not list them among its inputs.
 */
export function tsconfigsOf(source: string): string[] {
  const found = new Set<string>();
  const nearest = findUpwards(dirname(source));
  if (nearest !== undefined) collect(nearest, found);
  return [...found];
}

function findUpwards(folder: string): string | undefined {
  const file = join(folder, 'tsconfig.json');
  if (existsSync(file)) return file;
  const parent = dirname(folder);
  return parent === folder ? undefined : findUpwards(parent);
}

function collect(file: string, found: Set<string>): void {
  if (found.has(file)) return;
  found.add(file);
  // tsconfig.json is JSON with comments; one match too many only watches one file too many.
  const extended = /"extends"\s*:\s*(\[[^\]]*\]|"[^"]*")/.exec(readFileSync(file, 'utf8'))?.[1] ?? '';
  for (const [, name] of extended.matchAll(/"([^"]+)"/g)) {
    const base = locate(name!, file);
    if (base !== undefined) collect(base, found);
  }
}

function locate(name: string, from: string): string | undefined {
  if (name.startsWith('.') || name.startsWith('/')) {
    const path = resolve(dirname(from), name);
    return [path, `${path}.json`].find((candidate) => candidate.endsWith('.json') && existsSync(candidate));
  }
  const { resolve: resolvePackage } = createRequire(from);
  for (const candidate of [name, `${name}.json`, `${name}/tsconfig.json`])
    try {
      const file = resolvePackage(candidate);
      if (file.endsWith('.json')) return file;
    } catch (error) {
      if (!String((error as NodeJS.ErrnoException).code).startsWith('ERR_') && !isNotFound(error))
        throw error;
    }
  return undefined;
}

function isNotFound(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'MODULE_NOT_FOUND';
}
