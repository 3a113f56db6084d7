import { Ajv2020, type AnySchemaObject, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { didYouMean, type BabusError, type ErrorCode } from '../errors/index.js';
import { pathOfPointer, resolveRef, valueAt } from './json-pointer.js';
import { describeProblem, joinPath, MERGE_KEY, type HintOf } from './problem.js';
import type { YamlPath, YamlSource } from './source.js';

/**
 * Compiles a JSON Schema (draft 2020-12) the way `validateYaml` needs it: every error, each with the part of the schema it
 * comes from. Strict: an unknown keyword in the JSON Schema is an Error here, not a rule that silently never applies.
 */
export function compileJsonSchema(schema: AnySchemaObject): ValidateFunction {
  // One for all: it compiles the schema of schemas before the first, which takes longer than most of them.
  shared ??= new Ajv2020({ allErrors: true, verbose: true, strict: true, allowUnionTypes: true });
  return shared.compile(schema);
}

let shared: Ajv2020 | undefined;

/**
 * Checks a file's data against a JSON Schema and says what is wrong in words, one error for each cause, in the order of the
 * file. `validate` comes from `compileJsonSchema`. A pattern is explained by its JSON Schema's `title`, which is to be a
 * noun phrase ("a slot name: ..."); so is a choice between types (`oneOf`, `anyOf`) that none of them fits.
 *
 * @returns nothing but the errors: an empty list means that the data is valid.
 */
export function validateYaml(
  source: YamlSource,
  validate: ValidateFunction,
  code: ErrorCode,
  hintOf?: HintOf,
): BabusError[] {
  return validatePart(source, { path: [], data: source.data }, validate, code, hintOf);
}

/** The same for data that stands at a path. @param source makes the errors: a file, or what else the data came from */
export function validatePart(
  source: Pick<YamlSource, 'error'>,
  part: { readonly path: YamlPath; readonly data: unknown },
  validate: ValidateFunction,
  code: ErrorCode,
  hintOf?: HintOf,
): BabusError[] {
  if (validate(part.data)) return [];
  const causes = withoutConsequences(validate.errors ?? [], validate.schema);
  const errors = new Map<string, BabusError>();
  for (const cause of causes) {
    const steps = pathOfPointer(part.data, cause.instancePath);
    const given = valueAt(part.data, steps);
    const { message, place, key } = describeProblem(
      cause,
      [...part.path, ...steps],
      given,
      validate.schema,
      hintOf,
    );
    const error = source.error(code, place, message, { key });
    errors.set(error.message, error);
  }
  return [...errors.values()].sort(
    (a, b) => (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.column ?? 0) - (b.at?.column ?? 0),
  );
}

/** Name of a place in a file for messages: `nodes.camera.params`, `fields[2]`. Empty for the whole file. */
export const pathName = joinPath;

/** Keywords that only repeat what a more exact error says. */
const SUMMARIES = new Set(['if', 'propertyNames', '$ref', 'allOf', 'contains']);

/**
 * Ajv reports every branch of a `oneOf` or `anyOf` beside the choice itself. Kept is the branch the author meant: the one
 * whose type fits the data; the choice itself when no type fits.
 */
function withoutConsequences(errors: readonly ErrorObject[], root: unknown): ErrorObject[] {
  let kept = errors.filter((error) => !SUMMARIES.has(error.keyword) && !isMisspeltBeside(error, errors));
  // Ajv reports inner choices before the choice they belong to, so that branches are settled from the inside out.
  for (const choice of kept.filter((error) => error.keyword === 'oneOf' || error.keyword === 'anyOf')) {
    const branches = branchErrors(choice, kept, root);
    const all = branches.flat();
    const meant = branches
      .filter(
        (branch) => branch.length > 0 && !branch.some((error) => isTypeErrorAt(error, choice.instancePath)),
      )
      .sort((a, b) => a.length - b.length)[0];
    if (all.length === 0) continue;
    const dropped = new Set(meant ? [choice, ...all.filter((error) => !meant.includes(error))] : all);
    kept = kept.filter((error) => !dropped.has(error));
  }
  return kept;
}

/** A key that is missing because it is misspelt, or merged in: the unknown key's own error says what to do. */
function isMisspeltBeside(error: ErrorObject, errors: readonly ErrorObject[]): boolean {
  if (error.keyword !== 'required') return false;
  const missing = String(error.params['missingProperty']);
  return errors.some(
    ({ keyword, instancePath, params }) =>
      keyword === 'additionalProperties' &&
      instancePath === error.instancePath &&
      (params['additionalProperty'] === MERGE_KEY ||
        didYouMean(String(params['additionalProperty']), [missing]).startsWith('; did you mean')),
  );
}

function isTypeErrorAt(error: ErrorObject, instancePath: string): boolean {
  return error.keyword === 'type' && error.instancePath === instancePath;
}

/** The errors that each branch of `choice` has caused. */
function branchErrors(choice: ErrorObject, errors: readonly ErrorObject[], root: unknown): ErrorObject[][] {
  const below = errors.filter(
    (error) =>
      error !== choice &&
      (error.instancePath === choice.instancePath ||
        error.instancePath.startsWith(`${choice.instancePath}/`)),
  );
  const levelOf = (error: ErrorObject): number => levels(error.instancePath) - levels(choice.instancePath);
  const deepest = Math.max(0, ...below.map(levelOf));
  return (choice.schema as readonly AnySchemaObject[]).map((branch) => {
    const parts: PartLevels = new Map();
    collectParts(branch, root, 0, deepest, parts);
    return below.filter((error) => parts.get(error.parentSchema)?.has(levelOf(error)));
  });
}

function levels(pointer: string): number {
  return pointer.split('/').length;
}

/** Objects of a JSON Schema → how many levels below the start the values are that they speak of. */
type PartLevels = Map<unknown, Set<number>>;

/** Keywords whose parts speak of the values inside a value, by name and one by one. */
const INSIDE_BY_NAME = new Set(['properties', 'patternProperties', 'prefixItems']);
const INSIDE = new Set([
  'additionalProperties',
  'unevaluatedProperties',
  'items',
  'unevaluatedItems',
  'contains',
]);

/**
 * All parts of a JSON Schema, `$ref`s to the same file followed: behind a `$ref`, ajv's schemaPath starts anew, and one part
 * may serve several branches at different levels.
 */
function collectParts(part: unknown, root: unknown, level: number, deepest: number, parts: PartLevels): void {
  if (typeof part !== 'object' || part === null || level > deepest) return;
  const known = parts.get(part) ?? new Set();
  if (known.has(level)) return;
  parts.set(part, known.add(level));
  const target = resolveRef(part, root);
  if (target !== part) collectParts(target, root, level, deepest, parts);
  for (const [keyword, inner] of Object.entries(part)) {
    const inners: unknown[] = INSIDE_BY_NAME.has(keyword) ? Object.values(inner as object) : [inner];
    const below = INSIDE_BY_NAME.has(keyword) || INSIDE.has(keyword) ? level + 1 : level;
    for (const each of inners) collectParts(each, root, below, deepest, parts);
  }
}
