import type { ErrorCode } from './catalogue.js';

/** A place in a text file; lines and columns count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Prints a position the way editors and terminals make clickable: `file:line:col`. */
export function formatPosition(at: SourcePosition): string {
  return `${at.file}:${at.line}:${at.column}`;
}

/**
 * The only error class Babus throws on purpose. `code` is stable and listed in the catalogue; `message` says what was
 * given, where, and what to do. Compare `code`, never `instanceof`: two copies of babus may be loaded.
 */
export class BabusError extends Error {
  override readonly name = 'BabusError';
  constructor(
    readonly code: ErrorCode,
    message: string,
    /** Where in a file the cause stands, when there is such a place. */
    readonly at?: SourcePosition,
    options?: ErrorOptions,
  ) {
    super(at ? `${formatPosition(at)}: ${message}` : message, options);
  }
}

/** True for an error of any loaded copy of babus that carries one of the catalogue's codes. */
export function isBabusError(error: unknown): error is BabusError {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && code.startsWith('ERR_BABUS_');
}
