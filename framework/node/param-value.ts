import { inspect } from 'node:util';
import { BabusError, didYouMean } from '../errors/index.js';
import type { ParamSpec, ParamValue } from '../spec.js';

const ELEMENT_TYPES = {
  number: 'number',
  integer: 'integer',
  string: 'string',
  boolean: 'boolean',
  'number[]': 'number',
  'string[]': 'string',
} as const;

const ARTICLES = {
  number: 'a number',
  integer: 'a whole number',
  string: 'a string',
  boolean: 'true or false',
};

export const PARAM_TYPES = Object.keys(ELEMENT_TYPES) as ParamSpec['type'][];

/** What is wrong with a value for a parameter, such as `wants a number from 0 to 255, given 300`; else undefined. */
export function paramProblem(spec: ParamSpec, value: unknown): string | undefined {
  const isList = spec.type.endsWith('[]');
  const fits = isList
    ? Array.isArray(value) && value.every((one) => elementFits(spec, one))
    : elementFits(spec, value);
  return fits
    ? undefined
    : `wants ${wanted(spec)}, given ${inspect(value, { depth: 1, breakLength: Infinity })}`;
}

function elementFits(spec: ParamSpec, value: unknown): boolean {
  const type = ELEMENT_TYPES[spec.type];
  if (type === 'integer' ? !Number.isSafeInteger(value) : typeof value !== type) return false;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return false;
    if (value < (spec.minimum ?? -Infinity) || value > (spec.maximum ?? Infinity)) return false;
  }
  return !spec.choices || spec.choices.includes(value as string | number);
}

/** What a parameter takes, in words. */
function wanted(spec: ParamSpec): string {
  const { minimum, maximum, choices } = spec;
  const one = choices ? `one of ${choices.join(', ')}` : ARTICLES[ELEMENT_TYPES[spec.type]];
  const range =
    minimum !== undefined && maximum !== undefined
      ? ` from ${minimum} to ${maximum}`
      : minimum !== undefined
        ? ` of at least ${minimum}`
        : maximum !== undefined
          ? ` of at most ${maximum}`
          : '';
  return `${spec.type.endsWith('[]') ? 'a list, each ' : ''}${one}${range}`;
}

/**
 * Values of all parameters: the ones given, and defaults for the others.
 * @throws BabusError ERR_BABUS_PARAM for an unknown or missing one, or a value that does not fit
 */
export function resolveParams(
  node: string,
  specs: Readonly<Record<string, ParamSpec>>,
  given: Readonly<Record<string, unknown>>,
): Record<string, ParamValue> {
  for (const name of Object.keys(given))
    if (!Object.hasOwn(specs, name))
      throw new BabusError(
        'ERR_BABUS_PARAM',
        `${node}: no parameter '${name}'${didYouMean(name, Object.keys(specs))}`,
      );
  const values: Record<string, ParamValue> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const value = Object.hasOwn(given, name) ? given[name] : spec.default;
    if (value === undefined)
      throw new BabusError(
        'ERR_BABUS_PARAM',
        `${node}: parameter '${name}' has no default and was not given`,
      );
    const problem = paramProblem(spec, value);
    if (problem) throw new BabusError('ERR_BABUS_PARAM', `${node}: parameter '${name}' ${problem}`);
    values[name] = (Array.isArray(value) ? [...(value as unknown[])] : value) as ParamValue;
  }
  return values;
}
