import { existsSync } from 'node:fs';
import { basename, isAbsolute } from 'node:path';
import type { Command } from 'commander';
import { parseDurationMs } from '../duration.js';
import { BabusError, didYouMean } from '../errors/index.js';
import type { LaunchPlan } from '../launch/index.js';
import { native } from '../native.js';
import { domainFor, isAlive, sharedMemoryRoot } from './domain.js';
import { errorToJson, EXIT, printError } from './errors.js';
import { joinDomain } from './join.js';
import { launchReport, type LaunchReport } from './launch-report.js';
import { printLine } from './stdout.js';
import { superviseLaunch } from './supervise.js';

interface RunOptions {
  readonly domain?: string;
  readonly name?: string;
  readonly param: readonly string[];
  readonly port: readonly string[];
  readonly inspect?: string | true;
  readonly inspectBrk?: string | true;
  readonly for?: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  babus run babus/nodes/edges --port image=camera/image     against the domain that runs
  babus run ./darken.ts --param factor=0.3 --name dark      a file of yours, under another name
  babus run ./darken.ts#Darken --inspect-brk                one of several classes, under a debugger
  babus run babus/nodes/camera --domain test                in a domain of its own

Exit codes: 0 stopped or finished, 1 it has failed, 2 a wrong module, parameter, port or option.`;

export function registerRun(program: Command): void {
  const append = (value: string, values: readonly string[]): string[] => [...values, value];
  program
    .command('run')
    .description('start one node by hand, in a domain that runs, until Ctrl-C')
    .argument('<module>', 'file (.ts or .js) or package path of the node, with #Class when it has several')
    .option('--domain <name>', 'domain (default: BABUS_DOMAIN, or the only one that runs); a new one is made')
    .option('--name <name>', "the node's name (default: the module's)")
    .option('--param <name=value>', 'value for a parameter; may be repeated', append, [])
    .option('--port <port=slot>', 'slot for a port; may be repeated', append, [])
    .option('--inspect [port]', 'let a debugger attach, on this machine alone (default port 9229)')
    .option('--inspect-brk [port]', 'the same, and wait for it before the first line')
    .option('--for <duration>', 'stop by itself after this time, such as 10s')
    .option('--json', 'print one JSON object a line: changes of state and output of the node')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

async function run(module: string, options: RunOptions): Promise<void> {
  const forMs = options.for === undefined ? undefined : parseDurationMs(options.for);
  const execArgv = inspectOptions(options);
  const root = sharedMemoryRoot();
  const domain = domainFor(root, options.domain);
  const { loadNode } = await import('../launch/index.js');
  const { plan, errors } = await loadNode({
    use: useOf(module),
    name: nameOf(module, options.name),
    domain,
    params: new Map(pairs('--param', options.param)),
    ports: portsOf(options.port),
  });
  const json = options.json === true;
  if (!plan) {
    for (const error of errors)
      if (json) printLine(JSON.stringify({ event: 'error', ...errorToJson(error) }));
      else printError(error);
    process.exitCode = EXIT.USAGE;
    return;
  }
  const join = isAlive(root, domain);
  const joined = join ? await joinDomain(root, plan) : plan;
  const report = await launchReport(joined, process.stdout, json);
  if (join) warnOfNewSlots(root, joined, report);
  const timed = forMs === undefined ? {} : { forMs };
  process.exitCode = await superviseLaunch({ plan: joined, root, report, join, execArgv, ...timed });
}

/** Loopback alone: who can reach a debugger can do everything. @throws BabusError ERR_BABUS_ARGUMENT */
function inspectOptions({ inspect, inspectBrk }: RunOptions): string[] {
  const given = inspectBrk ?? inspect;
  if (given === undefined) return [];
  const name = inspectBrk === undefined ? '--inspect' : '--inspect-brk';
  const port = given === true ? 9229 : Number(given);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new BabusError(
      'ERR_BABUS_ARGUMENT',
      `${name} ${String(given)}: wants a port, 0 to 65535 (0: any that is free)`,
    );
  return [`${name}=127.0.0.1:${port}`];
}

/** On a command line, a file that is there need not begin with ./ */
function useOf(module: string): string {
  const [path = ''] = module.split('#');
  const isFile = !path.startsWith('.') && !isAbsolute(path) && existsSync(path);
  return isFile ? `./${module}` : module;
}

/** @throws BabusError ERR_BABUS_NAME */
function nameOf(module: string, given: string | undefined): string {
  const [path = ''] = module.split('#');
  const name =
    given ??
    basename(path)
      .replace(/\.[cm]?[jt]s$/, '')
      .replace(/[^A-Za-z0-9_]/g, '_');
  if (/^(?=.{1,127}$)[A-Za-z0-9_]+(\/[A-Za-z0-9_]+)*$/.test(name)) return name;
  throw new BabusError(
    'ERR_BABUS_NAME',
    `--name '${name}': wants 1 to 127 letters, digits and _, with / between namespaces`,
  );
}

/** @throws BabusError ERR_BABUS_ARGUMENT */
function pairs(option: string, words: readonly string[]): [string, string][] {
  return words.map((word) => {
    const at = word.indexOf('=');
    if (at > 0) return [word.slice(0, at), word.slice(at + 1)];
    throw new BabusError('ERR_BABUS_ARGUMENT', `${option} ${word}: wants a name, = and a value`);
  });
}

/** @throws BabusError ERR_BABUS_ARGUMENT, ERR_BABUS_NAME */
function portsOf(words: readonly string[]): Record<string, string> {
  const ports = pairs('--port', words);
  for (const [port, slot] of ports)
    if (!/^(?=.{1,127}$)\/?[A-Za-z0-9_]+(\/[A-Za-z0-9_]+)*$/.test(slot))
      throw new BabusError('ERR_BABUS_NAME', `--port ${port}=${slot}: '${slot}' is not a name of a slot`);
  return Object.fromEntries(ports);
}

/** A slot that only this node would have is nearly always a slip of the pen where it is read. */
function warnOfNewSlots(root: string, plan: LaunchPlan, report: LaunchReport): void {
  const there = native()
    .inspect(root, plan.domain)
    .slots.map(({ slot }) => slot);
  for (const { spec, publishers } of plan.slots)
    if (publishers.length === 0 && !there.includes(spec.name))
      report.warn({ message: `nobody has the slot '${spec.name}' yet${didYouMean(spec.name, there)}` });
}
