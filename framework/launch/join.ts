import { BabusError } from '../errors/index.js';
import type { SlotSpec } from '../spec.js';
import type { LaunchPlan } from './plan/plan.js';
import { firstDifference } from './plan/schema-difference.js';
import { slotDefaults, type SlotPlan } from './plan/slots.js';

/** Settings that all participants of a slot must agree on, with their names in launch files. */
const SETTINGS = {
  depth: 'depth',
  maxBytes: 'max_bytes',
  maxReaders: 'max_readers',
  pinsPerReader: 'pins_per_reader',
  maxPublishers: 'max_publishers',
  loansPerPublisher: 'loans_per_publisher',
} as const satisfies Partial<Record<keyof SlotSpec, string>>;

/**
 * Fits a plan into a domain that lives: slots that are there keep their settings, where the launch file says nothing else.
 * @param slots of the launches that are in the domain
 * @param nodes names of who is in it
 * @returns the plan, or what keeps it from joining
 */
export function joinPlan(
  plan: LaunchPlan,
  slots: readonly SlotSpec[],
  nodes: readonly string[],
): { readonly plan: LaunchPlan; readonly errors: readonly BabusError[] } {
  const errors = plan.nodes
    .filter(({ name }) => nodes.includes(name))
    .map(
      ({ name }) =>
        new BabusError(
          'ERR_BABUS_DOMAIN_EXISTS',
          `domain '${plan.domain}' has a node '${name}' already; stop that one, or give yours another name or namespace`,
        ),
    );
  const joined = plan.slots.map((slot): SlotPlan => {
    const there = slots.find(({ name }) => name === slot.spec.name);
    if (!there) return slot;
    const problem = problemOf(slot.spec, there);
    if (problem) errors.push(problem);
    return { ...slot, spec: there };
  });
  return { plan: { ...plan, slots: joined }, errors };
}

function problemOf(mine: SlotSpec, there: SlotSpec): BabusError | undefined {
  if (mine.schema.hash !== there.schema.hash || mine.schema.name !== there.schema.name) {
    const how =
      mine.schema.name === there.schema.name
        ? (firstDifference(mine.schema.descriptor, there.schema.descriptor) ?? 'another version')
        : there.schema.name;
    return new BabusError(
      'ERR_BABUS_SCHEMA_MISMATCH',
      `slot '${mine.name}' carries ${mine.schema.name} here, and in the domain that runs: ${how}`,
    );
  }
  const usual = slotDefaults(mine.schema);
  const keys = Object.keys(SETTINGS) as (keyof typeof SETTINGS)[];
  const key = keys.find((each) => mine[each] !== usual[each] && mine[each] !== there[each]);
  if (key === undefined) return undefined;
  return new BabusError(
    'ERR_BABUS_SLOT_CONFIG',
    `slots.${mine.name}.${SETTINGS[key]} is ${mine[key]} here, and ${there[key]} in the domain that runs; leave it out to take that`,
  );
}
