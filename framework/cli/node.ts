import type { Command } from 'commander';
import type { NodeDetails, NodeSummary, NodeTroubles } from '../control/index.js';
import { printableLine } from '../errors/index.js';
import { ask, askEach } from './ask.js';
import { printLine } from './stdout.js';

interface NodeOptions {
  readonly domain?: string;
  readonly json?: boolean;
}

export function registerNode(program: Command): void {
  const node = program.command('node').description('look at the nodes of a running launch');
  common(
    node.command('list').description('list the nodes: process, state, restarts, and the slots they use'),
  ).action(list);
  common(
    node
      .command('info <node>')
      .description('all about one node: parameters, ports, how its last run ended, what went wrong in it'),
  ).action(info);
}

function common(command: Command): Command {
  return command
    .option('--domain <name>', 'domain to look at (default: BABUS_DOMAIN, or the only one that runs)')
    .option('--json', 'print JSON, one object a line');
}

async function list(options: NodeOptions): Promise<void> {
  const nodes = (await askEach<readonly NodeSummary[]>({ ask: 'nodes' }, options.domain)).flat();
  if (options.json === true) {
    for (const { node, pid, state, restarts, publishes, subscribes } of nodes)
      printLine(JSON.stringify({ node, pid, state, restarts, publishes, subscribes }));
    return;
  }
  const { formatTable } = await import('../tools/table.js');
  const columns = [
    { title: 'node' },
    { title: 'pid', align: 'right' as const },
    { title: 'state' },
    { title: 'restarts', align: 'right' as const },
    { title: 'publishes' },
    { title: 'subscribes' },
    { title: 'went wrong' },
  ];
  const rows = nodes.map((each) => [
    each.node,
    String(each.pid ?? '-'),
    stateOf(each),
    String(each.restarts),
    each.publishes.join(' ') || '-',
    each.subscribes.join(' ') || '-',
    troublesOf(each.counters) ?? '-',
  ]);
  printLine(formatTable(columns, rows));
}

async function info(name: string, options: NodeOptions): Promise<void> {
  const details = await ask<NodeDetails>({ ask: 'node', node: name }, options.domain);
  if (options.json === true) return printLine(JSON.stringify(details));
  const { formatTable } = await import('../tools/table.js');
  const exit = details.last_exit;
  const rows = [
    ['node', details.node],
    ['state', stateOf(details)],
    ['pid', String(details.pid ?? '-')],
    ['uptime', details.uptime_s === null ? '-' : `${details.uptime_s} s`],
    ['restarts', String(details.restarts)],
    ['last exit', exit ? `${printableLine(exit.reason)}, at ${exit.time}` : '-'],
    ['class', `${details.class} of ${details.use}`],
    ['module', details.module],
    ['went wrong', troublesOf(details.counters) ?? 'nothing'],
  ];
  const lines = rows.map(([title, text]) => `${title!.padEnd(10)}  ${text}`);
  const params = Object.entries(details.params).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`);
  lines.push('params', ...(params.length > 0 ? params : ['  none']));
  const titles = ['port', 'direction', 'slot', 'schema', 'messages', 'missed'] as const;
  const columns = titles.map((title, at) => ({
    title,
    align: at < 4 ? ('left' as const) : ('right' as const),
  }));
  const ports = details.ports.map((port) => titles.map((title) => String(port[title])));
  lines.push('ports', ports.length > 0 ? indented(formatTable(columns, ports)) : '  none');
  printLine(lines.join('\n'));
}

function stateOf({ state, unresponsive }: NodeSummary): string {
  return unresponsive ? `${state}, unresponsive` : state;
}

const TROUBLES: Readonly<Record<keyof NodeTroubles, string>> = {
  handler_errors: 'errors in handlers',
  quota_errors: 'of them for want of pins or loans',
  loans_given_back: 'loans left open',
  take_errors: 'messages that could not be taken',
  event_loop_blocked: 'blocks of the event loop',
  longest_block_ms: 'ms the longest block',
  output_lines_dropped: 'lines of output left out',
};

function troublesOf(counters: NodeTroubles): string | undefined {
  const keys = Object.keys(TROUBLES) as (keyof NodeTroubles)[];
  const shown = keys.filter((key) => counters[key] > 0).map((key) => `${counters[key]} ${TROUBLES[key]}`);
  return shown.length > 0 ? shown.join(', ') : undefined;
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
}
