import { BabusError, didYouMean } from '../errors/index.js';
import { metaOf, type NodeMeta } from './metadata.js';
import type { NodeClass } from './runtime.js';

/**
 * Imports a module and takes a node class from it.
 * @throws BabusError ERR_BABUS_NODE_MODULE when the import fails or there is no such export
 * @throws BabusError ERR_BABUS_NODE_CLASS when the export is no node class
 */
export async function loadClass(
  moduleUrl: string,
  className: string,
): Promise<{ cls: NodeClass; meta: NodeMeta }> {
  const exported = await importModule(moduleUrl);
  if (!Object.hasOwn(exported, className))
    throw new BabusError(
      'ERR_BABUS_NODE_MODULE',
      `${moduleUrl} exports no '${className}'${didYouMean(className, Object.keys(exported))}`,
    );
  const cls = exported[className];
  return { cls: cls as NodeClass, meta: nodeMeta(cls, className) };
}

/** What a class declares. @throws BabusError ERR_BABUS_NODE_CLASS when it is not decorated with `@node()` */
export function nodeMeta(cls: unknown, name: string): NodeMeta {
  const meta = metaOf(cls);
  if (meta) return meta;
  throw new BabusError(
    'ERR_BABUS_NODE_CLASS',
    `${name} is no node class: it needs the decorator @node() and extends Node`,
  );
}

async function importModule(moduleUrl: string): Promise<Record<string, unknown>> {
  try {
    return (await import(moduleUrl)) as Record<string, unknown>;
  } catch (cause) {
    throw new BabusError(
      'ERR_BABUS_NODE_MODULE',
      `${moduleUrl} cannot be imported: ${stackOf(cause)}`,
      undefined,
      { cause },
    );
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
