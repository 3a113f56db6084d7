import { once } from 'node:events';
import type { Command } from 'commander';
import { durationProblem, parseDurationMs } from '../duration.js';
import { BabusError, didYouMean, printable } from '../errors/index.js';
import { LEVEL_NUMBERS, LOG_LEVELS, type LogLevel, type LogLine } from '../log-line.js';
import type { LogSource } from '../logs/index.js';
import { EXIT } from './errors.js';
import { onStdoutClosed, printLine } from './stdout.js';

interface LogsOptions {
  readonly domain?: string;
  readonly follow?: boolean;
  readonly since?: string;
  readonly level?: string;
  readonly lines?: number;
  readonly run?: string;
  readonly list?: boolean;
  readonly json?: boolean;
}

export function registerLogs(program: Command): void {
  program
    .command('logs')
    .description(
      "show what nodes and launcher have said, while a launch runs and after it; '@babus' is the launcher",
    )
    .argument('[nodes...]', 'whose logs; a namespace means all its nodes (default: everybody)')
    .option('--domain <name>', 'domain (default: BABUS_DOMAIN, the one that runs, or the one that ran last)')
    .option('-f, --follow', 'go on with what comes, until the launch ends')
    .option(
      '--since <time>',
      'from then on: how long ago, such as 5m, or a time, such as 2026-03-01T12:30:00Z',
    )
    .option('--level <level>', `at least this: ${LOG_LEVELS.join(', ')}; what nodes print otherwise is info`)
    .option('-n, --lines <count>', 'begin with the last so many lines', countOf)
    .option('--run <name>', 'an older run, see --list; or latest')
    .option('--list', 'list the runs that are kept')
    .option('--json', 'print the lines as they are in the files: one JSON object a line')
    .addHelpText(
      'after',
      `
Examples:
  babus logs -f                          follow the launch that runs
  babus logs camera --level warn         what went wrong in a node of the last launch
  babus logs front --since 10m --json    all nodes of the namespace 'front', for programs
  babus logs --list --domain patrol      which runs are kept

Exit codes: 0 all shown, 1 a file cannot be read, 2 no such run or node, or a wrong option.`,
    )
    .action(showLogs);
}

function countOf(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new BabusError('ERR_BABUS_ARGUMENT', `'${text}' must be a whole number`);
}

async function showLogs(wanted: readonly string[], options: LogsOptions): Promise<void> {
  const { chooseRuns, stateFolder } = await import('../logs/index.js');
  const named = options.domain ?? process.env['BABUS_DOMAIN'];
  const domain = named === '' ? undefined : named;
  if (options.list === true) return listRuns(stateFolder(), domain, options.json === true);
  const passes = filterOf(options);
  const runs = chooseRuns(stateFolder(), domain, options.run);
  const sources = await sourcesOf(runs, wanted);
  const { lines = Infinity, follow = false, json = false } = options;
  await showLines(sources, { lines, follow, json, passes });
}

export interface ShowLines {
  /** How many of those that are there already, the last ones. */
  readonly lines: number;
  readonly follow: boolean;
  readonly json: boolean;
  readonly passes: (line: LogLine) => boolean;
}

/** Prints lines of log files. @returns true when it was told to end before all was shown */
export async function showLines(
  sources: readonly LogSource[],
  { lines, follow, json, passes }: ShowLines,
): Promise<boolean> {
  const { LogReader } = await import('../logs/index.js');
  const print = json ? printJson : await textPrinter(sources.flatMap(({ nodes }) => nodes));
  const reader = new LogReader(sources);
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop.abort());
  onStdoutClosed(() => process.exit(EXIT.OK));
  try {
    const last: LogLine[] = [];
    const printAll = lines === Infinity;
    for await (const line of reader.read()) {
      if (stop.signal.aborted) return true;
      if (!passes(line)) continue;
      if (printAll) await print(line);
      else if (last.push(line) > lines) last.shift();
    }
    for (const line of last) await print(line);
    if (follow) for await (const line of reader.follow(stop.signal)) if (passes(line)) await print(line);
    return stop.signal.aborted;
  } finally {
    await reader.close();
  }
}

