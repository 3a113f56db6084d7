import { inspect } from 'node:util';
import {
  formatPosition,
  isBabusError,
  printable,
  type BabusError,
  type ErrorCode,
  type SourcePosition,
} from '../errors/index.js';

export const EXIT = {
  OK: 0,
  /** Something failed while it ran. */
  FAILED: 1,
  /** A wrong file or argument: nothing was started. */
  USAGE: 2,
} as const;

/** Errors that come from the machine or from other processes, not from what the user wrote. */
const RUN_TIME: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'ERR_BABUS_SYSTEM',
  'ERR_BABUS_SHM_FULL',
  'ERR_BABUS_LAUNCHER',
  'ERR_BABUS_DOMAIN_CORRUPT',
  'ERR_BABUS_DOMAIN_EXISTS',
  'ERR_BABUS_DOMAIN_VERSION',
  'ERR_BABUS_SLOT_CORRUPT',
  'ERR_BABUS_SLOT_FULL',
  'ERR_BABUS_MESSAGE_CORRUPT',
  'ERR_BABUS_PERMISSION',
]);

export function exitCodeOf(error: unknown): number {
  return isBabusError(error) && !RUN_TIME.has(error.code) ? EXIT.USAGE : EXIT.FAILED;
}

/** Prints an error to standard error: its message when it is one of ours, all there is when it is a bug. */
export function printError(error: unknown): void {
  process.stderr.write(`${printable(isBabusError(error) ? error.message : inspect(error))}\n`);
}

/** An error for programs. */
export function errorToJson({ code, message, at }: BabusError): object {
  return { code, message, ...placeToJson(at) };
}

/** What is allowed and probably not meant. */
interface Warning {
  readonly message: string;
  readonly at?: SourcePosition;
}

/** @param file what it is about when it has no place */
export function printWarning(file: string, { message, at }: Warning): void {
  process.stderr.write(`${printable(`${at ? formatPosition(at) : file}: warning: ${message}`)}\n`);
}

/** A warning for programs. */
export function warningToJson({ message, at }: Warning): object {
  return { message, ...placeToJson(at) };
}

function placeToJson(at: SourcePosition | undefined): object {
  return at ? { file: at.file, line: at.line, column: at.column } : {};
}
