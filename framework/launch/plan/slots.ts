import { didYouMean, formatPosition } from '../../errors/index.js';
import { SLOT_DEFAULTS, type SchemaSummary, type SlotAccess, type SlotSpec } from '../../spec.js';
import type { LaunchFile, SlotEntry, SlotSettings } from '../model.js';
import { MAX_NAME_BYTES } from '../names.js';
import type { Problems } from '../problems.js';
import { readAccess } from './access.js';
import { MAX_SLOT_SPAN_BYTES, MAX_SLOTS, slotSpanBytes } from './limits.js';
import type { PortUse } from './ports.js';
import { firstDifference } from './schema-difference.js';
import { readExpectations } from './expectations.js';

/** A slot with everything its participants must agree on, and who uses it. */
export interface SlotPlan {
  readonly spec: SlotSpec;
  /** Messages a second that are expected at least. */
  readonly expectedRateHz?: number;
  /** Longest time between two messages that is expected. */
  readonly deadlineMs?: number;
  /** Names of nodes, in the order of the file. */
  readonly publishers: readonly string[];
  readonly subscribers: readonly string[];
}

/** Joins ports into slots, in the order of their first use. */
export function planSlots(file: LaunchFile, uses: readonly PortUse[], problems: Problems): SlotPlan[] {
  const bySlot = new Map<string, PortUse[]>();
  for (const use of uses) bySlot.set(use.slot, [...(bySlot.get(use.slot) ?? []), use]);
  checkSettingsAreUsed(file, [...bySlot.keys()], problems);
  if (bySlot.size > MAX_SLOTS)
    problems.add(
      file.origin.error(
        'ERR_BABUS_LAUNCH_FILE',
        ['nodes'],
        `the nodes use ${bySlot.size} slots; a domain has room for ${MAX_SLOTS}`,
        { key: true },
      ),
    );
  const access = readAccess(file, problems);
  return [...bySlot].map(([name, users]) => {
    checkName(name, users[0]!, problems);
    const entry = file.slots.find((slot) => slot.name === name);
    checkSchemas(name, users, entry, problems);
    const spec = slotSpec(name, users[0]!.port.schema, entry?.settings ?? {}, access.get(name));
    const plan = {
      spec,
      ...(entry && readExpectations(entry, problems)),
      publishers: nodesThat('publishes', users),
      subscribers: nodesThat('subscribes', users),
    };
    checkSizes(plan, entry, users[0]!, problems);
    return plan;
  });
}

function nodesThat(direction: 'publishes' | 'subscribes', uses: readonly PortUse[]): string[] {
  return uses.filter((use) => use.port.direction === direction).map((use) => use.node);
}

/** What a slot of a schema has where a launch file says nothing. */
export function slotDefaults(schema: SchemaSummary): SlotSpec {
  return slotSpec('', schema, {}, undefined);
}

function slotSpec(
  name: string,
  schema: SchemaSummary,
  settings: SlotSettings,
  access: SlotAccess | undefined,
): SlotSpec {
  return {
    name,
    schema,
    depth: settings.depth ?? SLOT_DEFAULTS.depth,
    maxBytes:
      settings.max_bytes ??
      (schema.hasSpans ? Math.max(schema.size, SLOT_DEFAULTS.maxBytesWithSpans) : schema.size),
    maxReaders: settings.max_readers ?? SLOT_DEFAULTS.maxReaders,
    pinsPerReader: settings.pins_per_reader ?? SLOT_DEFAULTS.pinsPerReader,
    maxPublishers: settings.max_publishers ?? SLOT_DEFAULTS.maxPublishers,
    loansPerPublisher: settings.loans_per_publisher ?? SLOT_DEFAULTS.loansPerPublisher,
    ...(settings.prefault === true ? { prefault: true } : {}),
    ...(settings.validate === 'always' ? { validate: true } : {}),
    ...(access && { access }),
  };
}

/** Settings of a slot that no port uses are nearly always a slip of the pen. */
function checkSettingsAreUsed(file: LaunchFile, used: readonly string[], problems: Problems): void {
  for (const { name, origin } of file.slots) {
    if (used.includes(name)) continue;
    const message = `no port of any node uses the slot '${origin.path.at(-1)}'${didYouMean(name, used)}`;
    // A node that is left out may use it at other times.
    if (file.leftOut.length > 0) problems.warn(message, origin.at([], { key: true }));
    else problems.add(origin.error('ERR_BABUS_LAUNCH_FILE', [], message, { key: true }));
  }
}

