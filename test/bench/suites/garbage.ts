import { fileURLToPath } from 'node:url';
import type { Counted, GarbageOptions } from '../ends/garbage.js';
import type { Bench, Report, Result } from '../suite.js';

const PROGRAM = fileURLToPath(new URL('../ends/garbage.js', import.meta.url));

/** What is not compiled yet makes more garbage. */
const WARM_UP = 100_000;

/** Room enough that nothing is collected, which would hide what was allocated. */
const ROOMY = ['--min-semi-space-size=64', '--max-semi-space-size=64'];

const FLOWS = [
  { slots: 1, burst: 1, messages: 6000 },
  { slots: 1, burst: 20, messages: 120_000 },
  { slots: 8, burst: 8, messages: 48_000 },
  { slots: 8, burst: 80, messages: 240_000 },
] as const;
type Flow = Pick<GarbageOptions, 'slots' | 'burst' | 'messages'>;

/** What delivery and publishing leave to be collected, and what Node itself leaves when it is woken as often. */
export async function garbageSuite(bench: Bench): Promise<Report> {
  const results: Result[] = [];
  for (const flow of FLOWS) {
    const bare = await counted(bench, 'bare waiter', flow);
    results.push(rowOf(bench, flow, 'bare waiter', bare));
    const node = await counted(bench, 'node', flow);
    const row = rowOf(bench, flow, 'delivered', node);
    results.push({ ...row, above_bare_waiter: median(node) - median(bare) });
  }
  const flow = { slots: 1, burst: 20, messages: 120_000 };
  results.push(rowOf(bench, flow, 'published in place', await counted(bench, 'publisher', flow)));
  return {
    title:
      'bytes that V8 allocates per std/Imu: delivered to a synchronous handler that reads its stamp, vectors and covariances; ' +
      'published in place; and by Node alone when it is woken as often. No collection meanwhile',
    results,
  };
}

async function counted(bench: Bench, role: GarbageOptions['role'], flow: Flow): Promise<Counted> {
  const { scene, mechanisms } = bench;
  const root = scene.root();
  const commandOf = (part: GarbageOptions['role'], flags: readonly string[]): string[] => {
    const options: GarbageOptions = { role: part, root, mechanism: mechanisms[0]!, warmUp: WARM_UP, ...flow };
    return [process.execPath, ...flags, PROGRAM, JSON.stringify(options)];
  };
  const source = role === 'publisher' ? undefined : scene.start(commandOf('source', []));
  try {
    return JSON.parse(await scene.run(commandOf(role, ROOMY))) as Counted;
  } finally {
    if (source) await scene.stop(source);
    scene.remove(root);
  }
}

function rowOf(
  { mechanisms }: Bench,
  { slots, burst }: Flow,
  what: string,
  { perMessage, ...rest }: Counted,
): Result {
  return {
    suite: 'garbage',
    name: `${what}, ${slots > 1 ? `${slots} slots, ` : ''}${burst / slots} together`,
    mechanism: mechanisms[0]!,
    pinning: 'none',
    bytes_per_message: median({ perMessage, ...rest }),
    most_bytes_per_message: Math.max(...perMessage),
    messages_of_a_window: rest.windowOf,
    collections: rest.collections,
  };
}

function median({ perMessage }: Counted): number {
  const sorted = [...perMessage].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}
