import type { NodeData } from './node-entry.js';
import type { Origin } from './origin.js';

/** What a group says about its nodes. */
export interface Layer {
  readonly data: Partial<NodeData>;
  readonly origin: Origin;
}

/** A node's own settings over those of its groups; maps are joined key by key. @param layers the nearest first */
export function withDefaults(own: NodeData, layers: readonly Layer[]): NodeData {
  return [own, ...layers.map(({ data }) => data)].reduceRight<Record<string, unknown>>((below, data) => {
    const joined = { ...below };
    for (const [key, value] of Object.entries(data) as [string, unknown][]) {
      const other = below[key];
      joined[key] = isMap(value) && isMap(other) ? { ...other, ...value } : value;
    }
    return joined;
  }, {}) as unknown as NodeData;
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
