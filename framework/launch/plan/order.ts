import type { SlotPlan } from './slots.js';

/**
 * Sorts nodes into levels: whoever publishes what a node subscribes to is in an earlier level. Nodes that feed each other in a
 * circle share one. Within a level the file's order stays.
 */
export function startLevels(names: readonly string[], slots: readonly SlotPlan[]): string[][] {
  const upstream = allUpstream(names, slots);
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

/** For each node, all whose messages can reach it, directly or through others. */
function allUpstream(names: readonly string[], slots: readonly SlotPlan[]): Map<string, Set<string>> {
  const direct = new Map(names.map((name) => [name, new Set<string>()]));
  for (const { publishers, subscribers } of slots)
    for (const subscriber of subscribers)
      for (const publisher of publishers)
        if (publisher !== subscriber) direct.get(subscriber)!.add(publisher);
  return new Map(names.map((name) => [name, reachable(name, direct)]));
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
