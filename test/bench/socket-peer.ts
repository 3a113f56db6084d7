import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MESSAGE_EVERY_MS } from './babus-peer.js';
import { monotonicMs } from '../../framework/slots/index.js';

/**
 * The same over a Unix socket: a child writes, this process reads. @returns nanoseconds from write to the last byte's
 * arrival, without the first tenth
 */
export async function measureSocket(bytes: number, messages: number): Promise<Float64Array> {
  const folder = mkdtempSync(join(tmpdir(), 'babus-bench-'));
  const path = join(folder, 'socket');
  const server = createServer();
  server.listen(path);
  await once(server, 'listening');
  const writer = fork(fileURLToPath(import.meta.url), [path, String(bytes), String(messages)]);
  try {
    const [socket] = (await once(server, 'connection')) as [Socket];
    return await receive(socket, bytes, messages);
  } finally {
    server.close();
    writer.kill();
    rmSync(folder, { recursive: true });
  }
}

function receive(socket: Socket, bytes: number, messages: number): Promise<Float64Array> {
  const latenciesNs = new Float64Array(messages);
  let count = 0;
  let filled = 0;
  let sentMs = 0;
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('data', (chunk) => {
      // One message is under way at a time, so only its first chunk starts with the time of sending.
      if (filled === 0) sentMs = chunk.readDoubleLE(0);
      filled += chunk.length;
      if (filled < bytes) return;
      filled = 0;
      latenciesNs[count++] = (monotonicMs() - sentMs) * 1e6;
      if (count < messages) return;
      socket.destroy();
      resolve(latenciesNs.subarray(messages / 10));
    });
  });
}

function writeAll(path: string, bytes: number, messages: number): void {
  const payload = Buffer.alloc(bytes);
  const socket = connect(path);
  let left = messages;
  const writeOne = (): void => {
    payload.writeDoubleLE(monotonicMs(), 0);
    socket.write(payload, () => {
      if (--left > 0) setTimeout(writeOne, MESSAGE_EVERY_MS);
      else process.disconnect();
    });
  };
  socket.on('connect', writeOne);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [path, bytes, messages] = process.argv.slice(2);
  writeAll(path!, Number(bytes), Number(messages));
}
