import { join } from 'node:path';
import { REPO } from '../../support/repo.js';
import type { Scene } from '../scene.js';
import type { Bench, Report, Result } from '../suite.js';

export const NATIVE = join(REPO, 'native');

/** What a program of test/bench/native prints, a line each. */
interface Figure {
  readonly suite: string;
  readonly name: string;
  readonly p50_ns: number;
  readonly least_ns: number;
  readonly most_ns: number;
}

/** What a publish costs in the core: against depth, subscribers that are not asleep, size, and the one who must be woken. */
export async function publishSuite({ scene }: Bench): Promise<Report> {
  const figures = await run(scene, 'publish');
  return {
    title:
      'one publish in the core, one process: against depth, subscribers that do not sleep, size in bytes (loaned, not written), ' +
      'and with one subscriber asleep; median of 15 rounds; ratio to two clock reads and three atomic swaps',
    results: withBaseline(
      'publish',
      figures,
      figures.find(({ suite }) => suite === 'baseline')!,
    ),
  };
}

/** 1 to 8 publishers on one slot, each as fast as it can; their order is checked. */
export async function publishersSuite({ scene }: Bench): Promise<Report> {
  const figures = await run(scene, 'publishers');
  return {
    title:
      'time of one publish over all publishers of one slot, as many processes, payload of 16 bytes; ratio to one publisher',
    results: withBaseline('publishers', figures, figures[0]!),
  };
}

/** From kill -9 of a participant until what it held is back. */
export async function recoverySuite({ scene }: Bench): Promise<Report> {
  const figures = await run(scene, 'recovery');
  return {
    title:
      'from kill -9 until what the participant held is given back by one that only watches, 1,000 kills; ratio to the kernel ' +
      'telling a parent of the death of an empty process',
    results: withBaseline('recovery', figures, figures[0]!),
  };
}

function withBaseline(suite: string, figures: readonly Figure[], baseline: Figure): Result[] {
  return figures.map(({ suite: against, name, p50_ns, least_ns, most_ns }) => ({
    suite,
    name: against === suite ? name : `${against}: ${name}`,
    pinning: 'none',
    p50_us: p50_ns / 1000,
    least_us: least_ns / 1000,
    most_us: most_ns / 1000,
    ratio_to_baseline: p50_ns / baseline.p50_ns,
  }));
}

async function run(scene: Scene, program: string): Promise<Figure[]> {
  await buildPrograms(scene);
  const lines = (await scene.run([programPath(program)])).trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Figure);
}

function programPath(program: string): string {
  return join(NATIVE, 'build', 'bench', program);
}

/** Compiles what changed of test/bench/native. */
export async function buildPrograms(scene: Scene): Promise<void> {
  await scene.run(['make', '-C', NATIVE, '--silent', 'bench']);
}
