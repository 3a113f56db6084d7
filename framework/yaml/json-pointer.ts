import type { YamlPath } from './source.js';

/** Turns a JSON pointer (`/fields/0/type`) into a path, with numbers for the indexes of lists. */
export function pathOfPointer(data: unknown, pointer: string): YamlPath {
  const path: (string | number)[] = [];
  let value = data;
  for (const part of pointer.split('/').slice(1)) {
    const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
    const step = Array.isArray(value) ? Number(name) : name;
    path.push(step);
    value = childOf(value, step);
  }
  return path;
}

/** The value at a path; undefined when there is none. */
export function valueAt(data: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>(childOf, data);
}

/** What a JSON Schema's part `{ $ref: '#/$defs/x' }` stands for; the part itself when it is no reference. */
export function resolveRef(part: unknown, root: unknown): unknown {
  const ref = childOf(part, '$ref');
  if (typeof ref !== 'string' || !ref.startsWith('#')) return part;
  return valueAt(root, pathOfPointer(root, decodeURIComponent(ref.slice(1))));
}

function childOf(value: unknown, step: string | number): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
  return (value as Record<string | number, unknown>)[step];
}
