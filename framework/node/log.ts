import { inspect } from 'node:util';
import {
  LEVEL_NUMBERS,
  LOG_LEVELS,
  logLineText,
  MAX_LINE_CHARS,
  parseLogLine,
  RESERVED_KEYS,
  type LogLevel,
} from '../log-line.js';
import { token } from './tokens.js';

/** Prints one line: a message, or fields (as JSON) and a message. */
export interface LogMethod {
  (message: string): void;
  (fields: object, message?: string): void;
}

/**
 * A node's log. An Error among the fields, or instead of them, is printed with its stack. Nodes have theirs as `this.log`;
 * services get it by `inject(Logger)`.
 */
export interface Logger {
  readonly debug: LogMethod;
  readonly info: LogMethod;
  readonly warn: LogMethod;
  readonly error: LogMethod;
}
export const Logger = token<Logger>('Logger');

export type { LogLevel };

/** One thing said in a log. */
export interface LogRecord {
  readonly level: LogLevel;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A logger that hands records at and above `level` to `sink`. */
export function createLogger(sink: (record: LogRecord) => void, level: LogLevel = 'debug'): Logger {
  const lowest = LOG_LEVELS.indexOf(level);
  const method = (at: LogLevel): LogMethod => {
    if (LOG_LEVELS.indexOf(at) < lowest) return () => undefined;
    return (first: string | object, message?: string) => sink(toRecord(at, first, message));
  };
  return { debug: method('debug'), info: method('info'), warn: method('warn'), error: method('error') };
}

function toRecord(level: LogLevel, first: unknown, second: unknown): LogRecord {
  const message = second === undefined ? '' : textOf(second);
  if (first instanceof Error) return { level, message, fields: { error: first } };
  if (typeof first !== 'object' || first === null) return { level, message: textOf(first), fields: {} };
  return { level, message, fields: first as Record<string, unknown> };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value);
}

/** Who says something, and when. */
export interface RecordOrigin {
  /** Milliseconds since 1970. */
  readonly timeMs: number;
  readonly pid: number;
  readonly node: string;
}

/** A record as a line of JSON, at most MAX_LINE_CHARS long with its mark. Never throws. */
export function encodeRecord(record: LogRecord, origin: RecordOrigin): string {
  const { timeMs, pid, node } = origin;
  const head = { level: LEVEL_NUMBERS[record.level], time: timeMs, pid, name: node };
  const line = encode(() => ({ ...head, ...plainFields(record.fields), msg: record.message }));
  if (line !== undefined && line.length < MAX_LINE_CHARS) return line;
  // Circular, a toJSON that throws, or too long: a log line must not stop a node.
  const fields = inspect(record.fields, { breakLength: Infinity, depth: 2 });
  for (const chars of CUT_CHARS) {
    const cut = JSON.stringify({
      ...head,
      fields: fields.slice(0, chars),
      msg: record.message.slice(0, chars),
    });
    if (cut.length < MAX_LINE_CHARS) return cut;
  }
  return JSON.stringify({ ...head, msg: 'a record was left out: it is too long' });
}

/** What a record that is too long is cut to: a character takes one to six in JSON. */
const CUT_CHARS = [7000, 1200] as const;

/** `WARN  image lost {"missed":3}`, and the stacks of errors on lines of their own. Never throws. */
export function formatRecord(record: LogRecord): string {
  return logLineText(parseLogLine(encodeRecord(record, { timeMs: 0, pid: 0, node: '' }))!);
}

function plainFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      RESERVED_KEYS.has(key) ? `${key}_` : key,
      value instanceof Error ? plainError(value) : value,
    ]),
  );
}

/** As pino does it. */
function plainError(error: Error): object {
  const { name, message, stack, code } = error as NodeJS.ErrnoException;
  const named = typeof code === 'string' ? { code } : {};
  return { type: String(name), message: String(message), stack: String(stack ?? error), ...named };
}

/** Undefined for what JSON cannot say. */
function encode(line: () => object): string | undefined {
  try {
    return JSON.stringify(line(), replacer);
  } catch {
    return undefined; // The caller says it in another way.
  }
}

function replacer(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength} bytes)`;
  return value;
}
