import { inspect } from 'node:util';
import { isBabusError, printable, type BabusError, type ErrorCode } from '../errors/index.js';

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
export function errorToJson(error: BabusError): object {
  const { code, message, at } = error;
  return { code, message, ...(at ? { file: at.file, line: at.line, column: at.column } : {}) };
}
