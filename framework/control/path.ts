import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BabusError } from '../errors/index.js';

/** Its name in the domain's folder. */
export const CONTROL_SOCKET = 'control.sock';

/** Bytes of a Unix socket's address, less the zero at its end. A longer path is cut in silence by some versions of libuv. */
export const MAX_SOCKET_PATH_BYTES = 107;

/** Where the launcher of a domain listens. @throws BabusError ERR_BABUS_ARGUMENT when no socket can have that path */
export function controlPath(root: string, domain: string): string {
  return checked(root, domain, CONTROL_SOCKET);
}

/** Where the launcher with that process id listens when another was in the domain before. @throws as controlPath() */
export function joinedControlPath(root: string, domain: string, pid: number): string {
  return checked(root, domain, `control-${pid}.sock`);
}

const SOCKETS = /^control(-\d+)?\.sock$/;

/** Where launchers of a domain listen, or have listened before they were killed: the first one first. */
export function controlPaths(root: string, domain: string): string[] {
  try {
    return readdirSync(join(root, domain))
      .filter((name) => SOCKETS.test(name))
      .sort((a, b) => pidOf(a) - pidOf(b))
      .map((name) => checked(root, domain, name));
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return [];
    throw error;
  }
}

function pidOf(name: string): number {
  return Number(/\d+/.exec(name)?.[0] ?? 0);
}

function checked(root: string, domain: string, name: string): string {
  const path = join(root, domain, name);
  const bytes = Buffer.byteLength(path);
  if (bytes <= MAX_SOCKET_PATH_BYTES) return path;
  throw new BabusError(
    'ERR_BABUS_ARGUMENT',
    `${path}: the path of the control socket has ${bytes} bytes, and a Unix socket takes at most ${MAX_SOCKET_PATH_BYTES}; ` +
      `make the shared-memory root (BABUS_SHM, ${Buffer.byteLength(root)} bytes) or the domain's name (${domain.length} bytes) ` +
      `shorter by ${bytes - MAX_SOCKET_PATH_BYTES}`,
  );
}
