import { didYouMean } from '../../errors/index.js';
import type { NodeEntry } from '../model.js';
import type { Problems } from '../problems.js';

/**
 * Refuses dependencies on nodes that are not there, and circles of them.
 * @param leftOut names of nodes that conditions leave out of this launch
 */
export function checkDependencies(
  nodes: readonly NodeEntry[],
  leftOut: readonly string[],
  problems: Problems,
): void {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  for (const { name, origin, life } of nodes)
    for (const { node } of life.dependsOn) {
      if (byName.has(node)) continue;
      const why = leftOut.includes(node)
        ? 'is left out of this launch'
        : `is not in this launch${didYouMean(
            node,
            [...byName.keys()].filter((other) => other !== name),
          )}`;
      problems.add(origin.problem(['depends_on'], `'${node}' ${why}`));
    }
  const circle = findCircle(byName);
  if (!circle) return;
  const names = [...circle, circle[0]!].map((name) => `'${name}'`).join(' waits for ');
  problems.add(
    byName.get(circle[0]!)!.origin.problem(['depends_on'], `none of these could ever start: ${names}`),
  );
}

/** The first circle, from its node that stands first in the file. */
function findCircle(nodes: ReadonlyMap<string, NodeEntry>): string[] | undefined {
  const done = new Set<string>();
  const walk = (name: string, path: readonly string[]): string[] | undefined => {
    const at = path.indexOf(name);
    if (at >= 0) return path.slice(at);
    if (done.has(name)) return undefined;
    for (const { node } of nodes.get(name)?.life.dependsOn ?? []) {
      const found = walk(node, [...path, name]);
      if (found) return found;
    }
    done.add(name);
    return undefined;
  };
  for (const name of nodes.keys()) {
    const found = walk(name, []);
    if (found) return found;
  }
  return undefined;
}
