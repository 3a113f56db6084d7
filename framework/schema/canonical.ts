import type { SchemaDescriptor } from './descriptor.js';

/**
 * The one JSON text of a descriptor: keys in alphabetical order, no spaces. The layout hash is taken over it, and slots
 * store it. Descriptors of generated code are in this order already.
 */
export function canonicalJson(descriptor: SchemaDescriptor): string {
  return JSON.stringify(inOrder(descriptor));
}

/** The same data with the keys of every object in alphabetical order; lists keep theirs. */
export function inOrder<T>(value: T): T {
  if (Array.isArray(value)) return value.map(inOrder) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, inner]) => [key, inOrder(inner as unknown)])) as T;
}
