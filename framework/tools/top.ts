import { createLogUpdate } from 'log-update';
import { isBabusError, printableLine } from '../errors/index.js';
import { native, type DomainInspection } from '../native.js';
import { SlotRates, type SlotRate } from './slot-rates.js';
import { formatTable, type Column } from './table.js';
import { formatBytesPerS, formatCount, formatHz, formatNs } from './units.js';

const LOOK_EVERY_MS = 1000;
/** Where output is no terminal, a table now and then is enough. */
const PRINT_EVERY_LOOKS = 5;

const COLUMNS: readonly Column[] = [
  { title: 'slot' },
  { title: 'rate', align: 'right' },
  { title: 'message', align: 'right' },
  { title: 'bandwidth', align: 'right' },
  { title: 'p50', align: 'right' },
  { title: 'p99', align: 'right' },
  { title: 'missed', align: 'right' },
];

/**
 * A live table of a domain's slots: rate, bytes of a message, bandwidth, latency from publish to callback, and messages that
 * subscribers missed. It reads counters in shared memory and attaches to nothing.
 */
export class Top {
  readonly #where: { readonly root: string; readonly domain: string };
  readonly #out: NodeJS.WriteStream;
  readonly #rates = new SlotRates(native().latencyBucketBoundsNs());
  readonly #live: ReturnType<typeof createLogUpdate> | undefined;
  readonly #timer: NodeJS.Timeout;
  #looks = 0;
  #shown = '';
  #frozen = false;

  constructor(
    where: { readonly root: string; readonly domain: string },
    out: NodeJS.WriteStream = process.stdout,
  ) {
    this.#where = where;
    this.#out = out;
    this.#live = out.isTTY ? createLogUpdate(out) : undefined;
    this.#timer = setInterval(() => this.#look(), LOOK_EVERY_MS);
  }

  /** Prints whole lines of other output, above the table where there is a terminal. */
  log(text: string): void {
    if (!this.#live) {
      this.#out.write(text);
      return;
    }
    this.#live.clear();
    this.#out.write(text);
    this.#live(this.#shown);
  }

  /** Takes a last look: what follows, such as nodes that stop, is no longer measured. */
  freeze(): void {
    if (this.#frozen) return;
    this.#look();
    this.#frozen = true;
    clearInterval(this.#timer);
  }

  /** Prints the table over the whole time, as the last thing. */
  stop(): void {
    this.freeze();
    const overall = this.#rates.overall();
    this.#live?.clear();
    this.#live?.done();
    if (overall.length > 0) this.#out.write(`\nover the whole run:\n${formatRates(overall)}\n`);
  }

  #look(): void {
    if (this.#frozen) return;
    let domain: DomainInspection | undefined;
    try {
      domain = inspectIfThere(this.#where.root, this.#where.domain);
    } catch (error) {
      // A table that cannot be drawn is no reason to end the robot.
      this.#shown = `(no table: ${printableLine((error as Error).message)})`;
      this.#live?.(this.#shown);
      return;
    }
    if (!domain) return;
    const rates = this.#rates.update(domain, performance.now());
    if (rates.length === 0) return;
    this.#shown = formatRates(rates);
    this.#looks++;
    if (this.#live) this.#live(this.#shown);
    else if (this.#looks % PRINT_EVERY_LOOKS === 0) this.#out.write(`${this.#shown}\n`);
  }
}

/** Nodes make the domain when they start: until then there is nothing to see. */
function inspectIfThere(root: string, domain: string): DomainInspection | undefined {
  try {
    return native().inspect(root, domain);
  } catch (error) {
    if (isBabusError(error) && error.code === 'ERR_BABUS_DOMAIN_MISSING') return undefined;
    throw error;
  }
}

export function formatRates(rates: readonly SlotRate[]): string {
  return formatTable(
    COLUMNS,
    rates.map((rate) => [
      rate.slot,
      formatHz(rate.rateHz),
      rate.bytesPerMessage === undefined ? '-' : `${formatCount(rate.bytesPerMessage)} B`,
      formatBytesPerS(rate.bytesPerS),
      formatNs(rate.p50Ns),
      formatNs(rate.p99Ns),
      formatCount(rate.missed),
    ]),
  );
}
