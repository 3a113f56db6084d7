import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOfThisRun, RUN_ID_VARIABLE, RUN_PREFIX } from './run-id.js';

/** Helpers that libraries keep beside this process by design and that end with it, by a word of their command line. */
const TOLERATED: readonly { readonly word: RegExp; readonly why: string }[] = [
  {
    word: /\besbuild\b.* --service=/,
    why: "esbuild's service process reads our pipe and ends when it closes",
  },
];

export interface LeftProcess {
  readonly pid: number;
  readonly command: string;
}

/** Files and folders of this run that are still there. */
export function leftFiles(): string[] {
  return [...new Set(['/dev/shm', tmpdir()])]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
    .filter((path) => path.includes(`/${RUN_PREFIX.slice(0, -1)}`));
}

/**
 * Living processes below this one, whoever started them and whoever is their parent by now: all inherit the run's id in
 * their environment.
 */
export function leftProcesses(): LeftProcess[] {
  const found: LeftProcess[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const command = commandOfThisRun(pid);
    if (command === undefined || TOLERATED.some(({ word }) => word.test(command))) continue;
    found.push({ pid, command });
  }
  return found;
}

function commandOfThisRun(pid: number): string | undefined {
  try {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
    const id = environment.find((entry) => entry.startsWith(`${RUN_ID_VARIABLE}=`))?.split('=')[1];
    // A zombie has no executable any more; it only waits for its parent to look.
    if (id === undefined || !isOfThisRun(id) || readlinkSync(`/proc/${pid}/exe`) === '') return undefined;
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch (error) {
    // The process ended meanwhile, or belongs to somebody else.
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(code)) return undefined;
    throw error;
  }
}
