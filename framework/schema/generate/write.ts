import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BabusError } from '../../errors/index.js';
import { loadSchemas } from '../load/load.js';
import { generate, type GenerateOptions } from './generate.js';
import { LANGUAGES, type LanguageName } from './languages.js';
import { GENERATED_MARK } from './schema-code.js';

export interface WriteOptions extends GenerateOptions {
  /** Only compares: nothing is written. */
  readonly check?: boolean;
  /** Default: TypeScript. */
  readonly languages?: readonly LanguageName[];
  /** Folder for all languages but TypeScript, with what their schemas name in other packages. */
  readonly out?: string;
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

interface Output {
  readonly path: string;
  readonly text: string;
  /** How the file must begin to be written over. */
  readonly mark: string;
}

/**
 * Writes the generated code of a folder's schemas, touching only what changes. A file that `babus gen` did not write is never
 * written over.
 * @throws BabusError ERR_BABUS_SYSTEM when a file cannot be read or written
 */
export function writeGenerated(folder: string, options: WriteOptions = {}): WriteReport {
  const errors: BabusError[] = [];
  const outputs = plan(folder, options, errors);
  const changed = outputs.filter(({ path, text }) => currentText(path) !== text);
  for (const { path, mark } of changed)
    if (!(currentText(path) ?? mark).startsWith(mark))
      errors.push(
        new BabusError(
          'ERR_BABUS_SCHEMA',
          `${path}: stands where generated code belongs and was not generated; move it`,
        ),
      );
  if (errors.length > 0) return { changed: [], unchanged: [], stale: [], errors };
  if (options.check !== true) for (const { path, text } of changed) write(path, text);
  const paths = new Set(outputs.map(({ path }) => path));
  return {
    changed: changed.map(({ path }) => path),
    unchanged: outputs.filter((file) => !changed.includes(file)).map(({ path }) => path),
    stale: generatedFiles(folder, options).filter((path) => !paths.has(path)),
    errors: [],
  };
}

function plan(folder: string, options: WriteOptions, errors: BabusError[]): Output[] {
  const { languages = ['ts'], out } = options;
  const typescript = generate(folder, options);
  errors.push(...typescript.errors);
  if (errors.length > 0) return [];
  const loaded = loadSchemas(folder, options.packages);
  return languages.flatMap((name) => {
    if (name === 'ts') return typescript.files.map((file) => ({ ...file, mark: GENERATED_MARK }));
    if (out === undefined)
      throw new BabusError('ERR_BABUS_ARGUMENT', `code for ${name} needs an output folder`);
    const language = LANGUAGES[name];
    const { mark } = language;
    return language
      .files(loaded.all, errors)
      .map(({ path, text }) => ({ path: join(out, path), text, mark }));
  });
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
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

/** Files that begin as those of the languages do, in the folders where they would write them. */
function generatedFiles(folder: string, { languages = ['ts'], out }: WriteOptions): string[] {
  const found = new Set<string>();
  const look = (path: string, mark: string): void => {
    if (statSync(path).isFile() && currentText(path)!.startsWith(mark)) found.add(path);
  };
  for (const name of languages) {
    if (name === 'ts') {
      for (const entry of readdirSync(folder))
        if (/^[A-Z][A-Za-z0-9]*\.ts$/.test(entry)) look(join(folder, entry), GENERATED_MARK);
    } else if (out !== undefined && existsSync(out)) {
      for (const entry of readdirSync(out, { recursive: true, encoding: 'utf8' }))
        if (/^[^.][^/]*(\/[^/]+){0,2}\.(h|py|rs|json|msg|ros2msg)$/.test(entry))
          look(join(out, entry), LANGUAGES[name].mark);
    }
  }
  return [...found].sort();
}
