import { fileURLToPath } from 'node:url';
import type { ThroughputOptions } from '../ends/throughput.js';
import { pinned } from '../pinning.js';
import type { Bench, Pinning, Report, Result } from '../suite.js';

const PROGRAM = fileURLToPath(new URL('../ends/throughput.js', import.meta.url));
const MESSAGES = { babus: 3_000_000, 'unix socket': 500_000, zeromq: 200_000 } as const;

/** As fast as it goes, without losing any. */
export async function throughputSuite(bench: Bench): Promise<Report> {
  const results: Result[] = [];
  for (const transport of ['babus', 'unix socket', 'zeromq'] as const)
    for (const pinning of bench.pinnings) results.push(await measure(bench, transport, pinning));
  return {
    title:
      'messages a second from one Node process to a callback in another one, 64 bytes; the writer of babus keeps within what ' +
      'the reader has room for',
    results,
  };
}

async function measure(
  { scene, mechanisms }: Bench,
  transport: ThroughputOptions['transport'],
  pinning: Pinning,
): Promise<Result> {
  const [folder, root] = [scene.folder(), scene.root()];
  const [mechanism = 'auto'] = mechanisms;
  const messages = MESSAGES[transport];
  const command = (role: ThroughputOptions['role'], end: 0 | 1): readonly string[] => {
    const options: ThroughputOptions = { transport, role, folder, root, mechanism, messages };
    return pinned(pinning, end, [process.execPath, PROGRAM, JSON.stringify(options)]);
  };
  const writer = scene.start(command('writer', 0), { stdio: ['ignore', 'ignore', 'inherit'] });
  try {
    const counted = JSON.parse(await scene.run(command('reader', 1))) as {
      per_second: number;
      missed: number;
    };
    const isOurs = transport === 'babus';
    const result = { suite: 'throughput', name: transport, size_bytes: 64, pinning, ...counted };
    return isOurs ? { ...result, mechanism } : result;
  } finally {
    await scene.stop(writer);
    scene.remove(folder);
    scene.remove(root);
  }
}
