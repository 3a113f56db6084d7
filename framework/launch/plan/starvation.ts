import { formatCpus } from '../cpus.js';
import type { NodeEntry } from '../model.js';
import { isRealTime } from '../placement.js';
import type { Problems } from '../problems.js';

/**
 * Refuses launches in which nodes that spin at a real-time priority could hold every processor, and warns of processors that
 * this machine does not have.
 * @param online numbers of the machine's processors
 */
export function checkPlacement(
  nodes: readonly NodeEntry[],
  online: readonly number[],
  problems: Problems,
): void {
  for (const { placement } of nodes) {
    const missing = placement?.cpus?.numbers.filter((cpu) => !online.includes(cpu)) ?? [];
    if (missing.length > 0)
      problems.warn(
        `${placement!.cpus!.name}: this machine has no processor ${formatCpus(missing)}; it has ${formatCpus(online)}`,
        placement!.cpus!.at,
      );
  }
  const spinning = nodes.filter(
    ({ placement, wake }) => isRealTime(placement?.policy?.policy) && (wake?.spinUs ?? 0) > 0,
  );
  if (mostHeld(spinning, online) < online.length) return;
  const last = spinning.at(-1)!;
  const names = spinning.map(({ name }) => `'${name}'`).join(', ');
  problems.add(
    last.origin.problem(
      ['scheduling', 'policy'],
      `${names} may spin at a real-time priority on every processor of this machine (${formatCpus(online)}), and nothing else ` +
        `would run; leave one to others by scheduling.cpus, or leave out wake.spin`,
    ),
  );
}

/** How many processors the nodes can hold at once: a largest matching, by augmenting paths. */
function mostHeld(nodes: readonly NodeEntry[], online: readonly number[]): number {
  const holder = new Map<number, NodeEntry>();
  const place = (node: NodeEntry, seen: Set<number>): boolean => {
    const allowed = node.placement?.cpus?.numbers ?? online;
    for (const cpu of allowed) {
      if (!online.includes(cpu) || seen.has(cpu)) continue;
      seen.add(cpu);
      const other = holder.get(cpu);
      if (other && !place(other, seen)) continue;
      holder.set(cpu, node);
      return true;
    }
    return false;
  };
  for (const node of nodes) place(node, new Set());
  return holder.size;
}
