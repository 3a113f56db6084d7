import { spawn, type ChildProcess } from 'node:child_process';
import { statSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { BabusError } from '../errors/index.js';
import { formatDuration } from '../duration.js';
import { signalGroup } from '../process-group.js';
import { babusPackage } from './babus-package.js';
import { hashOf, type Cache } from './cache.js';
import { failureOf } from './failure.js';
import { REPORT_FD, type ModuleReport } from './report.js';

const CHILD = fileURLToPath(new URL('./child.js', import.meta.url));

/** A report of many megabytes is no report: the module has written to our pipe. */
const MAX_REPORT_CHARS = 16 * 1024 * 1024;

const MAX_COMPLAINT_CHARS = 64 * 1024;

/** How long pipes may stay open after their process has ended. */
const PIPES_MS = 1000;

/** Node's exit code when the event loop is empty and a top-level await still waits. */
const UNSETTLED_AWAIT = 13;

/** Size and time of change of each file that a cached report depends on. */
type Stamps = Readonly<Record<string, string>>;

type GoodReport = Extract<ModuleReport, { ok: true }>;

/**
 * Asks a module what node classes it exports, by importing it in a process of its own.
 * @param shown the module's name in messages: its source, not the compiled file
 * @throws BabusError ERR_BABUS_NODE_MODULE when the import throws, exits or outlasts the deadline; the code of a BabusError
 * that the import throws
 */
export async function describeModule(
  moduleUrl: string,
  shown: string,
  cache: Cache,
  deadlineMs: number,
): Promise<GoodReport> {
  const name = reportNameOf(moduleUrl);
  const cached = readReport(name, cache);
  if (cached !== undefined && isCurrent(cached.stamps, cache)) {
    cache.keep(name);
    return cached.report;
  }
  const report = await importInChild(moduleUrl, shown, deadlineMs);
  if (!report.ok) throw failureOf(report, shown, cache.folder);
  const stamps = Object.fromEntries([moduleUrl, ...report.files].map((url) => [url, stampOf(url, cache)]));
  cache.write(name, JSON.stringify({ stamps, report }));
  return report;
}

/** URLs of the files that were loaded when a module was described. */
export function loadedBy(moduleUrl: string, cache: Cache): string[] {
  return Object.keys(readReport(reportNameOf(moduleUrl), cache)?.stamps ?? {});
}

function reportNameOf(moduleUrl: string): string {
  return `${hashOf(babusPackage.version, babusPackage.folder, moduleUrl)}.report.json`;
}

function readReport(name: string, cache: Cache): { stamps: Stamps; report: GoodReport } | undefined {
  return cache.readJson(name) as { stamps: Stamps; report: GoodReport } | undefined;
}

function isCurrent(stamps: Stamps, cache: Cache): boolean {
  return Object.entries(stamps).every(([url, stamp]) => stampOf(url, cache) === stamp);
}

/** Files of the cache are named by their content, and change their time when they are used. */
function stampOf(url: string, cache: Cache): string {
  const file = fileURLToPath(url);
  const stat = statSync(file, { throwIfNoEntry: false });
  if (!stat) return 'gone';
  return cache.holds(file) ? `${stat.size}` : `${stat.size} ${stat.mtimeMs}`;
}

async function importInChild(moduleUrl: string, shown: string, deadlineMs: number): Promise<ModuleReport> {
  const child = spawn(process.execPath, ['--enable-source-maps', CHILD, moduleUrl], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
  });
  child.stdout!.resume();
  const complaint = keep(child.stderr!, MAX_COMPLAINT_CHARS);
  const answer = keep(child.stdio[REPORT_FD] as Readable, MAX_REPORT_CHARS);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    killGroup(child);
  }, deadlineMs);
  try {
    const end = await endOf(child);
    return (
      parseReport(answer()) ?? { ok: false, message: silence(end, late, deadlineMs), stack: complaint() }
    );
  } catch (error) {
    const reason = (error as Error).message;
    throw new BabusError('ERR_BABUS_SYSTEM', `${shown}: cannot start a process to import it: ${reason}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Collects a stream's text up to a limit and lets the rest go. */
function keep(stream: Readable, maxChars: number): () => string {
  let text = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    if (text.length < maxChars) text += chunk;
  });
  return () => text;
}

interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Waits until the process has ended and its pipes are read out; whatever the module has started is killed. */
async function endOf(child: ChildProcess): Promise<End> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => {
      killGroup(child);
      // A process that left the group may keep the pipes open; what the child itself wrote is read by then.
      setTimeout(() => child.stdio.forEach((stream) => stream?.destroy()), PIPES_MS).unref();
    });
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
}

function killGroup({ pid }: ChildProcess): void {
  if (pid !== undefined) signalGroup(pid, 'SIGKILL');
}

function parseReport(text: string): ModuleReport | undefined {
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as ModuleReport;
  } catch {
    return undefined; // The process ended while it wrote; how it ended is the better message.
  }
}

/** Why a process may end without a report. */
function silence({ code, signal }: End, late: boolean, deadlineMs: number): string {
  if (late)
    return `its import has not ended after ${formatDuration(deadlineMs)}; move endless work into the node's methods`;
  if (code === UNSETTLED_AWAIT) return 'its import can never end: an await at top level waits for nothing';
  if (signal !== null) return `the process that imported it was ended by ${signal}`;
  return `it ends the process while it is imported (exit code ${code})`;
}
