import { Pair } from 'zeromq';
import { join } from 'node:path';
import type { Link, OnMessage, Transport } from './transport.js';

export async function openZeroMq(link: Link, onMessage: OnMessage): Promise<Transport> {
  const socket = new Pair();
  const address = `ipc://${join(link.folder, 'zeromq')}`;
  if (link.role === 'ping') await socket.bind(address);
  else socket.connect(address);
  const payload = Buffer.alloc(link.bytes);
  void receiveAll(socket, onMessage);
  return { send: () => void socket.send(payload) };
}

async function receiveAll(socket: Pair, onMessage: OnMessage): Promise<void> {
  for await (const _message of socket) onMessage();
}
