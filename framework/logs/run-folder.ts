import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { startTicks } from './process-id.js';
import { prepareFolder } from './state-folder.js';

/** File of a run's folder that says what ran. */
const ABOUT = 'run.json';

/** Link beside the runs of a domain to the newest of them. */
export const LATEST = 'latest';

/** Names of runs, in order of time: 2026-03-01T12-30-00Z, and -2 behind it for the second one of that second. */
const RUN_NAME = /^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(-\d+)?$/;

/** What is known of a run without its logs. */
export interface RunFacts {
  readonly domain: string;
  /** Launch file, or what else was started. */
  readonly file: string;
  /** Of the launcher. */
  readonly pid: number;
  /** With `pid`: which process of that number it was. */
  readonly start_ticks: number;
  /** ISO 8601. */
  readonly started: string;
  readonly nodes: readonly string[];
  /** Null while it runs, and for one that was killed. */
  readonly ended: string | null;
  readonly exit_code: number | null;
}

/** A run's folder as its launcher has it. */
export class RunFolder {
  readonly folder: string;
  #facts: RunFacts;

  private constructor(folder: string, facts: RunFacts) {
    this.folder = folder;
    this.#facts = facts;
  }

  /**
   * Makes the folder of a new run, and points `latest` to it.
   * @param state folder of all domains, see stateFolder()
   * @throws BabusError ERR_BABUS_SYSTEM, Error of the file system
   */
  static make(state: string, about: Pick<RunFacts, 'domain' | 'file' | 'nodes'>): RunFolder {
    const parent = join(state, about.domain);
    prepareFolder(state);
    prepareFolder(parent);
    const now = new Date();
    const name = makeRun(parent, `${now.toISOString().slice(0, 19).replaceAll(':', '-')}Z`);
    const { pid } = process;
    const run = new RunFolder(join(parent, name), {
      ...about,
      pid,
      start_ticks: startTicks(pid)!,
      started: now.toISOString(),
      ended: null,
      exit_code: null,
    });
    run.#write();
    pointLatest(parent, name);
    return run;
  }

  /** Notes the end of the run. Best effort: a disk may be full. */
  end(exitCode: number): void {
    this.#facts = { ...this.#facts, ended: new Date().toISOString(), exit_code: exitCode };
    try {
      this.#write();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    }
  }

  #write(): void {
    const path = join(this.folder, ABOUT);
    writeFileSync(`${path}.new`, `${JSON.stringify(this.#facts)}\n`, { mode: 0o600 });
    renameSync(`${path}.new`, path);
  }
}

function makeRun(parent: string, time: string): string {
  for (let copy = 1; ; copy++) {
    const name = copy === 1 ? time : `${time}-${copy}`;
    try {
      mkdirSync(join(parent, name), { mode: 0o700 });
      return name;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** A link cannot be changed, but replaced by another in one step: who follows it always gets somewhere. */
function pointLatest(parent: string, name: string): void {
  const link = join(parent, `.${LATEST}.${randomBytes(6).toString('hex')}`);
  symlinkSync(name, link);
  renameSync(link, join(parent, LATEST));
}

/** Names of a domain's runs, the oldest first. */
export function listRuns(state: string, domain: string): string[] {
  return entriesOf(join(state, domain))
    .filter((name) => RUN_NAME.test(name))
    .sort((a, b) => {
      const [timeA, timeB] = [a.slice(0, 20), b.slice(0, 20)];
      return timeA === timeB ? copyOf(a) - copyOf(b) : timeA < timeB ? -1 : 1;
    });
}

function copyOf(name: string): number {
  return Number(name.slice(21) || 1);
}

/** Domains that have runs. */
export function listRunDomains(state: string): string[] {
  return entriesOf(state).filter((domain) => listRuns(state, domain).length > 0);
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

/** What is known of a run; undefined for a folder that is none, or is being made. */
export function readRun(folder: string): RunFacts | undefined {
  try {
    return JSON.parse(readFileSync(join(folder, ABOUT), 'utf8')) as RunFacts;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** True while the launcher of a run lives. */
export function isRunning({ pid, start_ticks: ticks, ended }: RunFacts): boolean {
  return ended === null && startTicks(pid) === ticks;
}

/** Removes all but the newest runs of a domain; never one that is under way. Best effort: another launcher does the same. */
export async function pruneRuns(state: string, domain: string, keep: number): Promise<void> {
  const names = listRuns(state, domain);
  for (const name of names.slice(0, Math.max(0, names.length - keep))) {
    const folder = join(state, domain, name);
    const facts = readRun(folder);
    if (facts && isRunning(facts)) continue;
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}
