import type { LaunchPlan, NodePlan } from './plan.js';

/** What it takes to go from one plan to another. */
export interface PlanChanges {
  /** Nodes whose processes have to be started anew, with what the later plan says. */
  readonly nodes: readonly string[];
  /** Why the launch as a whole has to be; undefined when it goes on. */
  readonly relaunch?: string;
}

/** Compares two plans of one launch file. Pure. */
export function planChanges(before: LaunchPlan, after: LaunchPlan): PlanChanges {
  const relaunch = relaunchReason(before, after);
  if (relaunch !== undefined) return { nodes: [], relaunch };
  const nodes = after.nodes.filter((node) => !isSame(nodeOf(before, node.name), node));
  return { nodes: nodes.map(({ name }) => name) };
}

function relaunchReason(before: LaunchPlan, after: LaunchPlan): string | undefined {
  if (before.domain !== after.domain) return `the domain is '${after.domain}' now`;
  const names = (plan: LaunchPlan): string[] => plan.nodes.map(({ name }) => name);
  const added = names(after).filter((name) => !names(before).includes(name));
  const removed = names(before).filter((name) => !names(after).includes(name));
  if (added.length > 0) return `there is a new node, ${added.join(', ')}`;
  if (removed.length > 0) return `a node is gone, ${removed.join(', ')}`;
  for (const { spec } of after.slots) {
    const old = before.slots.find((slot) => slot.spec.name === spec.name)?.spec;
    if (!old || isSame(old, spec)) continue;
    const what = old.schema.hash === spec.schema.hash ? 'other settings' : 'another schema';
    return `the slot '${spec.name}' has ${what}`;
  }
  return undefined;
}

function nodeOf(plan: LaunchPlan, name: string): NodePlan | undefined {
  return plan.nodes.find((node) => node.name === name);
}

function isSame(a: object | undefined, b: object): boolean {
  return JSON.stringify(a, withoutPlaces) === JSON.stringify(b, withoutPlaces);
}

/** What moves in the file is the same. */
function withoutPlaces(_key: string, value: unknown): unknown {
  const { file, line, column } = (value ?? {}) as Record<string, unknown>;
  const isPlace = typeof file === 'string' && typeof line === 'number' && typeof column === 'number';
  return isPlace ? undefined : value;
}