/** @throws BabusError ERR_BABUS_ARGUMENT */
function filterOf({ since, level }: LogsOptions): (line: LogLine) => boolean {
  if (level !== undefined && !LOG_LEVELS.includes(level as LogLevel))
    throw new BabusError(
      'ERR_BABUS_ARGUMENT',
      `--level ${level}: wants one of ${LOG_LEVELS.join(', ')}${didYouMean(level, LOG_LEVELS)}`,
    );
  const lowest = level === undefined ? -Infinity : LEVEL_NUMBERS[level as LogLevel];
  const first = since === undefined ? -Infinity : timeOf(since);
  return (line) => line.level >= lowest && line.time >= first;
}

function timeOf(text: string): number {
  if (durationProblem(text) === undefined) return Date.now() - parseDurationMs(text);
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : NaN;
  if (!Number.isNaN(time)) return time;
  throw new BabusError(
    'ERR_BABUS_ARGUMENT',
    `--since ${text}: wants how long ago, such as 5m, or a time, such as 2026-03-01T12:30:00Z`,
  );
}

/** @throws BabusError ERR_BABUS_NODE_MISSING */
async function sourcesOf(
  runs: readonly { readonly folder: string; readonly facts: { readonly nodes: readonly string[] } }[],
  wanted: readonly string[],
): Promise<{ folder: string; nodes: string[] }[]> {
  const { LAUNCHER_LOG } = await import('../logs/index.js');
  const known = [...new Set(runs.flatMap(({ facts }) => facts.nodes)), LAUNCHER_LOG];
  const isMeant = (node: string, name: string): boolean => node === name || node.startsWith(`${name}/`);
  for (const name of wanted)
    if (!known.some((node) => isMeant(node, name)))
      throw new BabusError('ERR_BABUS_NODE_MISSING', `no logs of a node '${name}'${didYouMean(name, known)}`);
  return runs.map(({ folder, facts }) => ({
    folder,
    nodes: [...facts.nodes, LAUNCHER_LOG].filter(
      (node) => wanted.length === 0 || wanted.some((name) => isMeant(node, name)),
    ),
  }));
}

type Print = (line: LogLine) => void | Promise<unknown>;

const printJson: Print = (line) => {
  if (!process.stdout.write(`${JSON.stringify(line)}\n`)) return once(process.stdout, 'drain');
  return undefined;
};

/** As a launch shows them, with the time in front. */
async function textPrinter(nodes: readonly string[]): Promise<Print> {
  const { LAUNCHER_LOG, saidText } = await import('../logs/index.js');
  const { PrefixedOutput, wantsColours } = await import('../launch/index.js');
  const names = [...new Set(nodes)].filter((name) => name !== LAUNCHER_LOG);
  const output = new PrefixedOutput(process.stdout, names, wantsColours(process.stdout, process.env));
  return (line) => {
    const time = localTime(line.time);
    if (line.name === LAUNCHER_LOG) return output.note(`${time} ${printable(line.msg)}`);
    const text = typeof line['stream'] === 'string' ? [line.msg] : saidText(line);
    const taken = output.lines(line.name, 'stdout', [`${time} ${text[0]}`, ...text.slice(1)]);
    return taken ? undefined : new Promise<void>((resolve) => output.onDrain(resolve));
  };
}

function localTime(ms: number): string {
  const time = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  return `${clock}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

async function listRuns(state: string, domain: string | undefined, json: boolean): Promise<void> {
  const { isRunning, listRunDomains, runsOf } = await import('../logs/index.js');
  const domains = domain === undefined ? listRunDomains(state) : [domain];
  const rows = domains.flatMap((each) =>
    runsOf(state, each).map(({ name, folder, facts }) => ({
      domain: each,
      run: name,
      file: facts.file,
      ended: facts.ended,
      exit_code: facts.exit_code,
      running: isRunning(facts),
      folder,
    })),
  );
  if (json) {
    for (const row of rows) printLine(JSON.stringify(row));
    return;
  }
  const { formatTable } = await import('../tools/table.js');
  const titles = ['domain', 'run', 'ended', 'exit code', 'file', 'folder'];
  const cells = rows.map(({ domain: name, run, file, ended, exit_code: code, running, folder }) => [
    name,
    run,
    running ? 'running' : (ended ?? 'was killed'),
    String(code ?? '-'),
    file,
    folder,
  ]);
  printLine(
    formatTable(
      titles.map((title) => ({ title })),
      cells,
    ),
  );
}
