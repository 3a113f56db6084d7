import { inspect } from 'node:util';
import { printable, printableLine } from '../errors/index.js';
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

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

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

/** `WARN  image lost {"missed":3}`, and the stacks of errors on lines of their own. Never throws. */
export function formatRecord({ level, message, fields }: LogRecord): string {
  // A message with line ends could pass for several.
  const parts = [printableLine(message)];
  const stacks: string[] = [];
  const plain: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value instanceof Error) stacks.push(printable(value.stack ?? String(value)));
    else plain[key] = value;
  }
  if (Object.keys(plain).length > 0) parts.push(toJson(plain));
  const line = parts.filter((part) => part !== '').join(' ');
  const lines = line === '' ? stacks : [line, ...stacks];
  return `${level.toUpperCase().padEnd(5)} ${lines.join('\n')}`;
}

function toJson(fields: object): string {
  try {
    return JSON.stringify(fields, replacer);
  } catch {
    // Circular, or a toJSON that throws: a log line must not stop a node.
    return printableLine(inspect(fields, { breakLength: Infinity, depth: 2 }));
  }
}

function replacer(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (ArrayBuffer.isView(value)) return `${value.constructor.name}(${value.byteLength} bytes)`;
  return value;
}
