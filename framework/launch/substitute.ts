import { BabusError, didYouMean } from '../errors/index.js';
import { pathName, type YamlPath, type YamlSource } from '../yaml/index.js';
import type { LaunchArgument } from './arguments.js';
import type { Problems } from './problems.js';
import {
  fillTemplate,
  hasSubstitution,
  lookUpIn,
  parseTemplate,
  type LookUp,
  type Substitute,
} from './template.js';

/** A launch file with its substitutions filled in. */
export interface FilledSource {
  readonly source: YamlSource;
  /** Places whose value is text that may be read as a number or boolean where one is wanted. */
  readonly texts: readonly YamlPath[];
}

/** Second stage: fills `$(...)` in, everywhere but in `args` and descriptions. */
export function substitute(
  source: YamlSource,
  args: readonly LaunchArgument[],
  env: NodeJS.ProcessEnv,
  problems: Problems,
): FilledSource {
  const lookUp = lookUpIn(env, source.file, (name) => argumentValue(name, args));
  const filler = new Filler(source, lookUp, problems);
  const { args: declared, description, ...rest } = source.data as Record<string, unknown>;
  const filled = filler.fill(rest, []) as Record<string, unknown>;
  const data = {
    ...(declared === undefined ? {} : { args: declared }),
    ...(description === undefined ? {} : { description }),
    ...filled,
  };
  return { source: source.withData(data), texts: filler.texts };
}

function argumentValue(name: string, args: readonly LaunchArgument[]): Substitute {
  const argument = args.find((each) => each.name === name);
  if (!argument) {
    const names = args.map((each) => each.name);
    const hint = names.length === 0 ? `; declare it under args` : didYouMean(name, names);
    throw new BabusError('ERR_BABUS_LAUNCH_FILE', `there is no argument '${name}'${hint}`);
  }
  if (argument.value === undefined)
    throw new BabusError('ERR_BABUS_ARGUMENT', `the argument '${name}' has no default: give ${name}:=value`);
  return { value: argument.value, typed: argument.type !== undefined };
}

class Filler {
  readonly texts: YamlPath[] = [];

  constructor(
    private readonly source: YamlSource,
    private readonly lookUp: LookUp,
    private readonly problems: Problems,
  ) {}

  fill(value: unknown, path: YamlPath): unknown {
    if (typeof value === 'string') return this.fillText(value, path);
    if (Array.isArray(value)) return value.map((each, index) => this.fill(each, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, this.fill(each, [...path, key])]),
    );
  }

  private fillText(text: string, path: YamlPath): unknown {
    if (!hasSubstitution(text)) {
      const braces = /\$\{[^}]*\}/.exec(text)?.[0];
      if (braces !== undefined)
        this.problems.warn(
          `${pathName(path)}: ${braces} stays as it is; substitutions are written $(arg name)`,
        );
      return text;
    }
    try {
      const { value, typed } = fillTemplate(parseTemplate(text), this.lookUp);
      if (!typed) this.texts.push(path);
      return value;
    } catch (error) {
      const { code = 'ERR_BABUS_LAUNCH_FILE', message } = error as Partial<BabusError> & Error;
      this.problems.add(this.source.error(code, path, message));
      return text;
    }
  }
}
