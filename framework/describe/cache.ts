import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { BabusError } from '../errors/index.js';

/** A folder of files that can be made again. Readers see a whole file or none: files appear by rename. */
export class Cache {
  constructor(readonly folder: string) {}

  path(name: string): string {
    return join(this.folder, name);
  }

  has(name: string): boolean {
    return lstatSync(this.path(name), { throwIfNoEntry: false })?.isFile() === true;
  }

  /** A JSON file's data; undefined when it is missing or damaged (a full disk leaves such files). */
  readJson(name: string): unknown {
    try {
      return JSON.parse(readFileSync(this.path(name), 'utf8'));
    } catch (error) {
      if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT')
        return undefined;
      throw error;
    }
  }

  /** @throws BabusError ERR_BABUS_SYSTEM when the file cannot be written */
  write(name: string, text: string): void {
    const temporary = this.path(`.${name}.${randomBytes(6).toString('hex')}`);
    try {
      writeFileSync(temporary, text, { flag: 'wx', mode: 0o600 });
      renameSync(temporary, this.path(name));
    } catch (error) {
      rmSync(temporary, { force: true });
      throw new BabusError(
        'ERR_BABUS_SYSTEM',
        `cannot write the cache ${this.folder}: ${(error as Error).message}`,
        undefined,
        { cause: error },
      );
    }
  }
}

/** 32 hexadecimal digits over texts; the lengths go in, so that moving a border changes the result. */
export function hashOf(...parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex').slice(0, 32);
}

/**
 * Opens the user's cache: `babus` in XDG_CACHE_HOME or ~/.cache; a folder of the user's own in the temporary folder when
 * there is no home to write to. Code is run from it, so a folder that others may write to is refused.
 * @throws BabusError ERR_BABUS_SYSTEM when no place will do
 */
export function openCache(env: NodeJS.ProcessEnv = process.env): Cache {
  const xdg = env['XDG_CACHE_HOME'];
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(env['HOME'] ?? homedir(), '.cache');
  const user = process.getuid?.() ?? 0;
  const places = [join(base, 'babus'), join(tmpdir(), `babus-cache-${user}`)];
  const problems: string[] = [];
  for (const place of places) {
    const problem = prepare(place, user);
    if (problem === undefined) return new Cache(place);
    problems.push(`${place}: ${problem}`);
  }
  throw new BabusError(
    'ERR_BABUS_SYSTEM',
    `no folder for compiled nodes (${problems.join('; ')}); set XDG_CACHE_HOME to a folder of yours`,
  );
}

function prepare(folder: string, user: number): string | undefined {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stat = lstatSync(folder);
    if (!stat.isDirectory()) return 'is not a folder';
    if (stat.uid !== user) return 'belongs to another user';
    if ((stat.mode & 0o022) !== 0) return 'may be written to by others';
    accessSync(folder, constants.W_OK);
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? (error as Error).message;
  }
}
