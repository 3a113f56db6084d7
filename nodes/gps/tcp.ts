import { connect, type Socket } from 'node:net';
import { LiveReader } from './live.js';
import type { Connection } from './serial.js';

const CONNECT_TIMEOUT_MS = 10_000;
/** A network that is gone without a word is noticed by unanswered probes. */
const KEEP_ALIVE_MS = 10_000;

const WATCH = '?WATCH={"enable":true,"nmea":true};\n';

/**
 * Reads NMEA from a TCP server until it ends or the signal comes. A server that greets as gpsd does is asked for it.
 *
 * @throws Error when it cannot be reached, or the connection breaks
 */
export async function readTcp(host: string, port: number, connection: Connection): Promise<void> {
  const { listener, signal, connected } = connection;
  if (signal.aborted) return;
  const socket = connect({ host, port });
  const stop = (): void => void socket.destroy();
  signal.addEventListener('abort', stop);
  try {
    await new Promise<void>((resolve, reject) => {
      const reader = new LiveReader(listener, reject, { hasJson: true });
      const timeout = setTimeout(
        () => reject(new Error(`no answer for ${CONNECT_TIMEOUT_MS / 1000} s`)),
        CONNECT_TIMEOUT_MS,
      );
      socket.on('connect', () => {
        clearTimeout(timeout);
        socket.setKeepAlive(true, KEEP_ALIVE_MS);
        connected();
      });
      socket.on('data', (chunk) => {
        for (const line of reader.push(chunk)) answer(line, socket);
      });
      socket.on('error', reject);
      socket.on('close', () => {
        clearTimeout(timeout);
        reader.end();
        resolve();
      });
    });
  } finally {
    signal.removeEventListener('abort', stop);
    socket.destroy();
  }
}

function answer(line: string, socket: Socket): void {
  if (/"class"\s*:\s*"VERSION"/.test(line)) socket.write(WATCH);
}
