import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { NodeAction, NodeDetails } from '../control/index.js';
import { parseDurationMs } from '../duration.js';
import { printableLine } from '../errors/index.js';
import { ask } from './ask.js';
import { EXIT } from './errors.js';
import { printLine } from './stdout.js';

export interface NodeActionOptions {
  readonly domain?: string;
  readonly wait: string;
  readonly json?: boolean;
}

const LOOK_MS = 50;

const WORDS = {
  start: 'start nodes of a running launch that were stopped, have finished, failed, or still wait for others',
  restart: 'stop nodes of a running launch and start them again',
} as const;

export function registerNodeActions(program: Command): void {
  for (const action of ['start', 'restart'] as const)
    program
      .command(`${action} <nodes...>`)
      .description(WORDS[action])
      .option('--domain <name>', 'domain they are in (default: BABUS_DOMAIN, or the only one that runs)')
      .option('--wait <duration>', 'how long to wait until they are ready', '30s')
      .option('--json', 'print JSON, one object for each node')
      .addHelpText(
        'after',
        `
Example:
  babus ${action} camera edges

Exit codes: 0 they are ready, or have finished, 1 one has failed or is not ready within --wait, 2 there is no such node, or nothing runs.`,
      )
      .action((nodes: string[], options: NodeActionOptions) => actOn(nodes, action, options));
}

/** One after the other, so that an error stops before the rest. */
export async function actOn(
  nodes: readonly string[],
  action: NodeAction,
  options: NodeActionOptions,
): Promise<void> {
  const waitMs = parseDurationMs(options.wait);
  for (const node of nodes) {
    const before = await ask<NodeDetails>({ ask: 'node', node }, options.domain);
    await ask<NodeDetails>({ ask: 'control', node, action }, options.domain);
    const after = await settled(before, action, waitMs, options.domain);
    const { state, pid } = after;
    const isThere = action === 'stop' ? isOver(state) : state === 'ready' || state === 'finished';
    if (!isThere) process.exitCode = EXIT.FAILED;
    if (options.json === true) printLine(JSON.stringify({ node, state, pid }));
    else printLine(describe(after, isThere, options.wait));
  }
}

/** What has become of a node once it is what was wanted, has failed, or the time is up. */
async function settled(
  before: NodeDetails,
  action: NodeAction,
  waitMs: number,
  domain: string | undefined,
): Promise<NodeDetails> {
  const deadline = Date.now() + waitMs;
  for (;;) {
    const now = await ask<NodeDetails>({ ask: 'node', node: before.node }, domain);
    if (isSettled(before, now, action) || Date.now() >= deadline) return now;
    await delay(LOOK_MS);
  }
}

function isSettled(before: NodeDetails, now: NodeDetails, action: NodeAction): boolean {
  if (action === 'stop') return isOver(now.state);
  // A restart shows the process of before until it has ended.
  const isSame = action === 'restart' && before.pid !== null && now.pid === before.pid;
  const isBetween = action === 'restart' && now.state === 'stopped';
  return !isSame && !isBetween && (now.state === 'ready' || isOver(now.state));
}

function isOver(state: string): boolean {
  return state === 'stopped' || state === 'finished' || state === 'failed';
}

function describe(
  { node, state, pid, last_exit: exit }: NodeDetails,
  isThere: boolean,
  wait: string,
): string {
  if (isThere) return pid === null ? `${node} has ${state}` : `${node} is ${state} (pid ${pid})`;
  if (state === 'failed')
    return `${node} has failed: ${printableLine(exit?.reason ?? 'it could not be started')}`;
  return `${node} is still ${state} after ${wait}`;
}
