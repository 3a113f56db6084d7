import { mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { BabusError } from '../errors/index.js';

/** Where runs are kept: `babus` in XDG_STATE_HOME or ~/.local/state. */
export function stateFolder(env: NodeJS.ProcessEnv = process.env): string {
  const xdg = env['XDG_STATE_HOME'];
  const base = xdg !== undefined && isAbsolute(xdg) ? xdg : join(env['HOME'] ?? homedir(), '.local', 'state');
  return join(base, 'babus');
}

/**
 * Makes a folder for the user alone, if there is none.
 * @throws BabusError ERR_BABUS_SYSTEM when it cannot be, or belongs to somebody else
 */
export function prepareFolder(folder: string): void {
  const refuse = (why: string, cause?: unknown): BabusError =>
    new BabusError(
      'ERR_BABUS_SYSTEM',
      `${folder}: no place for log files: ${why}; set XDG_STATE_HOME to a folder of yours`,
      undefined,
      { cause },
    );
  let owner: number;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    owner = statSync(folder).uid;
  } catch (error) {
    throw refuse((error as Error).message, error);
  }
  if (owner !== process.getuid?.()) throw refuse('it belongs to another user');
}
