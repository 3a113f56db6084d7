import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  constants,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { BabusError, isBabusError } from '../errors/index.js';

const DAY_MS = 24 * 3600 * 1000;

/** Files that nobody used for so long are removed. */
const UNUSED_MS = 30 * DAY_MS;

/** Names of files that this cache makes: manifests, reports, modules, and what a crash left of writing one. */
const OWN_FILE = /^(\.?[0-9a-f]{32}(\.report)?\.(json|mjs)(\.[0-9a-f]{12})?)$/;

/** Its time of change says when the cache was pruned. */
const PRUNED = '.pruned';

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

  /** True for the path of a file of the cache. */
  holds(path: string): boolean {
    return dirname(path) === this.folder;
  }

  /**
   * Remembers that a file is in use, to the day: its time of change says so. Best effort: in a folder that cannot be written to,
   * nothing is removed either.
   */
  keep(name: string): void {
    const changedMs = this.#changedMs(name);
    if (changedMs === undefined || Date.now() - changedMs < DAY_MS) return;
    const now = new Date();
    bestEffort(() => utimesSync(this.path(name), now, now));
  }

  /** Removes what nobody used for 30 days; looks at most once a day. Best effort. */
  prune(): void {
    const now = Date.now();
    if (now - (this.#changedMs(PRUNED) ?? 0) < DAY_MS) return;
    bestEffort(() => {
      this.write(PRUNED, '');
      for (const name of readdirSync(this.folder))
        if (OWN_FILE.test(name) && now - (this.#changedMs(name) ?? now) > UNUSED_MS)
          rmSync(this.path(name), { force: true });
    });
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

  /** Undefined when there is no such file. */
  #changedMs(name: string): number | undefined {
    return lstatSync(this.path(name), { throwIfNoEntry: false })?.mtimeMs;
  }
}

/** Runs what may fail without harm: another process may do the same at once, and a disk may be full or read-only. */
export function bestEffort(work: () => void): void {
  try {
    work();
  } catch (error) {
    // An error of the system is expected here; one of ours is not.
    if (!isBabusError(error) && (error as NodeJS.ErrnoException).syscall === undefined) throw error;
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
