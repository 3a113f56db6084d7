import { connect } from 'node:net';
import { BabusError, ERRORS, type ErrorCode } from '../errors/index.js';
import type { ControlAnswer, ControlRequest } from './protocol.js';

/** A launcher answers within milliseconds; one that does not is stopped or busy with something it should not be. */
const PATIENCE_MS = 5000;
/** An answer names every node of a launch, at most 255. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/**
 * Asks the launcher of a domain one thing.
 * @param path of its control socket
 * @returns undefined when nobody listens there
 * @throws BabusError ERR_BABUS_LAUNCHER when it does not answer, or not in a way that is understood; what it answers as error
 */
export async function askLauncher<T>(
  path: string,
  request: ControlRequest,
  patienceMs = PATIENCE_MS,
): Promise<T | undefined> {
  const line = await exchange(path, `${JSON.stringify(request)}\n`, patienceMs);
  if (line === undefined) return undefined;
  const answer = parseAnswer<T>(line);
  if (!answer)
    throw new BabusError('ERR_BABUS_LAUNCHER', `${path}: the answer is not of this version of babus`);
  if ('ok' in answer) return answer.ok;
  const { code, message } = answer.error;
  throw new BabusError(Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'ERR_BABUS_LAUNCHER', message);
}

/** @returns the first line that comes back, undefined when nobody listens */
function exchange(path: string, text: string, patienceMs: number): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const socket = connect(path);
    const fail = (what: string): void => {
      reject(new BabusError('ERR_BABUS_LAUNCHER', `${path}: ${what}`));
      socket.destroy();
    };
    const timer = setTimeout(
      () => fail(`the launcher does not answer within ${patienceMs / 1000} s; is it stopped?`),
      patienceMs,
    );
    socket.on('connect', () => socket.write(text));
    socket.on('data', (chunk) => {
      const end = chunk.indexOf('\n');
      chunks.push(end < 0 ? chunk : chunk.subarray(0, end));
      bytes += chunk.length;
      if (bytes > MAX_ANSWER_BYTES) return fail(`the answer is longer than ${MAX_ANSWER_BYTES} bytes`);
      if (end < 0) return;
      resolve(Buffer.concat(chunks).toString('utf8'));
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else fail(`the launcher cannot be asked: ${error.message}`);
    });
    socket.on('close', () => {
      clearTimeout(timer);
      fail('the launcher closed the connection without an answer');
    });
  });
}

function parseAnswer<T>(line: string): ControlAnswer<T> | undefined {
  try {
    const answer = JSON.parse(line) as Partial<Record<'ok' | 'error', unknown>> | null;
    if (typeof answer !== 'object' || answer === null) return undefined;
    const { message } = (answer.error ?? {}) as { message?: unknown };
    return 'ok' in answer || typeof message === 'string' ? (answer as ControlAnswer<T>) : undefined;
  } catch {
    return undefined; // No JSON: the caller says so.
  }
}
