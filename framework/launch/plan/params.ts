import type { AnySchemaObject } from 'ajv/dist/2020.js';
import type { NodeDescriptor, ParamSpec, ParamValue } from '../../spec.js';
import { compileJsonSchema, validateYaml } from '../../yaml/index.js';
import type { LaunchFile, NodeEntry } from '../model.js';
import type { Problems } from '../problems.js';
import { readTexts } from '../read-texts.js';

/** A node's parameters: those of the file, checked against the class, and the defaults of the others. */
export function planParams(
  file: LaunchFile,
  node: NodeEntry,
  descriptor: NodeDescriptor,
  problems: Problems,
): Record<string, ParamValue> {
  // The same checks and words as for the rest of the file. A node without `params` is one with none of them.
  const withParams = file.source.withData({ nodes: { [node.name]: { params: node.params } } });
  const validate = compileJsonSchema(paramsSchema(node.name, descriptor.params));
  const source = readTexts(withParams, file.texts, validate);
  problems.add(...validateYaml(source, validate, 'ERR_BABUS_PARAM'));
  const { nodes } = source.data as { nodes: Record<string, { params: Record<string, ParamValue> }> };
  const given = nodes[node.name]!.params;
  const values: Record<string, ParamValue> = {};
  for (const [name, spec] of Object.entries(descriptor.params)) {
    const value = Object.hasOwn(given, name) ? given[name] : spec.default;
    if (value !== undefined) values[name] = value;
  }
  return values;
}

function paramsSchema(node: string, params: NodeDescriptor['params']): AnySchemaObject {
  const entries = Object.entries(params);
  const required = entries.filter(([, spec]) => spec.default === undefined).map(([name]) => name);
  const paramsOf = {
    type: 'object',
    additionalProperties: false,
    required,
    properties: Object.fromEntries(entries.map(([name, spec]) => [name, paramSchema(spec)])),
  };
  const nodeOf = { type: 'object', properties: { params: paramsOf } };
  const nodes = { type: 'object', properties: { [node]: nodeOf } };
  return { type: 'object', properties: { nodes } };
}

function paramSchema(spec: ParamSpec): AnySchemaObject {
  switch (spec.type) {
    case 'number[]':
      return { type: 'array', items: scalarSchema('number', spec) };
    case 'string[]':
      return { type: 'array', items: scalarSchema('string', spec) };
    default:
      return scalarSchema(spec.type, spec);
  }
}

function scalarSchema(type: 'number' | 'integer' | 'string' | 'boolean', spec: ParamSpec): AnySchemaObject {
  const numeric = type === 'number' || type === 'integer';
  return {
    type,
    ...(numeric && spec.minimum !== undefined ? { minimum: spec.minimum } : {}),
    ...(numeric && spec.maximum !== undefined ? { maximum: spec.maximum } : {}),
    // Only for values of the right type: a wrong type is one cause and gets one error.
    ...(spec.choices === undefined ? {} : { if: { type }, then: { enum: spec.choices } }),
  };
}
