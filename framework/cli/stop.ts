import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { askLauncher, controlPaths } from '../control/index.js';
import { parseDurationMs } from '../duration.js';
import { BabusError } from '../errors/index.js';
import { native } from '../native.js';
import { domainFor, isAlive, sharedMemoryRoot } from './domain.js';
import { EXIT } from './errors.js';
import { actOn } from './node-actions.js';
import { printLine } from './stdout.js';

interface StopOptions {
  readonly domain?: string;
  readonly all?: boolean;
  readonly force?: boolean;
  readonly wait: string;
  readonly json?: boolean;
}

const LOOK_MS = 50;

export function registerStop(program: Command): void {
  program
    .command('stop [nodes...]')
    .description(
      'stop nodes of a running launch; without names, end the launch and all that have joined its domain',
    )
    .option('--domain <name>', 'domain to end (default: BABUS_DOMAIN, or the only one that runs)')
    .option('--all', 'end the launches of all domains')
    .option('--force', 'kill the nodes at once')
    .option('--wait <duration>', 'how long to wait for the end', '30s')
    .option('--json', 'print JSON, one object for each domain')
    .addHelpText(
      'after',
      `
Examples:
  babus stop                     the launch that runs
  babus stop --domain patrol     one of several
  babus stop camera edges        two nodes of it, until babus start
  babus stop --all --force

Exit codes: 0 it has ended, 1 it has not within --wait, or cannot be asked, 2 nothing runs, or a wrong option.`,
    )
    .action(stop);
}

async function stop(nodes: readonly string[], options: StopOptions): Promise<void> {
  if (nodes.length > 0) return stopNodes(nodes, options);
  const waitMs = parseDurationMs(options.wait);
  const root = sharedMemoryRoot();
  if (options.all === true && options.domain !== undefined)
    throw new BabusError('ERR_BABUS_ARGUMENT', '--all and --domain: give one of them');
  const domains =
    options.all === true
      ? native()
          .domains(root)
          .filter((domain) => isAlive(root, domain))
      : [domainFor(root, options.domain)];
  await Promise.all(domains.map((domain) => stopDomain(root, domain, waitMs, options)));
}

async function stopNodes(nodes: readonly string[], options: StopOptions): Promise<void> {
  const wrong = options.all === true ? '--all' : options.force === true ? '--force' : undefined;
  if (wrong !== undefined)
    throw new BabusError(
      'ERR_BABUS_ARGUMENT',
      `${wrong} ends launches; leave it out to stop ${nodes.join(', ')}`,
    );
  await actOn(nodes, 'stop', options);
}

async function stopDomain(
  root: string,
  domain: string,
  waitMs: number,
  { force = false, json = false }: StopOptions,
): Promise<void> {
  const asked = await askToStop(root, domain, force);
  if (asked.length === 0)
    throw new BabusError(
      'ERR_BABUS_LAUNCHER',
      `domain '${domain}' has no launcher that could be asked to stop it; babus ps shows who is there`,
    );
  const deadline = Date.now() + waitMs;
  let waiting = asked;
  while (waiting.length > 0 && Date.now() < deadline) {
    await delay(LOOK_MS);
    waiting = waiting.filter(isThere);
  }
  if (waiting.length > 0) process.exitCode = EXIT.FAILED;
  if (json) printLine(JSON.stringify({ domain, stopped: waiting.length === 0, pids: asked }));
  else if (waiting.length === 0) printLine(`${domain} has stopped`);
  else
    printLine(
      `${domain} has not stopped within ${waitMs / 1000} s (process ${waiting.join(', ')}); --force kills its nodes`,
    );
}

/** Those that joined last go first. @returns process ids of the launchers */
async function askToStop(root: string, domain: string, force: boolean): Promise<number[]> {
  const pids: number[] = [];
  for (const path of controlPaths(root, domain).reverse()) {
    const answer = await askLauncher<{ readonly pid: number }>(path, { ask: 'stop-launch', force });
    if (answer) pids.push(answer.pid);
  }
  return pids;
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
