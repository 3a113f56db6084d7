import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { LogLine } from '../log-line.js';
import { LogCursor } from './log-cursor.js';
import { isRunning, readRun } from './run-folder.js';
import { logFile } from './run-logs.js';

/** How often it is looked for news; nobody reads faster. */
const LOOK_MS = 100;

export interface LogSource {
  /** Of a run. */
  readonly folder: string;
  /** Whose logs are wanted. */
  readonly nodes: readonly string[];
}

/** Joins the logs of several nodes, also of several runs, in the order of time. */
export class LogReader {
  readonly #folders: readonly string[];
  readonly #cursors: readonly LogCursor[];

  constructor(sources: readonly LogSource[]) {
    this.#folders = sources.map(({ folder }) => folder);
    this.#cursors = sources.flatMap(({ folder, nodes }) =>
      nodes.map((node) => new LogCursor(join(folder, logFile(node)))),
    );
  }

  /** All that was written and not read yet. */
  async *read(): AsyncGenerator<LogLine> {
    for (;;) {
      let first: { readonly line: LogLine; readonly cursor: LogCursor } | undefined;
      for (const cursor of this.#cursors) {
        const line = await cursor.peek();
        if (line && (!first || line.time < first.line.time)) first = { line, cursor };
      }
      if (!first) return;
      first.cursor.step();
      yield first.line;
    }
  }

  /** The same, and what comes until the runs have ended or `signal` says stop. */
  async *follow(signal: AbortSignal): AsyncGenerator<LogLine> {
    for (;;) {
      // Looked at first: what a run writes before its end is read in any case.
      const isOver = !this.#folders.some(isUnderWay);
      yield* this.read();
      if (isOver || signal.aborted) return;
      await delay(LOOK_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.#cursors.map((cursor) => cursor.close()));
  }
}

function isUnderWay(folder: string): boolean {
  const facts = readRun(folder);
  return facts !== undefined && isRunning(facts);
}
