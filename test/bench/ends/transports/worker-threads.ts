import { isMainThread, parentPort, type Worker } from 'node:worker_threads';
import type { Link, OnMessage, Transport } from './transport.js';

/** The other end is a thread of this process; a message is cloned, as postMessage() does with what is not given away. */
export function openWorkerThreads(link: Link, onMessage: OnMessage, echo: () => Worker): Transport {
  const port = isMainThread ? echo() : parentPort!;
  const payload = new Uint8Array(link.bytes);
  port.on('message', onMessage);
  return { send: () => port.postMessage(payload) };
}
