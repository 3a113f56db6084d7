import type { DomainInspection, SlotInspection } from '../native.js';
import { percentileNs } from './latency.js';

/** One line of the live table: what happened in one slot over a span of time. */
export interface SlotRate {
  readonly slot: string;
  readonly publishers: number;
  readonly subscribers: number;
  readonly messages: number;
  readonly rateHz: number;
  readonly bytesPerS: number;
  /** Mean length of a message in bytes; undefined when none was published. */
  readonly bytesPerMessage: number | undefined;
  /** Publish to delivery, over all subscribers; undefined when nothing was delivered. */
  readonly p50Ns: number | undefined;
  readonly p99Ns: number | undefined;
  readonly missed: number;
}

interface Totals {
  /** Time looked at since the slot was first seen. */
  spanMs: number;
  messages: number;
  bytes: number;
  missed: number;
  readonly latency: Float64Array;
  publishers: number;
  subscribers: number;
}

/**
 * Turns the counters of shared memory, looked at now and then, into rates. Counters belong to the participants attached at
 * the moment and start anew with each, so only what grew is added up.
 */
export class SlotRates {
  readonly #boundsNs: Float64Array;
  #last = new Map<string, SlotInspection>();
  #lastMs: number | undefined;
  readonly #sinceStart = new Map<string, Totals>();

  constructor(boundsNs: Float64Array) {
    this.#boundsNs = boundsNs;
  }

  /** Takes a new look. @returns the rates since the look before; none at the first */
  update(domain: DomainInspection, nowMs: number): SlotRate[] {
    const spanMs = this.#lastMs === undefined ? 0 : nowMs - this.#lastMs;
    const rates: SlotRate[] = [];
    for (const slot of domain.slots) {
      const last = this.#last.get(slot.slot);
      if (!last) continue;
      const grown = growth(last, slot, spanMs);
      add(this.#totals(slot), grown);
      rates.push(this.#rate(slot.slot, grown));
    }
    this.#last = new Map(domain.slots.map((slot) => [slot.slot, slot]));
    this.#lastMs = nowMs;
    return rates.sort(byName);
  }

  /** The rates over all the time looked at. */
  overall(): SlotRate[] {
    return [...this.#sinceStart].map(([slot, totals]) => this.#rate(slot, totals)).sort(byName);
  }

  #totals(slot: SlotInspection): Totals {
    let totals = this.#sinceStart.get(slot.slot);
    if (!totals) this.#sinceStart.set(slot.slot, (totals = nothing(slot.latency.length)));
    return totals;
  }

  #rate(slot: string, totals: Totals): SlotRate {
    const { messages, bytes, missed, latency, publishers, subscribers, spanMs } = totals;
    const perS = spanMs > 0 ? 1000 / spanMs : 0;
    return {
      slot,
      publishers,
      subscribers,
      messages,
      rateHz: messages * perS,
      bytesPerS: bytes * perS,
      bytesPerMessage: messages > 0 ? bytes / messages : undefined,
      p50Ns: percentileNs(latency, this.#boundsNs, 0.5),
      p99Ns: percentileNs(latency, this.#boundsNs, 0.99),
      missed,
    };
  }
}

function nothing(buckets: number): Totals {
  return {
    spanMs: 0,
    messages: 0,
    bytes: 0,
    missed: 0,
    latency: new Float64Array(buckets),
    publishers: 0,
    subscribers: 0,
  };
}

function growth(last: SlotInspection, now: SlotInspection, spanMs: number): Totals {
  // A counter below its last value belongs to new participants: all it shows is new.
  const grown = (before: number, after: number): number => (after >= before ? after - before : after);
  return {
    spanMs,
    messages: grown(last.seq, now.seq),
    bytes: grown(last.bytesPublished, now.bytesPublished),
    missed: grown(last.missed, now.missed),
    latency: now.latency.map((count, bucket) => grown(last.latency[bucket] ?? 0, count)),
    publishers: now.publishers.length,
    subscribers: now.subscribers.length,
  };
}

function add(totals: Totals, grown: Totals): void {
  totals.spanMs += grown.spanMs;
  totals.messages += grown.messages;
  totals.bytes += grown.bytes;
  totals.missed += grown.missed;
  grown.latency.forEach((count, bucket) => (totals.latency[bucket]! += count));
  totals.publishers = grown.publishers;
  totals.subscribers = grown.subscribers;
}

function byName(a: SlotRate, b: SlotRate): number {
  return a.slot < b.slot ? -1 : a.slot > b.slot ? 1 : 0;
}
