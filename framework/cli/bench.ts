import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { BabusError } from '../errors/index.js';
import { EXIT } from './errors.js';

/** Beside the sources, where it measures what was built from them. */
const PROGRAM = fileURLToPath(new URL('../../test/bench/main.js', import.meta.url));

interface BenchOptions {
  readonly only?: string;
  readonly json?: string;
  readonly mechanism?: string;
}

export function registerBench(program: Command): void {
  program
    .command('bench')
    .description(
      'measure this machine, beside a floor and other transports in the same run (in a checkout of babus)',
    )
    .option('--only <suites>', 'suites, separated by commas; a wrong one lists them')
    .option('--mechanism <names>', 'how nodes are woken: auto, loop, doorbell, thread, each also with +spin')
    .option('--json <file>', 'also write the figures there, as JSON')
    .action(measure);
}

/** @throws BabusError ERR_BABUS_ARGUMENT when this babus was installed without its benchmarks */
async function measure(options: BenchOptions): Promise<void> {
  if (!existsSync(PROGRAM))
    throw new BabusError(
      'ERR_BABUS_ARGUMENT',
      'bench: the benchmarks are no part of the installed package; in a checkout of babus, run `npm run bench`',
    );
  const args = Object.entries(options as Record<string, string>).flatMap(([name, value]) => [
    `--${name}`,
    value,
  ]);
  const child = spawn(process.execPath, [PROGRAM, ...args], { stdio: 'inherit' });
  // Ctrl-C reaches it too: it ends what it started, and this process ends with it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, 'exit')) as [number | null];
  process.exitCode = code ?? EXIT.FAILED;
}
