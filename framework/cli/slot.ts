import type { Command } from 'commander';
import { BabusError } from '../errors/index.js';
import { native } from '../native.js';
import type { FollowEnd } from '../tools/index.js';
import { domainFor, removeIdleDomain, sharedMemoryRoot } from './domain.js';
import { slotInfo, withSuggestion } from './slot-info.js';
import { onStdoutClosed, printLine } from './stdout.js';

interface SlotOptions {
  readonly domain?: string;
  readonly json?: boolean;
}

interface EchoFlags extends SlotOptions {
  readonly n?: number;
  readonly once?: boolean;
  readonly maxArray?: number;
}

interface HzFlags extends SlotOptions {
  readonly n?: number;
  readonly window: number;
}

/** Elements of an array that the text form shows. */
const TEXT_ARRAY = 16;
const TEXT_BYTES = 1024;

export function registerSlot(program: Command): void {
  const slot = program.command('slot').description('look at the slots of a running domain');
  common(
    slot
      .command('list')
      .description('list the slots: depth, max_bytes, newest sequence, publishers, subscribers'),
  ).action(list);
  common(
    slot
      .command('info <slot>')
      .description(
        'all about one slot: its layout, who publishes and subscribes, latency, the newest message',
      ),
  ).action(slotInfo);
  common(
    slot
      .command('echo <slot>')
      .description('print the messages of a slot, field by field, from the next one on'),
  )
    .option('-n <count>', 'end after this many messages', count)
    .option('--once', 'end after one message')
    .option(
      '--max-array <elements>',
      `cut longer arrays (default: ${TEXT_ARRAY} as text, never as JSON)`,
      count,
    )
    .action(echo);
  common(slot.command('hz <slot>').description('report the rate of a slot once a second, from publish times'))
    .option('-n <count>', 'end after this many reports', count)
    .option('-w, --window <messages>', 'look back at most this many messages', count, 10_000)
    .action(hz);
}

function common(command: Command): Command {
  return command
    .option('--domain <name>', 'domain to look at (default: BABUS_DOMAIN, or the only one that runs)')
    .option('--json', 'print JSON, one object a line');
}

/** @throws BabusError ERR_BABUS_ARGUMENT */
function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new BabusError('ERR_BABUS_ARGUMENT', `'${text}' must be a whole number above 0`);
}

async function list(options: SlotOptions): Promise<void> {
  const root = sharedMemoryRoot();
  const domain = domainFor(root, options.domain);
  native().recoverDomain(root, domain);
  const { slots } = native().inspect(root, domain);
  const rows = slots
    .map(({ slot, schema, depth, maxBytes, seq, publishers, subscribers, bit }) => ({
      slot,
      schema,
      depth,
      bytes: maxBytes,
      seq,
      publishers: publishers.length,
      subscribers: subscribers.length,
      bit,
    }))
    .sort((a, b) => (a.slot < b.slot ? -1 : 1));
  if (options.json === true) {
    for (const row of rows) printLine(JSON.stringify(row));
    return;
  }
  const { formatTable } = await import('../tools/table.js');
  const titles = ['slot', 'schema', 'depth', 'bytes', 'seq', 'publishers', 'subscribers', 'bit'] as const;
  const columns = titles.map((title, at) => ({
    title,
    align: at < 2 ? ('left' as const) : ('right' as const),
  }));
  printLine(
    formatTable(
      columns,
      rows.map((row) => titles.map((title) => String(row[title]))),
    ),
  );
}

async function echo(slot: string, options: EchoFlags): Promise<void> {
  const { echoSlot, formatMessage } = await import('../tools/index.js');
  const json = options.json === true;
  const maxArray = options.maxArray ?? (json ? undefined : TEXT_ARRAY);
  const most = options.once === true ? 1 : options.n;
  await follow(slot, options, (where) =>
    echoSlot({
      ...where,
      ...(most === undefined ? {} : { count: most }),
      ...(maxArray === undefined ? {} : { maxArray }),
      ...(json ? {} : { maxText: TEXT_BYTES }),
      print: (echoed) => {
        if (json) return printLine(JSON.stringify(echoed));
        const missed = echoed.missed > 0 ? `, ${echoed.missed} missed` : '';
        printLine(`--- ${echoed.slot} #${echoed.seq} at ${isoTime(echoed.time_ns)}${missed}`);
        printLine(formatMessage(echoed.message));
      },
    }),
  );
}

async function hz(slot: string, options: HzFlags): Promise<void> {
  const { formatBytesPerS, reportRate } = await import('../tools/index.js');
  await follow(slot, options, (where) =>
    reportRate({
      ...where,
      window: options.window,
      ...(options.n === undefined ? {} : { count: options.n }),
      print: (report) => {
        if (options.json === true) {
          if (report) printLine(JSON.stringify(report));
          return;
        }
        if (!report) return printLine('no new messages');
        const ms = (value: number | null): string => (value === null ? '-' : `${value.toFixed(3)} ms`);
        printLine(`average rate: ${report.rate_hz.toFixed(3)} Hz, ${formatBytesPerS(report.bytes_per_s)}`);
        printLine(
          `\tmin: ${ms(report.min_ms)} max: ${ms(report.max_ms)} std dev: ${ms(report.stddev_ms)} window: ${report.window}`,
        );
      },
    }),
  );
}

interface Where {
  readonly root: string;
  readonly domain: string;
  readonly slot: string;
  readonly signal: AbortSignal;
}

/** Runs a command that attaches to a slot until it ends or is told to, and leaves nothing behind. */
async function follow(
  slot: string,
  options: SlotOptions,
  run: (where: Where) => Promise<FollowEnd>,
): Promise<void> {
  const root = sharedMemoryRoot();
  const domain = domainFor(root, options.domain);
  const stop = new AbortController();
  const abort = (): void => stop.abort();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.once(signal, abort);
  onStdoutClosed(abort);
  try {
    const end = await run({ root, domain, slot: slot.replace(/^\//, ''), signal: stop.signal });
    if (end === 'domain ended') process.stderr.write(`domain '${domain}' has ended\n`);
  } catch (error) {
    throw withSuggestion(error, root, domain, slot);
  } finally {
    for (const signal of signals) process.off(signal, abort);
    // If the launch has ended meanwhile, we were the last: its files go with us.
    removeIdleDomain(root, domain);
  }
}

function isoTime(ns: string): string {
  const ms = Number(BigInt(ns) / 1_000_000n);
  return new Date(ms).toISOString();
}
