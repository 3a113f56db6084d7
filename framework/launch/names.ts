/** Bytes of a node's or slot's name: the core takes no more. */
export const MAX_NAME_BYTES = 127;

/** A name from the root, without a leading slash: one that has such a slash leaves its namespace out. */
export function inNamespace(namespace: string, name: string): string {
  if (name.startsWith('/')) return name.slice(1);
  return namespace === '' ? name : `${namespace}/${name}`;
}
