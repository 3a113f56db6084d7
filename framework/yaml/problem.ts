import { inspect } from 'node:util';
import type { AnySchemaObject, ErrorObject } from 'ajv/dist/2020.js';
import { didYouMean } from '../errors/index.js';
import { resolveRef } from './json-pointer.js';
import type { YamlPath } from './source.js';

/** Longer texts of the user's are cut in messages. */
const MAX_QUOTED = 60;

/** How YAML 1.1 copies another map's keys, which no two tools do alike. */
export const MERGE_KEY = '<<';

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'nothing',
};

/** What to say about an unknown key of the map at `path`, when more is known than how it is spelt. */
export type HintOf = (key: string, path: YamlPath) => string | undefined;

interface Problem {
  readonly message: string;
  /** Where it stands in the file. */
  readonly place: YamlPath;
  /** True when the key at `place` is meant, not its value. */
  readonly key: boolean;
}

/** Name of a place in a file for messages: `nodes.camera.params`, `fields[2]`. Empty for the whole file. */
export function joinPath(path: YamlPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');
}

/**
 * Says in words what one of ajv's errors means: what is wanted, what was given.
 * @param root the whole JSON Schema, for its references
 * @param hintOf goes before the guess at a misspelt key
 */
export function describeProblem(
  error: ErrorObject,
  path: YamlPath,
  given: unknown,
  root: unknown,
  hintOf: HintOf = () => undefined,
): Problem {
  const owner = joinPath(path);
  const params = error.params as Record<string, unknown>;
  const unknownKey = params['additionalProperty'] ?? params['unevaluatedProperty'];
  if (typeof unknownKey === 'string') {
    const known = Object.keys((error.parentSchema?.['properties'] as object | undefined) ?? {});
    const where = owner === '' ? '' : ` in ${owner}`;
    // In `{ doc: one, two }` YAML reads what follows the comma as a key.
    const foreign = hintOf(unknownKey, path);
    const hint =
      foreign !== undefined
        ? `; ${foreign}`
        : unknownKey === MERGE_KEY
          ? '; keys are not merged here: write them out'
          : unknownKey.includes(' ')
            ? '; put text that has commas in quotes'
            : didYouMean(unknownKey, known);
    return {
      message: `unknown key ${quote(unknownKey)}${where}${hint}`,
      place: [...path, unknownKey],
      key: true,
    };
  }
  if (error.keyword === 'required' || error.keyword === 'dependentRequired') {
    const where = owner === '' ? '' : `${owner}: `;
    return { message: `${where}missing key '${String(params['missingProperty'])}'`, place: path, key: true };
  }
  if (error.propertyName !== undefined) {
    const where = owner === '' ? '' : ` in ${owner}`;
    const message = `key ${quote(error.propertyName)}${where} ${isNot(error)}`;
    return { message, place: [...path, error.propertyName], key: true };
  }
  return {
    message: `${owner === '' ? 'the file' : owner}: ${describeValue(error, given, root)}`,
    place: path,
    key: false,
  };
}

function describeValue(error: ErrorObject, given: unknown, root: unknown): string {
  switch (error.keyword) {
    case 'type':
      return wants(typeWords(error.params['type'] as string | string[]), given);
    case 'oneOf':
    case 'anyOf':
      return wants(titleOf(error) ?? branchWords(error, root), given);
    case 'enum':
      return wantsOneOf(error.params['allowedValues'] as unknown[], given);
    case 'const':
      return wants(show(error.params['allowedValue']), given);
    case 'pattern':
    case 'format':
      return `${quote(String(given))} ${isNot(error)}`;
    default:
      return wants(limitWords(error), given);
  }
}

function wants(wanted: string, given: unknown): string {
  return `wants ${wanted}, given ${showWithType(given)}`;
}

function wantsOneOf(choices: readonly unknown[], given: unknown): string {
  const text = `wants one of ${choices.map(String).join(', ')}; given ${show(given)}`;
  if (typeof given !== 'string') return text;
  const hint = didYouMean(given, choices.map(String));
  return hint.startsWith('; did you mean') ? text + hint : text;
}

/** For text that breaks a pattern or a bound of its length: the JSON Schema's title says what it should have been. */
function isNot(error: ErrorObject): string {
  const title = titleOf(error);
  if (title !== undefined) return `is not ${title}`;
  if (error.keyword === 'pattern') return `does not match ${String(error.params['pattern'])}`;
  return `is not allowed: wants ${limitWords(error)}`;
}

function titleOf(error: ErrorObject): string | undefined {
  const title: unknown = error.parentSchema?.['title'];
  return typeof title === 'string' ? title : undefined;
}

/** @param error of a keyword that bounds a number, a length or a count */
function limitWords(error: ErrorObject): string {
  const limit = String(error.params['limit']);
  switch (error.keyword) {
    case 'minimum':
      return `at least ${limit}`;
    case 'maximum':
      return `at most ${limit}`;
    case 'exclusiveMinimum':
      return `more than ${limit}`;
    case 'exclusiveMaximum':
      return `less than ${limit}`;
    case 'multipleOf':
      return `a multiple of ${String(error.params['multipleOf'])}`;
    case 'minLength':
      return `${limit} or more characters`;
    case 'maxLength':
      return `at most ${limit} characters`;
    case 'minItems':
      return `a list of ${limit} or more`;
    case 'maxItems':
      return `a list of at most ${limit}`;
    case 'minProperties':
      return `a map of ${limit} or more keys`;
    case 'maxProperties':
      return `a map of at most ${limit} keys`;
    case 'uniqueItems':
      return `each entry once (entries ${String(error.params['j'])} and ${String(error.params['i'])} are equal)`;
    default:
      return `something else (${error.message ?? error.keyword})`;
  }
}

function typeWords(type: string | readonly string[]): string {
  const types = typeof type === 'string' ? type.split(',') : type;
  return orList(types.map((name) => TYPE_WORDS[name] ?? name));
}

function branchWords(error: ErrorObject, root: unknown): string {
  const branches = error.schema as readonly AnySchemaObject[];
  const words = branches.map((branch) => {
    const { title, type } = resolveRef(branch, root) as { title?: string; type?: string | string[] };
    return title ?? (type === undefined ? 'another form' : typeWords(type));
  });
  return orList([...new Set(words)]);
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)!}`;
}

function showWithType(value: unknown): string {
  if (typeof value === 'string') return `${quote(value)} (text)`;
  if (typeof value === 'number') return `${value} (a number)`;
  if (typeof value === 'boolean') return `${String(value)} (a boolean)`;
  return show(value);
}

/** A user's value in a message: short and on one line, whatever it is. */
function show(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty map' : 'a map';
  return inspect(value);
}

function quote(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029]/gu, '\uFFFD');
  return line.length > MAX_QUOTED ? `'${line.slice(0, MAX_QUOTED)}…'` : `'${line}'`;
}
