import type { ParamValue } from '../spec.js';

/**
 * Names something that `inject()` can give, and its type. Kept by name, so that two loaded copies of babus agree.
 */
export interface Token<T> {
  readonly symbol: symbol;
  /** Never present: carries T for inference. */
  readonly type?: T;
}

/** What may be asked for: a token, or a class that is made on first use, once for each node. */
export type InjectionToken<T> = Token<T> | (new (...args: never[]) => T);

/** Makes a token. Names are shared by all loaded copies of babus. */
export function token<T>(name: string): Token<T> {
  return Object.freeze({ symbol: Symbol.for(`babus.token.${name}`) });
}

/** Time, as a service, so that tests can replace it. */
export interface Clock {
  /** Milliseconds of the monotonic clock, that of `Info.publishTime`. */
  monotonicMs(): number;
  /** Milliseconds since 1970. */
  wallMs(): number;
}
export const Clock = token<Clock>('Clock');

/** What the node was started as. */
export interface NodeInfo {
  readonly name: string;
  readonly domain: string;
  /** Resolved, by their names in launch files. */
  readonly params: Readonly<Record<string, ParamValue>>;
}
export const NodeInfo = token<NodeInfo>('NodeInfo');
