import type { FieldDescriptor, SchemaDescriptor } from '../../../../framework/schema/descriptor.js';
import type { NodeDescriptor, ParamSpec, PortSpec, SchemaSummary } from '../../../../framework/spec.js';

/** A schema of float64 fields. */
export function schema(name: string, fields: readonly string[] = ['x'], hasSpans = false): SchemaSummary {
  const described = fields.map((field, index): FieldDescriptor => ({
    name: field,
    offset: index * 8,
    type: { kind: 'scalar', type: 'float64' },
  }));
  const size = fields.length * 8;
  const descriptor: SchemaDescriptor = { name, size, align: 8, fields: described, structs: [] };
  return { name, hash: `${name} ${fields.join()}`, size, hasSpans, descriptor };
}

/** A node class; ports are written `>image` (publishes) or `<image` (subscribes). */
export function nodeClass(
  className: string,
  ports: Readonly<Record<string, SchemaSummary>>,
  params: Readonly<Record<string, ParamSpec>> = {},
): NodeDescriptor {
  return {
    className,
    moduleUrl: `file:///${className}.js`,
    params,
    timers: [],
    ports: Object.entries(ports).map(([port, summary]): PortSpec => ({
      name: port.slice(1),
      direction: port.startsWith('>') ? 'publishes' : 'subscribes',
      schema: summary,
    })),
  };
}
