import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { REPO } from '../support/repo.js';
import type { Result, Suite } from './suite.js';

/** What a program of test/bench/native prints, a line each. */
interface Figure {
  readonly suite: string;
  readonly name: string;
  readonly p50_ns: number;
  readonly least_ns: number;
  readonly most_ns: number;
}

/** What a publish costs in the core: against depth, subscribers that are not asleep, size, and the one who must be woken. */
export function publishSuite(): Suite {
  const figures = run('publish');
  return {
    title:
      'one publish in the core, one process: against depth, subscribers that do not sleep, size in bytes (loaned, not written), ' +
      'and with one subscriber asleep; median of 15 rounds; ratio to two clock reads and three atomic swaps',
    results: withRatio(
      figures,
      figures.find(({ suite }) => suite === 'baseline')!,
    ),
  };
}

/** 1 to 8 publishers on one slot, each as fast as it can; their order is checked. */
export function publishersSuite(): Suite {
  const figures = run('publishers');
  return {
    title:
      'time of one publish over all publishers of one slot, as many processes, payload of 16 bytes; ratio to one',
    results: withRatio(figures, figures[0]!),
  };
}

/** From kill -9 of a participant until what it held is back. */
export function recoverySuite(): Suite {
  const figures = run('recovery');
  return {
    title:
      'from kill -9 until what the participant held is given back by one that only watches, 1,000 kills; ratio to the kernel telling a parent of the death of an empty process',
    results: withRatio(figures, figures[0]!),
  };
}

function withRatio(figures: readonly Figure[], baseline: Figure): Result[] {
  return figures.map(({ suite, name, p50_ns, least_ns, most_ns }) => ({
    suite,
    name,
    p50_us: p50_ns / 1000,
    least_us: least_ns / 1000,
    most_us: most_ns / 1000,
    ratio: p50_ns / baseline.p50_ns,
  }));
}

function run(program: string): Figure[] {
  const native = join(REPO, 'native');
  execute('make', ['-C', native, '--silent', 'bench']);
  const lines = execute(join(native, 'build', 'bench', program), [])
    .trim()
    .split('\n');
  return lines.map((line) => JSON.parse(line) as Figure);
}

function execute(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return stdout;
}
