import { join } from 'node:path';
import {
  LEVEL_NUMBERS,
  logLineText,
  parseLogLine,
  RECORD_MARK,
  type LogLevel,
  type LogLine,
} from '../log-line.js';
import { RotatingFile, type Rotation } from './rotating-file.js';

/** Name of the launcher in its log; the at sign keeps it apart from nodes. */
export const LAUNCHER_LOG = '@babus';

/** The launcher says little; this is a bound. */
const LAUNCHER_ROTATION: Rotation = { maxBytes: 10_000_000, maxFiles: 5 };

/** A node's file in the folder of a run. Names of nodes may have slashes, but no minus. */
export function logFile(node: string): string {
  return `${node.replaceAll('/', '-')}.jsonl`;
}

/** A line of a node: a record of its log, or any other text. */
export type Said = LogLine | string;

/** Tells records of a node's log from what else it prints. */
export function parseSaid(line: string): Said {
  return line.startsWith(RECORD_MARK) ? (parseLogLine(line.slice(RECORD_MARK.length)) ?? line) : line;
}

/** For people: a line, or several where there is a stack. */
export function saidText(said: Said): readonly string[] {
  return typeof said === 'string' ? [said] : logLineText(said).split('\n');
}

/** The log files of one run: one for each node, and one of the launcher. Whatever a disk does, the launch goes on. */
export class RunLogs {
  readonly #folder: string;
  readonly #rotations: ReadonlyMap<string, Rotation>;
  readonly #tell: (level: LogLevel, message: string) => void;
  readonly #files = new Map<string, RotatingFile>();
  readonly #failing = new Set<string>();
  #lost = 0;

  /**
   * @param rotations by node; a node without one has no file
   * @param tell told when lines cannot be written, and when they can be again: once, however many files it is about
   */
  constructor(
    folder: string,
    rotations: ReadonlyMap<string, Rotation>,
    tell: (level: LogLevel, message: string) => void,
  ) {
    this.#folder = folder;
    this.#rotations = rotations;
    this.#tell = tell;
  }

  /** What a node has printed; `pid` of its process. */
  node(node: string, stream: 'stdout' | 'stderr', lines: readonly Said[], pid: number): void {
    const rotation = this.#rotations.get(node);
    if (!rotation) return;
    const file = this.#file(node, rotation);
    const time = Date.now();
    const level = LEVEL_NUMBERS[stream === 'stderr' ? 'warn' : 'info'];
    for (const said of lines)
      file.write(
        JSON.stringify(typeof said === 'string' ? { level, time, pid, name: node, stream, msg: said } : said),
      );
  }

  /** What the launcher says. */
  launcher(level: LogLevel, fields: object, message: string): void {
    this.#file(LAUNCHER_LOG, LAUNCHER_ROTATION).write(
      JSON.stringify({
        level: LEVEL_NUMBERS[level],
        time: Date.now(),
        pid: process.pid,
        name: LAUNCHER_LOG,
        ...fields,
        msg: message,
      }),
    );
  }

  /** Settles when all that can be written is. */
  async close(): Promise<void> {
    await Promise.all([...this.#files.values()].map((file) => file.close()));
  }

  #file(name: string, rotation: Rotation): RotatingFile {
    const known = this.#files.get(name);
    if (known) return known;
    const file = new RotatingFile(join(this.#folder, logFile(name)), rotation, {
      onFailing: (error) => this.#onFailing(name, error),
      onMended: (lines) => this.#onMended(name, lines),
    });
    this.#files.set(name, file);
    return file;
  }

  #onFailing(name: string, error: Error): void {
    this.#failing.add(name);
    if (this.#failing.size === 1)
      this.#tell('error', `log files cannot be written: ${error.message}; lines are left out until they can`);
  }

  #onMended(name: string, lines: number): void {
    const failed = this.#failing.delete(name);
    this.#lost += lines;
    if (!failed) {
      this.#tell(
        'warn',
        `the disk is too slow for the log of ${name}: ${this.#takeLost()} lines were left out`,
      );
    } else if (this.#failing.size === 0)
      this.#tell('info', `log files can be written again; ${this.#takeLost()} lines were left out`);
  }

  #takeLost(): number {
    const lost = this.#lost;
    this.#lost = 0;
    return lost;
  }
}
