import { BabusError, didYouMean } from '../errors/index.js';
import type { YamlSource } from '../yaml/index.js';
import type { Problems } from './problems.js';
import { Scope, type Binding } from './scope.js';
import { fillTemplate, hasSubstitution, parseTemplate, type Substitute } from './template.js';
import { isTextType, readText, TYPE_NAMES, type Scalar, type TextType } from './text-values.js';

/** An argument of a launch file with the value it has in this launch. */
export interface LaunchArgument {
  readonly name: string;
  readonly description?: string;
  /** Undefined for an argument without type and default: its text is read as what is wanted where it is used. */
  readonly type?: TextType;
  readonly choices?: readonly (string | number)[];
  readonly default?: Scalar;
  /** Undefined when none was given and there is no default. */
  readonly value?: Scalar;
}

/** How an argument stands in the file, its shape checked. */
interface Declaration {
  readonly default?: Scalar;
  readonly description?: string;
  readonly type?: TextType;
  readonly choices?: readonly (string | number)[];
}

/**
 * Takes `name:=value` words of a command line apart. A name given twice has its last value.
 * @throws BabusError ERR_BABUS_ARGUMENT
 */
export function parseAssignments(words: readonly string[]): Map<string, string> {
  const assignments = new Map<string, string>();
  for (const word of words) {
    const match = /^([A-Za-z_][A-Za-z0-9_]*):=(.*)$/s.exec(word);
    if (!match)
      throw new BabusError(
        'ERR_BABUS_ARGUMENT',
        `'${word}' is not an argument of a launch file; write name:=value`,
      );
    assignments.set(match[1]!, match[2]!);
  }
  return assignments;
}

/** A value for an argument, from the command line or from a file that includes this one. */
export interface GivenArgument extends Substitute {
  /** An error about it, at its place. */
  readonly refuse: (message: string) => BabusError;
}

/** Words of the command line as values for arguments. @throws BabusError ERR_BABUS_ARGUMENT */
export function givenByWords(words: readonly string[]): Map<string, GivenArgument> {
  const given = [...parseAssignments(words)].map(([name, value]): [string, GivenArgument] => {
    const refuse = (message: string): BabusError => new BabusError('ERR_BABUS_ARGUMENT', message);
    return [name, { value, typed: false, refuse: (message) => refuse(`${name}:=${value}: ${message}`) }];
  });
  return new Map(given);
}

/** Gives each argument of the file its value: the given one, else its default. */
export function resolveArguments(
  source: YamlSource,
  given: ReadonlyMap<string, GivenArgument>,
  env: NodeJS.ProcessEnv,
  problems: Problems,
): LaunchArgument[] {
  const { args = {} } = source.data as { args?: Record<string, Declaration> };
  for (const [name, { refuse }] of given)
    if (!Object.hasOwn(args, name))
      problems.add(refuse(unknownArgument(source.file, name, Object.keys(args))));
  return Object.entries(args).map(([name, declared]) => {
    const argument = declare(source, name, declared, env, problems);
    const substitute = given.get(name);
    const value = substitute && readGiven(argument, substitute, problems);
    return value === undefined ? argument : { ...argument, value };
  });
}

/** What a file's substitutions see of its arguments. */
export function bindingsOf(
  args: readonly LaunchArgument[],
  given: ReadonlyMap<string, GivenArgument>,
): Binding[] {
  return args.map(({ name, value, type }) => ({
    name,
    substitute:
      value === undefined
        ? undefined
        : { value, typed: type !== undefined || given.get(name)?.typed === true },
    integer: type === 'integer',
  }));
}

function unknownArgument(file: string, name: string, known: readonly string[]): string {
  const hint = known.length === 0 ? '; it declares none' : didYouMean(name, known);
  return `${file} has no argument '${name}'${hint}`;
}

/** The argument with its default as its value. */
function declare(
  source: YamlSource,
  name: string,
  declared: Declaration,
  env: NodeJS.ProcessEnv,
  problems: Problems,
): LaunchArgument {
  const fallback = defaultOf(source, name, declared, env, problems);
  const type = declared.type ?? (fallback?.typed === true ? (typeof fallback.value as TextType) : undefined);
  return {
    name,
    ...(declared.description === undefined ? {} : { description: declared.description }),
    ...(isTextType(type) ? { type } : {}),
    ...(declared.choices === undefined ? {} : { choices: declared.choices }),
    ...(fallback === undefined ? {} : { default: fallback.value, value: fallback.value }),
  };
}

function defaultOf(
  source: YamlSource,
  name: string,
  declared: Declaration,
  env: NodeJS.ProcessEnv,
  problems: Problems,
): Substitute | undefined {
  if (declared.default === undefined) return undefined;
  const path = ['args', name, 'default'];
  const refuse = (why: string): undefined =>
    void problems.add(source.error('ERR_BABUS_LAUNCH_FILE', path, `${path.join('.')}: ${why}`));
  let substitute: Substitute = { value: declared.default, typed: true };
  if (typeof declared.default === 'string' && hasSubstitution(declared.default)) {
    try {
      substitute = fillTemplate(
        parseTemplate(declared.default),
        new Scope(source.file, env, [], refuseArgument).lookUp,
      );
    } catch (error) {
      return refuse((error as Error).message);
    }
  }
  const { value } = substitute;
  const typed = withType(value, declared.type, substitute.typed);
  if (typed === undefined) return refuse(`wants ${TYPE_NAMES[declared.type!]}, given ${show(value)}`);
  if (declared.choices && !isChoice(typed, declared.choices))
    return refuse(`wants one of ${declared.choices.join(', ')}; given ${show(typed)}`);
  return { value: typed, typed: substitute.typed || declared.type !== undefined };
}

function refuseArgument(name: string): never {
  throw new Error(`a default may use $(env NAME) but not another argument, $(arg ${name})`);
}

function readGiven(
  { name, type, choices }: LaunchArgument,
  { value: given, typed, refuse }: GivenArgument,
  problems: Problems,
): Scalar | undefined {
  const value = withType(given, type, typed);
  if (value !== undefined && (!choices || isChoice(value, choices))) return value;
  const wanted = value === undefined ? TYPE_NAMES[type!] : `one of ${choices!.join(', ')}`;
  problems.add(refuse(`the argument '${name}' wants ${wanted}`));
  return undefined;
}

/** The value as `type`; undefined when it is of another. Text of the environment is read, other text is not. */
function withType(value: Scalar, type: TextType | undefined, isTyped: boolean): Scalar | undefined {
  if (type === undefined) return value;
  if (!isTyped) return readText(String(value), type);
  if (type === 'integer') return Number.isInteger(value) ? value : undefined;
  return typeof value === type ? value : undefined;
}

function isChoice(value: Scalar, choices: readonly (string | number)[]): boolean {
  return choices.some((choice) => String(choice) === String(value));
}

function show(value: Scalar): string {
  return typeof value === 'string' ? `'${value}'` : String(value);
}
