import type { Command } from 'commander';
import { printableLine } from '../errors/index.js';
import { sharedMemoryRoot } from './domain.js';
import { liveLaunches, type LiveLaunch } from './live.js';
import { printLine } from './stdout.js';

interface PsOptions {
  readonly domain?: string;
  readonly json?: boolean;
}

export function registerPs(program: Command): void {
  program
    .command('ps')
    .description('list the launches that run: file, process, since when, and their nodes with their states')
    .option('--domain <name>', 'of this domain alone')
    .option('--json', 'print JSON, one object for each launch')
    .addHelpText(
      'after',
      `
Examples:
  babus ps
  babus ps --json | jq -r .domain

Exit codes: 0 also when nothing runs, 1 something went wrong.`,
    )
    .action(ps);
}

async function ps({ domain, json = false }: PsOptions): Promise<void> {
  const launches = await liveLaunches(sharedMemoryRoot(), domain);
  if (json) {
    for (const launch of launches) printLine(JSON.stringify(launchToJson(launch)));
    return;
  }
  if (launches.length === 0) return printLine("nothing is running; start it with 'babus launch FILE'");
  printLine(await launchesToText(launches));
}

function launchToJson({ domain, facts, nodes, problem }: LiveLaunch): object {
  const { file = null, pid = null, started = null, joined = null, detached = null, run = null } = facts ?? {};
  return {
    domain,
    file,
    pid,
    started,
    joined,
    detached,
    run,
    nodes: nodes.map(({ node, pid: process, state, restarts, unresponsive }) => ({
      node,
      pid: process,
      state,
      restarts,
      unresponsive,
    })),
    ...(problem === undefined ? {} : { problem }),
  };
}

/** A table with a line for each node, the launch on the first of them. */
export async function launchesToText(launches: readonly LiveLaunch[]): Promise<string> {
  const { formatTable } = await import('../tools/table.js');
  const columns = [
    { title: 'domain' },
    { title: 'file' },
    { title: 'pid', align: 'right' as const },
    { title: 'since' },
    { title: 'node' },
    { title: 'state' },
    { title: 'pid', align: 'right' as const },
    { title: 'restarts', align: 'right' as const },
  ];
  return formatTable(
    columns,
    launches.flatMap((launch) => rowsOf(launch)),
  );
}

function rowsOf({ domain, facts, nodes, problem }: LiveLaunch): string[][] {
  const head = facts
    ? [domain, printableLine(facts.file), String(facts.pid), since(facts.started)]
    : [domain, printableLine(problem ?? '-'), '-', '-'];
  if (nodes.length === 0) return [[...head, '-', '-', '-', '-']];
  return nodes.map(({ node, pid, state, restarts, unresponsive }, index) => [
    ...(index === 0 ? head : ['', '', '', '']),
    node,
    unresponsive ? `${state}, unresponsive` : state,
    String(pid ?? '-'),
    String(restarts),
  ]);
}

/** The clock of today, the date of older launches. */
function since(started: string): string {
  const time = new Date(started);
  const isToday = time.toDateString() === new Date().toDateString();
  return isToday ? time.toTimeString().slice(0, 8) : started.slice(0, 16).replace('T', ' ');
}
