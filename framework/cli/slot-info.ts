import type { SlotEnds } from '../control/index.js';
import { BabusError, didYouMean, isBabusError } from '../errors/index.js';
import { native, type ReaderInspection } from '../native.js';
import type { SlotFacts } from '../tools/slot-facts.js';
import { askAllIn } from './ask.js';
import { domainFor, sharedMemoryRoot } from './domain.js';
import { printLine } from './stdout.js';

interface SlotInfoOptions {
  readonly domain?: string;
  readonly json?: boolean;
}

/** Counted by the node itself, and known to its launcher; null for who is no node of a launch. */
interface Publishing {
  readonly name: string;
  readonly published: number | null;
}

interface SlotInfo {
  readonly facts: SlotFacts;
  readonly publishers: readonly Publishing[];
  readonly subscribers: readonly ReaderInspection[];
}

/** `babus slot info SLOT` */
export async function slotInfo(given: string, options: SlotInfoOptions): Promise<void> {
  const root = sharedMemoryRoot();
  const domain = domainFor(root, options.domain);
  const slot = given.replace(/^\//, '');
  const { slotFacts } = await import('../tools/slot-facts.js');
  let facts: SlotFacts;
  try {
    facts = slotFacts(root, domain, slot);
  } catch (error) {
    throw withSuggestion(error, root, domain, given);
  }
  const ends = await endsOf(root, domain, slot);
  const { publishers, readers } = facts.inspection;
  const info: SlotInfo = {
    facts,
    publishers: publishers.map((name) => ({
      name,
      published: ends?.publishers.find(({ node }) => node === name)?.messages ?? null,
    })),
    subscribers: readers,
  };
  if (options.json === true) printLine(JSON.stringify(toJson(info)));
  else printLine(await toText(info));
}

/** Names slots that are there, when the error is that the one asked for is not. */
export function withSuggestion(error: unknown, root: string, domain: string, slot: string): unknown {
  if (!isBabusError(error) || error.code !== 'ERR_BABUS_SLOT_MISSING') return error;
  const names = native()
    .inspect(root, domain)
    .slots.map((each) => each.slot);
  return new BabusError(error.code, `${error.message}${didYouMean(slot, names)}`);
}

/** The rest is worth showing without a launcher, or with one that does not answer. */
async function endsOf(root: string, domain: string, slot: string): Promise<SlotEnds | undefined> {
  try {
    const ends = await askAllIn<SlotEnds>(root, domain, { ask: 'slot', slot }, 2000);
    return {
      publishers: ends.flatMap(({ publishers }) => publishers),
      subscribers: ends.flatMap(({ subscribers }) => subscribers),
    };
  } catch (error) {
    if (!isBabusError(error)) throw error;
    process.stderr.write(`warning: ${error.message}\n`);
    return undefined;
  }
}

function toJson({ facts, publishers, subscribers }: SlotInfo): object {
  const { slot, schema, depth, maxBytes, seq, bit, delivered, missed, filtered } = facts.inspection;
  const { p50_ns, p99_ns, newest, size, fields } = facts;
  return {
    slot,
    schema,
    depth,
    bytes: maxBytes,
    seq,
    publishers,
    subscribers,
    bit,
    delivered,
    missed,
    filtered,
    latency_p50_ns: p50_ns,
    latency_p99_ns: p99_ns,
    newest,
    size,
    fields,
  };
}

async function toText({ facts, publishers, subscribers }: SlotInfo): Promise<string> {
  const { formatTable } = await import('../tools/table.js');
  const { formatCount, formatNs } = await import('../tools/units.js');
  const { inspection, newest, fields, size } = facts;
  const ns = (value: number | null): string => formatNs(value ?? undefined);
  const rows = [
    ['slot', inspection.slot],
    [
      'schema',
      `${inspection.schema}, ${size} bytes and at most ${formatCount(inspection.maxBytes)} with its tail`,
    ],
    ['depth', `${inspection.depth} messages`],
    ['newest', newest ? newestText(newest) : 'none yet'],
    ['bit', String(inspection.bit)],
    ['delivered', `${inspection.delivered}, missed ${inspection.missed}, by those attached now`],
    ['filtered', `${inspection.filtered} wakes that found nothing new`],
    ['latency', `p50 ${ns(facts.p50_ns)}, p99 ${ns(facts.p99_ns)}`],
  ].map(([title, text]) => `${title!.padEnd(10)}  ${text}`);
  const count = (value: number | null): string => (value === null ? '-' : String(value));
  const right = 'right' as const;
  const table = (
    columns: Parameters<typeof formatTable>[0],
    lines: readonly (readonly string[])[],
  ): string => (lines.length === 0 ? '' : `\n${formatTable(columns, lines)}`);
  const publishing = table(
    [{ title: 'publisher' }, { title: 'published', align: right }],
    publishers.map(({ name, published }) => [name, count(published)]),
  );
  const subscribing = table(
    [
      { title: 'subscriber' },
      ...['delivered', 'missed', 'filtered'].map((title) => ({ title, align: right })),
    ],
    subscribers.map(({ name, ...counts }) => [
      name,
      ...[counts.delivered, counts.missed, counts.filtered].map(String),
    ]),
  );
  const layout = table(
    [{ title: 'offset', align: right }, { title: 'field' }, { title: 'type' }],
    fields.map(({ name, type, offset }) => [String(offset), name, type]),
  );
  return [...rows, publishing, subscribing, layout].filter((part) => part !== '').join('\n');
}

function newestText({ seq, time_ns, age_ms, bytes }: NonNullable<SlotFacts['newest']>): string {
  const time = new Date(Number(BigInt(time_ns) / 1_000_000n)).toISOString();
  return `#${seq} at ${time}, ${age_ms.toFixed(1)} ms ago, ${bytes} bytes`;
}
