import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Link, OnMessage, Transport } from './transport.js';

export async function openUnixSocket(link: Link, onMessage: OnMessage): Promise<Transport> {
  const path = join(link.folder, 'socket');
  const payload = Buffer.alloc(link.bytes);
  let socket: Socket | undefined;
  const open = (opened: Socket): void => {
    socket = opened;
    socket.on('data', whole(link.bytes, onMessage));
  };
  if (link.role === 'ping') {
    const server = createServer(open).listen(path);
    await once(server, 'listening');
  } else {
    const connected = connect(path);
    await once(connected, 'connect');
    open(connected);
  }
  return { send: () => void socket!.write(payload) };
}

/** Calls `onMessage` each time that `bytes` more have come. */
export function whole(bytes: number, onMessage: OnMessage): (chunk: Uint8Array) => void {
  let filled = 0;
  return (chunk) => {
    filled += chunk.length;
    while (filled >= bytes) {
      filled -= bytes;
      onMessage();
    }
  };
}
