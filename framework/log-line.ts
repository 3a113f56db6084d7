/**
 * One thing said in a log, as pino writes it: a JSON object a line. Nodes print theirs behind a mark, so that the launcher tells
 * them from whatever else a node prints, writes them into files as they are, and shows people a text.
 */
import { printable, printableLine } from './errors/index.js';

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** pino's numbers. */
export const LEVEL_NUMBERS: Readonly<Record<LogLevel, number>> = {
  debug: 20,
  info: 30,
  warn: 40,
  error: 50,
};

/** Stands before each record that a node prints: the character that JSON text sequences start with. */
export const RECORD_MARK = '\u001e';

/** Variable that tells a node's process that its launcher reads records. */
export const RECORDS_VARIABLE = 'BABUS_LOG_RECORDS';

/** Longer lines of a node are cut: it may write megabytes without an end of line. Records are kept below. */
export const MAX_LINE_CHARS = 16 * 1024;

export interface LogLine {
  /** See LEVEL_NUMBERS; other programs have others. */
  readonly level: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly pid: number;
  /** The node. */
  readonly name: string;
  readonly msg: string;
  /** What else was said. Errors are objects of type, message and stack. */
  readonly [field: string]: unknown;
}

/** Keys that a record's fields cannot have. */
export const RESERVED_KEYS: ReadonlySet<string> = new Set(['level', 'time', 'pid', 'name', 'msg', 'toJSON']);

/** A line of a log file, or what stands behind a mark; undefined for what is none. */
export function parseLogLine(text: string): LogLine | undefined {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return undefined; // The caller shows it as the text that it is.
  }
  const { level, time, pid, name, msg } = (data ?? {}) as Record<string, unknown>;
  const numbers = [level, time, pid].every((value) => typeof value === 'number');
  return numbers && typeof name === 'string' && typeof msg === 'string' ? (data as LogLine) : undefined;
}

/** `WARN  image lost {"missed":3}`, and the stacks of errors on lines of their own: a record for people. */
export function logLineText(line: LogLine): string {
  // A message with line ends could pass for several.
  const parts = [printableLine(line.msg)];
  const stacks: string[] = [];
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(line)) {
    if (RESERVED_KEYS.has(key)) continue;
    const stack = stackOf(value);
    if (stack === undefined) plain[key] = value;
    else stacks.push(printable(stack));
  }
  if (Object.keys(plain).length > 0) parts.push(JSON.stringify(plain));
  const first = parts.filter((part) => part !== '').join(' ');
  const lines = first === '' ? stacks : [first, ...stacks];
  return `${levelName(line.level).toUpperCase().padEnd(5)} ${lines.join('\n')}`;
}

/** The nearest level that is not above a number. */
export function levelName(level: number): LogLevel {
  return LOG_LEVELS.findLast((name) => LEVEL_NUMBERS[name] <= level) ?? 'debug';
}

function stackOf(value: unknown): string | undefined {
  const { type, message, stack } = (value ?? {}) as Record<string, unknown>;
  return typeof type === 'string' && typeof message === 'string' && typeof stack === 'string'
    ? stack
    : undefined;
}
