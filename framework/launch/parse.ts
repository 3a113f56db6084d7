import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';
import { BabusError, isBabusError } from '../errors/index.js';
import { pathOfPointer, valueAt } from '../yaml/json-pointer.js';
import { pathName, readBytes, validateYaml, YamlSource, type YamlPath } from '../yaml/index.js';
import { foreignKeyHint } from './foreign-keys.js';
import { launchValidator } from './json-schema.js';
import type { Problems } from './problems.js';
import { hasSubstitution } from './template.js';

/**
 * First stage: reads a launch file and checks its shape. Values with substitutions pass; they are checked once filled in.
 * @param note follows each message
 * @throws BabusError ERR_BABUS_YAML when the file is missing or no YAML
 */
export function parseLaunch(file: string, note: string, problems: Problems): YamlSource {
  problems.reads(file);
  const source = read(file).withNote(note);
  const before = problems.added;
  const validate = toleratingSubstitutions(launchValidator());
  problems.add(...validateYaml(source, validate, 'ERR_BABUS_LAUNCH_FILE', foreignKeyHint));
  if (problems.added === before) checkKeys(source, problems);
  return source;
}

/** Keys that nodes can come from: a file has one of them. */
const HOLDERS = ['nodes', 'include', 'group'];

/** Keys of a node that are its own affair. */
const NOT_FOR_DEFAULTS = ['use', 'if', 'unless', 'enabled'];

interface Body {
  readonly defaults?: object;
  readonly group?: readonly Body[];
}

/** What the JSON Schema does not say. */
function checkKeys(source: YamlSource, problems: Problems): void {
  if (!HOLDERS.some((key) => Object.hasOwn(source.data as object, key)))
    problems.add(source.error('ERR_BABUS_LAUNCH_FILE', [], "missing key 'nodes' (or include, or group)"));
  checkDefaults(source, source.data as Body, [], problems);
}

function checkDefaults(
  source: YamlSource,
  { defaults = {}, group }: Body,
  path: YamlPath,
  problems: Problems,
): void {
  for (const key of NOT_FOR_DEFAULTS)
    if (Object.hasOwn(defaults, key)) {
      const message = `${pathName([...path, 'defaults'])}: '${key}' cannot be a default; each node has its own`;
      problems.add(source.error('ERR_BABUS_LAUNCH_FILE', [...path, 'defaults', key], message, { key: true }));
    }
  if (Array.isArray(group))
    for (const [index, each] of group.entries())
      checkDefaults(source, each as Body, [...path, 'group', index], problems);
}

/** In other tools' files substitutions are `${name}`, which YAML cannot read between brackets. */
function read(file: string): YamlSource {
  try {
    return YamlSource.read(file);
  } catch (error) {
    if (!isBabusError(error) || !error.at) throw error;
    const line = readBytes(file).toString('utf8').split('\n')[error.at.line - 1] ?? '';
    if (!line.slice(error.at.column - 2).startsWith('${')) throw error;
    const hint = 'write $(arg name) for an argument and $(env NAME) for a variable';
    throw new BabusError(error.code, `\${ cannot stand here; ${hint}`, error.at, { cause: error });
  }
}

function toleratingSubstitutions(validate: ValidateFunction): ValidateFunction {
  const tolerant = Object.assign(
    (data: unknown): data is unknown => {
      if (validate(data)) return true;
      tolerant.errors = withoutSubstituted(validate.errors ?? [], data);
      return tolerant.errors.length === 0;
    },
    { schema: validate.schema, schemaEnv: validate.schemaEnv, errors: validate.errors ?? null },
  );
  return tolerant;
}

/** What ajv says of a map where another branch of a choice wants a text or a number. */
const OF_OTHER_BRANCHES = new Set(['anyOf', 'type', 'enum']);

/** Errors about values that are not filled in yet do not count, nor do choices that fail for nothing else. */
function withoutSubstituted(errors: readonly ErrorObject[], data: unknown): ErrorObject[] {
  const isSubstituted = ({ instancePath }: ErrorObject): boolean => {
    const given = valueAt(data, pathOfPointer(data, instancePath));
    return typeof given === 'string' && hasSubstitution(given);
  };
  const forgiven = new Set(errors.filter(isSubstituted));
  // Inner choices come before the choice they belong to.
  for (const choice of errors.filter(({ keyword }) => keyword === 'anyOf')) {
    const isBelow = ({ instancePath }: ErrorObject): boolean =>
      instancePath.startsWith(`${choice.instancePath}/`);
    if (![...forgiven].some(isBelow)) continue;
    const isHere = ({ instancePath }: ErrorObject): boolean => instancePath === choice.instancePath;
    const others = errors.filter((error) => (isBelow(error) || isHere(error)) && !forgiven.has(error));
    if (others.every((error) => isHere(error) && OF_OTHER_BRANCHES.has(error.keyword)))
      for (const error of others) forgiven.add(error);
  }
  return errors.filter((error) => !forgiven.has(error));
}
