import { didYouMean } from '../../errors/index.js';
import type { NodeDescriptor, PortSpec } from '../../spec.js';
import type { YamlPath } from '../../yaml/index.js';
import type { NodeEntry } from '../model.js';
import { inNamespace } from '../names.js';
import type { Origin } from '../origin.js';
import type { Problems } from '../problems.js';

/** One port of one node and the slot it is mapped to. */
export interface PortUse {
  readonly node: string;
  readonly port: PortSpec;
  readonly slot: string;
  readonly origin: Origin;
  /** Where the mapping stands; the node itself for a port that uses the slot of its own name. */
  readonly steps: YamlPath;
  readonly isMapped: boolean;
}

/** Maps every port of a node's class to a slot. */
export function planPorts(node: NodeEntry, descriptor: NodeDescriptor, problems: Problems): PortUse[] {
  const known = descriptor.ports.map((port) => port.name);
  for (const name of Object.keys(node.ports)) {
    if (known.includes(name)) continue;
    const hint = known.length === 0 ? '; it has none' : didYouMean(name, known);
    const message = `node '${node.name}' (${descriptor.className}) has no port '${name}'${hint}`;
    problems.add(node.origin.error('ERR_BABUS_PORT', ['ports', name], message, { key: true }));
  }
  return descriptor.ports.map((port) => {
    const mapped = Object.hasOwn(node.ports, port.name) ? node.ports[port.name] : undefined;
    const base = { node: node.name, port, origin: node.origin };
    return mapped === undefined
      ? { ...base, slot: inNamespace(node.namespace, port.name), steps: [], isMapped: false }
      : { ...base, slot: mapped, steps: ['ports', port.name], isMapped: true };
  });
}
