import { spawn, type ChildProcess } from 'node:child_process';
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { fileKind } from '../common/file-kind.js';

const MAX_STDERR_CHARS = 500;

/** What speaks against reading a path as a device that is there; undefined too when there is nothing yet. */
export async function deviceProblem(path: string): Promise<string | undefined> {
  const { kind } = await fileKind(path);
  if (['missing', 'character device', 'FIFO'].includes(kind)) return undefined;
  return `it is a ${kind}; give a character device such as /dev/input/js0`;
}

/**
 * What a device says, in the pieces in which it comes, until it is gone or `signal` is aborted.
 *
 * Read by a child process: a read in this one waits in a thread of Node's pool, cannot be taken back, and would keep the
 * process from ending; a device that is asked again and again instead costs time and answers late.
 *
 * @param opened called once the device is open, as far as that can be seen: a FIFO is when its first bytes come
 * @throws Error in words when it is not there, may not be read, or breaks
 */
export async function* readDevice(
  path: string,
  signal: AbortSignal,
  opened: () => void,
): AsyncGenerator<Uint8Array, void> {
  await demandReadable(path);
  if (signal.aborted) return;
  const env = { ...process.env, LC_ALL: 'C' };
  const child = spawn('cat', ['--', path], { stdio: ['ignore', 'pipe', 'pipe'], env });
  const kill = (): boolean => child.kill('SIGKILL');
  const ended = outcome(child);
  process.once('exit', kill);
  signal.addEventListener('abort', kill, { once: true });
  try {
    const { kind } = await fileKind(path);
    if (kind === 'character device' && child.pid !== undefined) opened();
    for await (const bytes of child.stdout as AsyncIterable<Uint8Array>) {
      opened();
      yield bytes;
    }
    const problem = await ended;
    if (problem !== undefined && !signal.aborted) throw new Error(problem);
  } finally {
    kill();
    signal.removeEventListener('abort', kill);
    process.off('exit', kill);
    await ended;
  }
}

async function demandReadable(path: string): Promise<void> {
  const { kind } = await fileKind(path);
  if (kind === 'missing') throw new Error('there is no such device');
  const problem = await deviceProblem(path);
  if (problem !== undefined) throw new Error(problem);
  await access(path, constants.R_OK).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EACCES') throw error;
    throw new Error("it may not be read by this user; on most systems members of group 'input' may");
  });
}

/** Settles when the process is gone, with why it ended if it should not have. Never rejects. */
function outcome(child: ChildProcess): Promise<string | undefined> {
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(0, MAX_STDERR_CHARS);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`cat does not start: ${error.message}`));
    child.once('close', (code, killer) => {
      if (code === 0) resolve(undefined);
      else resolve(said.trim() || `cat was ended by ${killer ?? `itself with code ${code}`}`);
    });
  });
}
