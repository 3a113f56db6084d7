import { INFO, native, type SlotInspection } from '../native.js';
import { parseDescriptor, typeName, type FieldDescriptor, type SchemaDescriptor } from '../schema/index.js';
import { percentileNs } from './latency.js';

export interface FieldFact {
  /** Dotted for fields of structs within the message. */
  readonly name: string;
  readonly type: string;
  /** Bytes from the start of the message. */
  readonly offset: number;
}

export interface NewestMessage {
  readonly seq: number;
  /** Wall-clock publish time in nanoseconds since 1970, as digits: a JSON number cannot hold it. */
  readonly time_ns: string;
  readonly age_ms: number;
  readonly bytes: number;
}

/** What shared memory says of one slot. */
export interface SlotFacts {
  readonly inspection: SlotInspection;
  readonly fields: readonly FieldFact[];
  /** Bytes of the fixed part. */
  readonly size: number;
  /** Null when nothing was published, or it was gone before it could be looked at. */
  readonly newest: NewestMessage | null;
  /** Null when nothing was delivered. */
  readonly p50_ns: number | null;
  readonly p99_ns: number | null;
}

/**
 * Looks at one slot; attaches to it for a moment, as a reader that takes nothing.
 * @throws BabusError ERR_BABUS_DOMAIN_MISSING, ERR_BABUS_SLOT_MISSING, ERR_BABUS_SLOT_FULL when there is no room for a reader
 */
export function slotFacts(root: string, domain: string, slot: string): SlotFacts {
  const core = native();
  const inspection = core.inspect(root, domain).slots.find((each) => each.slot === slot);
  const participant = new core.Participant({
    root,
    domain,
    name: 'babus-slot-info',
    create: false,
    viewer: true,
  });
  try {
    const subscription = participant.subscriptionTo(slot);
    const schema = parseDescriptor(subscription.descriptor, slot);
    const newest = subscription.newest();
    const held = newest > 0 && subscription.at(newest);
    const message = held ? newestOf(subscription.info, core.monotonicNow()) : null;
    if (held) subscription.release(subscription.info[INFO.PIN]!);
    // A slot that was made between the two looks, or whose files the first one could not read.
    const shown = inspection ?? core.inspect(root, domain).slots.find((each) => each.slot === slot)!;
    const bounds = core.latencyBucketBoundsNs();
    return {
      inspection: shown,
      fields: fieldsOf(schema, schema.fields, '', 0),
      size: schema.size,
      newest: message,
      p50_ns: rounded(percentileNs(shown.latency, bounds, 0.5)),
      p99_ns: rounded(percentileNs(shown.latency, bounds, 0.99)),
    };
  } finally {
    participant.leave();
  }
}

function newestOf(info: Float64Array, [nowSec, nowNsec]: readonly [number, number]): NewestMessage {
  const ageMs = (nowSec - info[INFO.MONO_SEC]!) * 1000 + (nowNsec - info[INFO.MONO_NSEC]!) / 1e6;
  return {
    seq: info[INFO.SEQUENCE]!,
    time_ns: String(BigInt(info[INFO.WALL_SEC]!) * 1_000_000_000n + BigInt(info[INFO.WALL_NSEC]!)),
    age_ms: Math.round(ageMs * 1000) / 1000,
    bytes: info[INFO.BYTES]!,
  };
}

function fieldsOf(
  schema: SchemaDescriptor,
  fields: readonly FieldDescriptor[],
  prefix: string,
  base: number,
): FieldFact[] {
  return fields.flatMap(({ name, type, offset }): FieldFact[] => {
    const fact = { name: prefix + name, type: typeName(type), offset: base + offset };
    const inner =
      type.kind === 'struct' ? schema.structs.find((each) => each.name === type.schema) : undefined;
    return [fact, ...(inner ? fieldsOf(schema, inner.fields, `${fact.name}.`, fact.offset) : [])];
  });
}

function rounded(ns: number | undefined): number | null {
  return ns === undefined ? null : Math.round(ns);
}
