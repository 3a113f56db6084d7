import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChildProcess } from 'node:child_process';
import { pinned, pinnedAsOne } from '../pinning.js';
import type { Bench, Pinning, Result, Times } from '../suite.js';
import { withRatio } from '../suite.js';
import { REDIS_SOCKET } from './transports/redis.js';
import type { Link, TransportName } from './transports/transport.js';

const PROGRAM = fileURLToPath(new URL('round-trip.js', import.meta.url));

export interface RoundTrip {
  readonly suite: string;
  readonly transport: TransportName;
  readonly bytes: number;
  readonly rounds: number;
  readonly pinning: Pinning;
  readonly mechanism?: string;
}

/** Two ends in processes (or threads) of their own, pinned, and as little else as there can be. */
export async function measureRoundTrip({ scene, floor }: Bench, wanted: RoundTrip): Promise<Result> {
  const { suite, transport, bytes, rounds, pinning, mechanism = 'auto' } = wanted;
  const [folder, root] = [scene.folder(), scene.root()];
  let redis: ChildProcess | undefined;
  try {
    if (transport === 'redis') {
      redis = scene.start(pinned(pinning, 1, redisCommand(folder)));
      await listening(redis, join(folder, REDIS_SOCKET));
    }
    const link: Link = { transport, role: 'ping', pinning, bytes, rounds, folder, root, mechanism };
    const command = [process.execPath, PROGRAM, JSON.stringify(link)];
    const pin = transport === 'worker_threads' ? pinnedAsOne(pinning, command) : pinned(pinning, 0, command);
    const times = JSON.parse(await scene.run(pin)) as Times;
    const isOurs = transport === 'babus';
    return withRatio(floor, {
      suite,
      name: transport,
      size_bytes: bytes,
      ...(isOurs && { mechanism }),
      pinning,
      ...times,
    });
  } finally {
    if (redis) await scene.stop(redis);
    scene.remove(folder);
    scene.remove(root);
  }
}

function redisCommand(folder: string): readonly string[] {
  const options = {
    port: '0',
    unixsocket: join(folder, REDIS_SOCKET),
    dir: folder,
    save: '',
    appendonly: 'no',
  };
  const words = Object.entries(options).flatMap(([name, value]) => [`--${name}`, value]);
  // Else it cuts off a subscriber that is behind by some large messages.
  return ['redis-server', ...words, '--client-output-buffer-limit', 'pubsub 0 0 0'];
}

async function listening(server: ChildProcess, path: string): Promise<void> {
  const failed = once(server, 'exit').then(() => {
    throw new Error('redis-server did not start');
  });
  const found = (async () => {
    while (!existsSync(path) && server.exitCode === null) await sleep(5);
  })();
  await Promise.race([found, failed]);
  failed.catch(() => undefined); // it ends later, when it is told to
}