function checkName(slot: string, { origin, steps, isMapped }: PortUse, problems: Problems): void {
  if (slot.length <= MAX_NAME_BYTES) return;
  const message = `the slot's name '${slot}' has ${slot.length} characters with its namespace, and may have ${MAX_NAME_BYTES}`;
  problems.add(origin.error('ERR_BABUS_LAUNCH_FILE', steps, message, { key: !isMapped }));
}

function checkSchemas(
  slot: string,
  uses: readonly PortUse[],
  entry: SlotEntry | undefined,
  problems: Problems,
): void {
  const declared = declaredSchema(entry);
  // The publisher is what the others have to fit; without one, the first subscriber.
  const first = uses.find((use) => use.port.direction === 'publishes') ?? uses[0]!;
  for (const use of uses) {
    const { schema } = use.port;
    const refuse = (message: string): void =>
      problems.add(
        use.origin.error('ERR_BABUS_SCHEMA_MISMATCH', use.steps, `slot '${slot}': ${says(use)}, ${message}`, {
          key: !use.isMapped,
        }),
      );
    if (declared !== undefined && schema.name !== declared)
      refuse(`but by ${formatPosition(entry!.origin.at(['schema']))} it holds ${declared}`);
    else if (schema.hash !== first.port.schema.hash || schema.name !== first.port.schema.name)
      refuse(`${says(first)}; ${remedy(schema, first.port.schema)}`);
  }
}

/** With its package. */
function declaredSchema(entry: SlotEntry | undefined): string | undefined {
  const name = entry?.settings.schema;
  return name === undefined || name.includes('/') ? name : `std/${name}`;
}

function says({ node, port }: PortUse): string {
  const verb = port.direction === 'publishes' ? 'publishes' : 'subscribes to';
  return `node '${node}' ${verb} ${port.schema.name} (port '${port.name}')`;
}

function remedy(mine: SchemaSummary, theirs: SchemaSummary): string {
  if (mine.name !== theirs.name) return 'map one of the ports to another slot';
  const difference =
    firstDifference(mine.descriptor, theirs.descriptor) ?? `${mine.hash} is not ${theirs.hash}`;
  return `these are two versions of the schema (${difference}): generate both from one file`;
}

function checkSizes(
  { spec, publishers, subscribers }: SlotPlan,
  entry: SlotEntry | undefined,
  use: PortUse,
  problems: Problems,
): void {
  const refuse = (key: keyof SlotSettings, message: string): void => {
    const code = 'ERR_BABUS_LAUNCH_FILE';
    if (entry && Object.hasOwn(entry.settings, key)) problems.add(entry.origin.error(code, [key], message));
    else problems.add(use.origin.error(code, use.steps, message, { key: !use.isMapped }));
  };
  const setting = (key: keyof SlotSettings): string =>
    entry?.origin.nameOf([key]) ?? `slots.${spec.name}.${key}`;
  const { name, schema } = spec;
  if (spec.maxBytes < schema.size)
    refuse(
      'max_bytes',
      `${setting('max_bytes')}: wants at least ${schema.size}, the fixed part of ${schema.name}; given ${spec.maxBytes}`,
    );
  if (publishers.length > spec.maxPublishers)
    refuse(
      'max_publishers',
      `slot '${name}' has ${publishers.length} publishers and room for ${spec.maxPublishers}; raise ${setting('max_publishers')}`,
    );
  if (subscribers.length > spec.maxReaders)
    refuse(
      'max_readers',
      `slot '${name}' has ${subscribers.length} subscribers and room for ${spec.maxReaders}; raise ${setting('max_readers')}`,
    );
  const span = slotSpanBytes(spec);
  if (span > MAX_SLOT_SPAN_BYTES)
    refuse(
      'max_bytes',
      `slot '${name}' needs ${gib(span)} GiB of address space and may have ${gib(MAX_SLOT_SPAN_BYTES)}; lower depth, max_bytes or the quotas`,
    );
}

function gib(bytes: number): number {
  return Math.ceil(bytes / 2 ** 30);
}
