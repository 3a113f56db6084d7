import { BabusError } from '../errors/index.js';
import type { Schema } from '../schema/types.js';
import type { PastMessages } from '../slots/index.js';
import type { ParamSpec, PortSpec, SchemaSummary } from '../spec.js';

/** A publisher's field and its port. */
export interface PublisherMeta {
  readonly port: string;
  readonly schema: AnySchema;
  readonly field: FieldMeta;
}

/** A port that is read: by a method, through a field, or both. */
export interface SubscriptionMeta {
  readonly port: string;
  readonly schema: AnySchema;
  readonly method?: string;
  readonly field?: FieldMeta;
  readonly latest: boolean;
  readonly concurrency: number;
  /** What the method gets of the messages from before; none when undefined. */
  readonly history?: PastMessages;
  /** A run that fails ends the node. */
  readonly exitOnError?: true;
}

export interface ParamMeta {
  /** As in a launch file. */
  readonly name: string;
  readonly spec: ParamSpec;
  readonly field: FieldMeta;
}

export interface TimerMeta {
  readonly method: string;
  /** As written: `1s`. */
  readonly period: string;
  readonly periodMs: number;
  /** A run that fails ends the node. */
  readonly exitOnError?: true;
}

export interface FieldMeta {
  readonly key: string;
  /** True when the class was compiled in legacy mode: the field is set once the constructor has returned. */
  readonly setAfterConstruction: boolean;
}

export type AnySchema = Schema<unknown>;

/** What a node class declares, its bases included. */
export interface NodeMeta {
  readonly version: 1;
  readonly subscriptions: readonly SubscriptionMeta[];
  readonly publishers: readonly PublisherMeta[];
  readonly params: readonly ParamMeta[];
  readonly timers: readonly TimerMeta[];
}

export interface ClassDescriptor {
  /** The name under which the module exports the class. */
  className: string;
  ports: PortSpec[];
  params: Record<string, ParamSpec>;
  timers: { method: string; period: string }[];
}

const META = Symbol.for('babus.meta');
const VERSION = 1;

export function setMeta(cls: object, meta: NodeMeta): void {
  Object.defineProperty(cls, META, { value: meta, configurable: true });
}

/**
 * What `@node()` found out about a class; undefined for anything else, a subclass without `@node()` of its own included.
 * @throws BabusError ERR_BABUS_NODE_CLASS when another version of babus decorated it
 */
export function metaOf(value: unknown): NodeMeta | undefined {
  if (typeof value !== 'function' || !Object.hasOwn(value, META)) return undefined;
  const meta = (value as unknown as { [META]: NodeMeta })[META];
  if (meta.version !== VERSION)
    throw new BabusError(
      'ERR_BABUS_NODE_CLASS',
      `${value.name}: decorated by another version of babus; let the module and the launcher use the same one`,
    );
  return meta;
}

/**
 * The node classes that a module exports, as plain data. A class exported under several names comes once, under the one
 * that is not `default`.
 * @throws BabusError ERR_BABUS_NODE_CLASS when a class was decorated by another version of babus
 */
export function descriptorsOf(moduleNamespace: Readonly<Record<string, unknown>>): ClassDescriptor[] {
  const found = new Map<NodeMeta, ClassDescriptor>();
  for (const [className, value] of Object.entries(moduleNamespace)) {
    const meta = metaOf(value);
    if (!meta || (found.has(meta) && className === 'default')) continue;
    found.set(meta, describe(className, meta));
  }
  return [...found.values()];
}

function describe(className: string, meta: NodeMeta): ClassDescriptor {
  const ports: PortSpec[] = [
    ...meta.subscriptions.map(({ port, schema }) => portSpec(port, 'subscribes', schema)),
    ...meta.publishers.map(({ port, schema }) => portSpec(port, 'publishes', schema)),
  ];
  const params = Object.fromEntries(meta.params.map(({ name, spec }) => [name, spec]));
  const timers = meta.timers.map(({ method, period }) => ({ method, period }));
  return { className, ports, params, timers };
}

function portSpec(name: string, direction: PortSpec['direction'], schema: AnySchema): PortSpec {
  return { name, direction, schema: schemaSummary(schema) };
}

/** A schema without its code. */
export function schemaSummary(schema: AnySchema): SchemaSummary {
  const { name, hash, size, hasSpans, descriptor } = schema;
  return { name, hash, size, hasSpans, descriptor };
}
