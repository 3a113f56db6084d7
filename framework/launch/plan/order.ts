import type { SlotPlan } from './slots.js';

/**
 * Sorts nodes into levels: whoever a node depends on, or publishes what it subscribes to, is in an earlier level. Nodes that feed
 * each other in a circle share one. Within a level the file's order stays.
 * @param dependsOn by node; without circles. Goes before what slots say.
 */
export function startLevels(
  names: readonly string[],
  slots: readonly SlotPlan[],
  dependsOn: ReadonlyMap<string, readonly string[]> = new Map(),
): string[][] {
  const upstream = allUpstream(names, slots, dependsOn);
  const levels: string[][] = [];
  let remaining = [...names];
  while (remaining.length > 0) {
    // A node's turn has come when all that is still upstream of it is also downstream: its own circle.
    const ready = remaining.filter((name) =>
      remaining.every((other) => !upstream.get(name)!.has(other) || upstream.get(other)!.has(name)),
    );
    levels.push(ready);
    remaining = remaining.filter((name) => !ready.includes(name));
  }
  return levels;
}

/** For each node, all that it depends on and all whose messages can reach it, directly or through others. */
function allUpstream(
  names: readonly string[],
  slots: readonly SlotPlan[],
  dependsOn: ReadonlyMap<string, readonly string[]>,
): Map<string, Set<string>> {
  const direct = new Map(names.map((name) => [name, new Set(dependsOn.get(name) ?? [])]));
  for (const { publishers, subscribers } of slots)
    for (const subscriber of subscribers)
      for (const publisher of publishers) {
        // One by one, so that no message puts a node before what it depends on, through whatever others.
        const closesCircle = dependsOn.size > 0 && reachable(publisher, direct).has(subscriber);
        const isDependency = closesCircle && hasDependency(publisher, subscriber, direct, dependsOn);
        if (publisher !== subscriber && !isDependency) direct.get(subscriber)!.add(publisher);
      }
  return new Map(names.map((name) => [name, reachable(name, direct)]));
}

/** Whether the way from one node up to another goes over a dependency. */
function hasDependency(
  from: string,
  to: string,
  direct: ReadonlyMap<string, ReadonlySet<string>>,
  dependsOn: ReadonlyMap<string, readonly string[]>,
): boolean {
  for (const [node, needs] of dependsOn) {
    if (node !== from && !reachable(from, direct).has(node)) continue;
    if (needs.some((other) => other === to || reachable(other, direct).has(to))) return true;
  }
  return false;
}

function reachable(start: string, direct: ReadonlyMap<string, ReadonlySet<string>>): Set<string> {
  const seen = new Set<string>();
  const open = [...direct.get(start)!];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...direct.get(next)!);
  }
  return seen;
}
