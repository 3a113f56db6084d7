import { BabusError } from '../errors/index.js';
import type { Logger } from './log.js';
import type { InjectionToken } from './tokens.js';

/** What a node is given while its constructor runs: values of its fields, its log, its services. */
export interface Construction {
  readonly cls: unknown;
  readonly name: string;
  readonly log: Logger;
  /** What `finish()` of the node does. */
  readonly finish: (error?: unknown) => void;
  /** By the field's key: publishers, subscriptions, parameters. */
  readonly values: ReadonlyMap<string | symbol, unknown>;
  resolve<T>(token: InjectionToken<T>): T;
}

// On globalThis, because the decorators that ask for it may be those of another copy of babus.
const CURRENT = Symbol.for('babus.construction');
const place = globalThis as { [CURRENT]?: Construction | undefined };

/** Runs `construct` with `construction` as the current one. */
export function during<T>(construction: Construction, construct: () => T): T {
  const outer = place[CURRENT];
  place[CURRENT] = construction;
  try {
    return construct();
  } finally {
    place[CURRENT] = outer;
  }
}

/** The construction under way, if any. */
export function currentConstruction(): Construction | undefined {
  return place[CURRENT];
}

/**
 * First value of a decorated field, in standard mode.
 * @throws BabusError ERR_BABUS_NODE_CLASS when the field has an initializer, whose value would be lost in silence
 */
export function initialFieldValue(key: string | symbol, initial: unknown): unknown {
  const construction = place[CURRENT];
  if (!construction) return initial;
  if (initial !== undefined) throw doubleValue(construction.name, key);
  return construction.values.get(key);
}

export function doubleValue(node: string, key: string | symbol): BabusError {
  return new BabusError(
    'ERR_BABUS_NODE_CLASS',
    `${node}: field '${String(key)}' gets its value from babus; leave its initializer out (parameters take a 'default')`,
  );
}
