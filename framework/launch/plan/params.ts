import type { AnySchemaObject, ValidateFunction } from 'ajv/dist/2020.js';
import { didYouMean } from '../../errors/index.js';
import type { NodeDescriptor, ParamSpec, ParamValue } from '../../spec.js';
import { compileJsonSchema, validatePart } from '../../yaml/index.js';
import type { GivenParam, NodeEntry } from '../model.js';
import type { Problems } from '../problems.js';
import { isTextType, readText } from '../text-values.js';

/** A node's parameters: those of the file, checked against the class, and the defaults of the others. */
export function planParams(
  node: NodeEntry,
  descriptor: NodeDescriptor,
  problems: Problems,
): Record<string, ParamValue> {
  const specs = descriptor.params;
  const validate = compileJsonSchema(paramsSchema(specs));
  const values: Record<string, ParamValue> = {};
  for (const [name, given] of node.params) {
    const spec = Object.hasOwn(specs, name) ? specs[name] : undefined;
    const value = spec ? readAs(given, spec) : given.value;
    if (checkParam(given, value, validate, problems)) values[name] = value as ParamValue;
  }
  reportMissing(node, specs, problems);
  const defaults = Object.entries(specs).map(([name, spec]) => [name, spec.default] as const);
  return Object.fromEntries(
    defaults.flatMap(([name, fallback]) => {
      const value = Object.hasOwn(values, name) ? values[name] : fallback;
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

/** Text of the environment, of the command line or of an argument without a type, as what the parameter wants. */
function readAs({ value, isText }: GivenParam, spec: ParamSpec): unknown {
  const element = spec.type === 'number[]' ? 'number' : 'string';
  if (Array.isArray(value))
    return value.map((each: unknown, index) => (isText([index]) ? readScalar(each, element) : each));
  return isText([]) ? readScalar(value, spec.type) : value;
}

function readScalar(value: unknown, type: string): unknown {
  if (typeof value !== 'string' || !isTextType(type)) return value;
  return readText(value, type) ?? value;
}

/** The same checks and words as for the rest of the file. */
function checkParam(
  { source, path }: GivenParam,
  value: unknown,
  validate: ValidateFunction,
  problems: Problems,
): boolean {
  const part = { path: path.slice(0, -1), data: { [path.at(-1)!]: value } };
  const errors = validatePart(source, part, validate, 'ERR_BABUS_PARAM');
  problems.add(...errors);
  return errors.length === 0;
}

/** Of a parameter that is misspelt, the unknown key's own error says which was meant. */
function reportMissing(node: NodeEntry, specs: NodeDescriptor['params'], problems: Problems): void {
  const given = [...node.params.keys()];
  const unknown = given.filter((name) => !Object.hasOwn(specs, name));
  for (const [name, spec] of Object.entries(specs)) {
    if (spec.default !== undefined || given.includes(name)) continue;
    if (unknown.some((other) => didYouMean(other, [name]).startsWith('; did you mean'))) continue;
    problems.add(
      node.origin.error(
        'ERR_BABUS_PARAM',
        ['params'],
        `${node.origin.nameOf(['params'])}: missing key '${name}'`,
        {
          key: true,
        },
      ),
    );
  }
}

function paramsSchema(params: NodeDescriptor['params']): AnySchemaObject {
  const properties = Object.entries(params).map(([name, spec]) => [name, paramSchema(spec)] as const);
  return { type: 'object', additionalProperties: false, properties: Object.fromEntries(properties) };
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
