import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { BabusError } from '../../errors/index.js';
import { generate, type GenerateOptions } from './generate.js';
import { GENERATED_MARK } from './schema-code.js';

export interface WriteOptions extends GenerateOptions {
  /** Only compares: nothing is written. */
  readonly check?: boolean;
}

export interface WriteReport {
  /** Files that were written; with `check`, that would have been. */
  readonly changed: readonly string[];
  readonly unchanged: readonly string[];
  /** Generated files whose schema is gone. They are left to the user to delete. */
  readonly stale: readonly string[];
  /** When there are any, nothing was written. */
  readonly errors: readonly BabusError[];
}

/**
 * Writes a folder's generated code beside its schema files, touching only what changes. A file that `babus gen` did not
 * write is never written over.
 */
export function writeGenerated(folder: string, options: WriteOptions = {}): WriteReport {
  const { files, errors } = generate(folder, options);
  const changed = files.filter(({ path, text }) => currentText(path) !== text);
  const blocked = changed.filter(
    ({ path }) => !(currentText(path) ?? GENERATED_MARK).startsWith(GENERATED_MARK),
  );
  const allErrors = [
    ...errors,
    ...blocked.map(
      ({ path }) =>
        new BabusError(
          'ERR_BABUS_SCHEMA',
          `${path}: stands where generated code belongs and was not generated; move it`,
        ),
    ),
  ];
  if (allErrors.length > 0) return { changed: [], unchanged: [], stale: [], errors: allErrors };
  if (options.check !== true) for (const { path, text } of changed) write(path, text);
  const paths = new Set(files.map(({ path }) => path));
  return {
    changed: changed.map(({ path }) => path),
    unchanged: files.filter((file) => !changed.includes(file)).map(({ path }) => path),
    stale: generatedFiles(folder).filter((path) => !paths.has(path)),
    errors: [],
  };
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw systemError(path, 'written', error);
  }
}

function systemError(path: string, action: string, cause: unknown): BabusError {
  const message = `${path} cannot be ${action}: ${(cause as Error).message}`;
  return new BabusError('ERR_BABUS_SYSTEM', message, undefined, { cause });
}

function currentText(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw systemError(path, 'read', error);
  }
}

function generatedFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((entry) => /^[A-Z][A-Za-z0-9]*\.ts$/.test(basename(entry)))
    .map((entry) => join(folder, entry))
    .filter((path) => readFileSync(path, 'utf8').startsWith(GENERATED_MARK))
    .sort();
}
