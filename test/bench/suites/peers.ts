import { spawnSync } from 'node:child_process';
import { measureRoundTrip } from '../ends/measure.js';
import { TRANSPORTS, type TransportName } from '../ends/transports/transport.js';
import type { Bench, Missing, Report, Result } from '../suite.js';
import { FRAME_BYTES } from './size.js';
import { measureIceoryx, whyNoIceoryx } from './iceoryx.js';

/** Round trips of what one would use instead, with the same program at both ends. */
export async function peersSuite(bench: Bench): Promise<Report> {
  const results: Result[] = [];
  const missing: Missing[] = [];
  const miss = (name: string, reason: string): number => missing.push({ suite: 'peers', name, reason });
  const pinnings = bench.pinnings.filter((pinning) => pinning !== 'two cores');
  const cases = [64, FRAME_BYTES].flatMap((bytes) => pinnings.map((pinning) => ({ bytes, pinning })));
  for (const transport of TRANSPORTS) {
    const reason = await whyNot(transport);
    if (reason !== undefined) miss(transport, reason);
    else for (const one of cases) results.push(await measureNode(bench, transport, one));
  }
  const reason = whyNoIceoryx();
  if (reason !== undefined) miss('iceoryx', reason);
  else results.push(...(await measureIceoryx(bench, cases)));
  return {
    title:
      'round trip of peers with the same program at both ends (iceoryx: C++); 6,220,800 bytes: not rewritten, yet copied by ' +
      'all but babus and iceoryx',
    results,
    missing,
  };
}

type Case = Pick<Result, 'pinning'> & { readonly bytes: number };

async function measureNode(
  bench: Bench,
  transport: TransportName,
  { bytes, pinning }: Case,
): Promise<Result> {
  const rounds = bytes === 64 ? 10_000 : 1000;
  const [mechanism] = bench.mechanisms;
  const wanted = { suite: 'peers', transport, bytes, rounds, pinning: pinning!, mechanism: mechanism! };
  return measureRoundTrip(bench, wanted);
}

async function whyNot(transport: TransportName): Promise<string | undefined> {
  if (transport === 'zeromq')
    try {
      await import('zeromq');
    } catch (error) {
      return `the npm package zeromq does not load: ${error instanceof Error ? error.message : String(error)}`;
    }
  if (
    transport === 'redis' &&
    spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).error !== undefined
  )
    return 'redis-server is not here; on Debian: apt-get install redis-server';
  return undefined;
}
