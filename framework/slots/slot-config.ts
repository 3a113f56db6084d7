import { BabusError } from '../errors/index.js';
import type { SlotConfig } from '../native.js';
import { SLOT_DEFAULTS, type SchemaSummary, type SlotSpec } from '../spec.js';

/** Settings of a slot that differ from the defaults. */
export type SlotSettings = Partial<Omit<SlotSpec, 'name' | 'schema'>>;

/** A slot of `schema` with default settings, except for those given. */
export function slotSpec(name: string, schema: SchemaSummary, settings: SlotSettings = {}): SlotSpec {
  const { name: schemaName, hash, size, hasSpans, descriptor } = schema;
  return {
    name,
    schema: { name: schemaName, hash, size, hasSpans, descriptor },
    depth: SLOT_DEFAULTS.depth,
    maxBytes: hasSpans ? SLOT_DEFAULTS.maxBytesWithSpans : size,
    maxReaders: SLOT_DEFAULTS.maxReaders,
    pinsPerReader: SLOT_DEFAULTS.pinsPerReader,
    maxPublishers: SLOT_DEFAULTS.maxPublishers,
    loansPerPublisher: SLOT_DEFAULTS.loansPerPublisher,
    ...settings,
  };
}

/** The form in which the core takes a slot. */
export function slotConfig(spec: SlotSpec): SlotConfig {
  const { name, schema, access, prefault: _ofPublishers, validate: _too, ...settings } = spec;
  return {
    name,
    schemaName: schema.name,
    layoutHash: schema.hash,
    descriptor: JSON.stringify(schema.descriptor),
    ...settings,
    ...(access && { access: { gid: access.gid, mode: access.mode } }),
  };
}

/**
 * Refuses to open `spec` with code that was generated from another schema: the plan was made from descriptors, the code
 * comes from the module that runs now.
 * @throws BabusError ERR_BABUS_SCHEMA_MISMATCH
 */
export function checkSchema(spec: SlotSpec, schema: { readonly name: string; readonly hash: string }): void {
  if (spec.schema.hash === schema.hash) return;
  throw new BabusError(
    'ERR_BABUS_SCHEMA_MISMATCH',
    `${spec.name}: the slot holds ${spec.schema.name} (${spec.schema.hash}), this node was compiled with ${schema.name} ` +
      `(${schema.hash}); run babus gen and launch again`,
  );
}
