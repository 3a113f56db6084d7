import type { Command } from 'commander';
import { BabusError } from '../errors/index.js';
import { domainFor, sharedMemoryRoot } from './domain.js';
import { EXIT } from './errors.js';
import { liveLaunches } from './live.js';
import { showLines } from './logs.js';
import { launchesToText } from './ps.js';
import { printLine } from './stdout.js';

interface AttachOptions {
  readonly domain?: string;
  readonly lines: string;
  readonly json?: boolean;
}

export function registerAttach(program: Command): void {
  program
    .command('attach')
    .description('show states and output of a launch that runs in the background; Ctrl-C leaves it running')
    .option('--domain <name>', 'domain to look at (default: BABUS_DOMAIN, or the only one that runs)')
    .option('-n, --lines <count>', 'begin with the last so many lines', '10')
    .option('--json', 'print the lines of the log files: one JSON object a line')
    .addHelpText(
      'after',
      `
Examples:
  babus attach
  babus attach --domain patrol -n 100

Exit codes: 0 left by Ctrl-C, 2 nothing runs, or a wrong option; when the launch ends meanwhile: its own.`,
    )
    .action(attach);
}

async function attach(options: AttachOptions): Promise<void> {
  const { LAUNCHER_LOG, readRun } = await import('../logs/index.js');
  const root = sharedMemoryRoot();
  const domain = domainFor(root, options.domain);
  const launches = await liveLaunches(root, domain);
  const folders = launches.flatMap(({ facts }) => (facts?.run ? [facts.run] : []));
  const lines = Number(options.lines);
  if (!Number.isInteger(lines) || lines < 0)
    throw new BabusError('ERR_BABUS_ARGUMENT', `--lines ${options.lines}: wants a whole number`);
  if (folders.length === 0)
    throw new BabusError(
      'ERR_BABUS_LAUNCHER',
      `domain '${domain}' has no launcher that keeps log files; babus ps and babus node list show what is there`,
    );
  if (options.json !== true) printLine(`${await launchesToText(launches)}\n`);
  const sources = folders.map((folder) => ({
    folder,
    nodes: [...(readRun(folder)?.nodes ?? []), LAUNCHER_LOG],
  }));
  const isLeft = await showLines(sources, {
    lines,
    follow: true,
    json: options.json === true,
    passes: () => true,
  });
  if (isLeft) {
    if (options.json !== true) printLine(`left; domain ${domain} goes on`);
    return;
  }
  const codes = folders.map((folder) => readRun(folder)?.exit_code ?? EXIT.FAILED);
  process.exitCode = Math.max(...codes);
}
