/**
 * Both ends of a round trip through any transport: `node round-trip.js LINK`, LINK being JSON. The one called ping starts the
 * other one and prints what it measured.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isMainThread, Worker, workerData } from 'node:worker_threads';
import { pinned } from '../pinning.js';
import { Samples } from '../statistics.js';
import type { Link, OnMessage, Transport } from './transports/transport.js';

const HERE = fileURLToPath(import.meta.url);
/** Slow transports make fewer round trips, but not fewer than make a p99. */
const ENOUGH_MS = 2000;
const ROUNDS_AT_LEAST = 110;

const link = JSON.parse(isMainThread ? process.argv[2]! : (workerData as string)) as Link;
if (link.role === 'ping') await ping();
else await echo();

/** The echo's first message says that it is there. */
async function ping(): Promise<void> {
  const samples = new Samples(link.rounds);
  const startMs = performance.now();
  let sentMs = 0;
  const transport = await open(() => {
    const nowMs = performance.now();
    if (sentMs !== 0) samples.add(nowMs - sentMs);
    const isLong = nowMs - startMs > ENOUGH_MS && samples.count >= ROUNDS_AT_LEAST;
    if (samples.isFull || isLong) return finish(samples);
    sentMs = performance.now();
    transport.send();
  });
  if (link.transport !== 'worker_threads' && link.transport !== 'process.send') startEchoProcess();
}

async function echo(): Promise<void> {
  const transport = await open(() => transport.send());
  transport.send();
}

async function open(onMessage: OnMessage): Promise<Transport> {
  switch (link.transport) {
    case 'babus':
      return (await import('./transports/babus.js')).openBabus(link, onMessage);
    case 'unix socket':
      return (await import('./transports/unix-socket.js')).openUnixSocket(link, onMessage);
    case 'worker_threads':
      return (await import('./transports/worker-threads.js')).openWorkerThreads(
        link,
        onMessage,
        startEchoThread,
      );
    case 'process.send':
      return (await import('./transports/process-send.js')).openProcessSend(
        link,
        onMessage,
        startEchoProcess,
      );
    case 'zeromq':
      return (await import('./transports/zeromq.js')).openZeroMq(link, onMessage);
    case 'redis':
      return (await import('./transports/redis.js')).openRedis(link, onMessage);
  }
}

function startEchoThread(): Worker {
  return new Worker(HERE, { workerData: JSON.stringify({ ...link, role: 'echo' }) });
}

/** In the group of this process, which the bench ends as a whole. */
function startEchoProcess(): ChildProcess {
  const other = JSON.stringify({ ...link, role: 'echo' });
  const [program, ...args] = pinned(link.pinning, 1, [process.execPath, HERE, other]);
  const isChannel = link.transport === 'process.send';
  const child = spawn(program!, args, {
    stdio: isChannel ? ['ignore', 'ignore', 'inherit', 'ipc'] : ['ignore', 'ignore', 'inherit'],
    serialization: 'advanced',
  });
  child.on('exit', (code) => {
    console.error(`the echo of ${link.transport} ended with ${code}`);
    process.exit(1);
  });
  return child;
}

function finish(samples: Samples): void {
  // The echo goes with this process's group.
  process.stdout.write(JSON.stringify(samples.times()), () => process.exit(0));
}
