import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { whole } from './unix-socket.js';
import type { Link, OnMessage, Transport } from './transport.js';

export const REDIS_SOCKET = 'redis';

/**
 * Publish and subscribe through a Redis server on a private socket. The client speaks just enough of its protocol: what
 * it receives is always of one length, so it counts bytes and parses nothing, faster than any general client.
 */
export async function openRedis(link: Link, onMessage: OnMessage): Promise<Transport> {
  const mine = link.role;
  const theirs = link.role === 'ping' ? 'echo' : 'ping';
  const path = join(link.folder, REDIS_SOCKET);
  const payload = Buffer.alloc(link.bytes, 'x');
  const [outgoing, incoming] = await Promise.all([open(path), open(path)]);
  outgoing.on('data', () => undefined); // how many subscribers took each message
  incoming.write(command('SUBSCRIBE', Buffer.from(theirs)));
  await once(incoming, 'data');
  const lengthOfOne = command('message', Buffer.from(theirs), payload).length;
  incoming.on('data', whole(lengthOfOne, onMessage));
  const publish = command('PUBLISH', Buffer.from(mine), payload);
  return { send: () => void outgoing.write(publish) };
}

async function open(path: string): Promise<Socket> {
  const socket = connect(path);
  await once(socket, 'connect');
  return socket;
}

/** A command or message as RESP has it: an array of byte strings. */
function command(name: string, ...args: readonly Buffer[]): Buffer {
  const parts = [Buffer.from(name), ...args];
  const coded = parts.flatMap((part) => [Buffer.from(`$${part.length}\r\n`), part, Buffer.from('\r\n')]);
  return Buffer.concat([Buffer.from(`*${parts.length}\r\n`), ...coded]);
}
