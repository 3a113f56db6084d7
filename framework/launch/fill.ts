import type { BabusError } from '../errors/index.js';
import { pathName, type YamlPath, type YamlSource } from '../yaml/index.js';
import { reasonToLeaveOut, withoutConditions } from './conditions.js';
import { pathKey } from './origin.js';
import type { Problems } from './problems.js';
import type { Scope } from './scope.js';
import { fillTemplate, hasSubstitution, parseTemplate, type Substitute } from './template.js';

/** A launch file with its substitutions filled in. */
export interface FilledFile {
  /** Without the nodes that are left out; of groups and includes that are, something valid stands in their place. */
  readonly source: YamlSource;
  /** Places whose value is text that may be read as a number or boolean where one is wanted. */
  readonly texts: readonly YamlPath[];
  /** Nodes, groups and includes whose condition does not hold: `pathKey()` of their place → why. */
  readonly leftOut: ReadonlyMap<string, string>;
}

type Data = Readonly<Record<string, unknown>>;

/** Stands in place of what is left out of a list, so that the others keep their places. */
const PLACEHOLDERS: Readonly<Record<'include' | 'group', Data>> = {
  include: { file: 'left out' },
  group: {},
};

/** Second stage: decides conditions and fills `$(...)` in, everywhere but in `args` and descriptions. */
export function fillFile(source: YamlSource, scope: Scope, problems: Problems): FilledFile {
  const filler = new Filler(source, problems);
  const data = filler.body(source.data as Data, [], scope);
  return { source: source.withData(data), texts: filler.texts, leftOut: filler.leftOut };
}

class Filler {
  readonly texts: YamlPath[] = [];
  readonly leftOut = new Map<string, string>();

  constructor(
    private readonly source: YamlSource,
    private readonly problems: Problems,
  ) {}

  /** The whole file, or a group of it. */
  body(data: Data, path: YamlPath, outer: Scope): Data {
    const { scope, values } = this.lets(data['let'], [...path, 'let'], outer);
    const filled = Object.entries(data).flatMap(([key, value]): [string, unknown][] => {
      const here = [...path, key];
      if (key === 'args' || key === 'description') return [[key, value]];
      if (key === 'let') return [[key, values]];
      if (key === 'nodes' && isMap(value)) return this.nodes(value, here, scope);
      if ((key === 'include' || key === 'group') && Array.isArray(value))
        return [[key, value.map((each, index) => this.item(key, each, [...here, index], scope))]];
      return [[key, this.fill(value, here, scope)]];
    });
    return Object.fromEntries(filled);
  }

  /** Each may use those above it. */
  private lets(data: unknown, path: YamlPath, outer: Scope): { scope: Scope; values: unknown } {
    if (!isMap(data)) return { scope: outer, values: data };
    let scope = outer;
    const values = Object.entries(data).map(([name, value]) => {
      const here = [...path, name];
      if (scope.has(name))
        this.problems.add(
          this.source.error(
            'ERR_BABUS_LAUNCH_FILE',
            here,
            `${pathName(here)}: '${name}' has a value already`,
            {
              key: true,
            },
          ),
        );
      const substitute = typeof value === 'string' ? this.substitute(value, here, scope) : undefined;
      const filled = substitute ?? { value: value as Substitute['value'], typed: true };
      scope = scope.with({ name, substitute: filled, integer: Number.isInteger(value) });
      return [name, filled.value] as const;
    });
    return { scope, values: Object.fromEntries(values) };
  }

  private nodes(data: Data, path: YamlPath, scope: Scope): [string, unknown][] {
    const kept = Object.entries(data).flatMap(([name, node]): [string, unknown][] => {
      const here = [...path, name];
      if (!isMap(node)) return [[name, this.fill(node, here, scope)]];
      if (this.isLeftOut(node, here, scope)) return [];
      return [[name, this.fill(withoutConditions(node), here, scope)]];
    });
    // A file may leave out all of them, but not say that it has none.
    const isEmptied = kept.length === 0 && Object.keys(data).length > 0;
    return isEmptied ? [] : [['nodes', Object.fromEntries(kept)]];
  }

  private item(kind: 'include' | 'group', data: unknown, path: YamlPath, scope: Scope): unknown {
    if (!isMap(data)) return this.fill(data, path, scope);
    if (this.isLeftOut(data, path, scope)) return PLACEHOLDERS[kind];
    const rest = withoutConditions(data);
    return kind === 'group' ? this.body(rest, path, scope) : this.fill(rest, path, scope);
  }

  private isLeftOut(data: Data, path: YamlPath, scope: Scope): boolean {
    const reason = reasonToLeaveOut(this.source, data, path, scope, this.problems);
    if (reason !== undefined) this.leftOut.set(pathKey(path), reason);
    return reason !== undefined;
  }

  private fill(value: unknown, path: YamlPath, scope: Scope): unknown {
    if (typeof value === 'string') return this.substitute(value, path, scope)?.value ?? value;
    if (Array.isArray(value)) return value.map((each, index) => this.fill(each, [...path, index], scope));
    if (!isMap(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, each]) => [key, this.fill(each, [...path, key], scope)]),
    );
  }

  /** Undefined for text that stays as it is. */
  private substitute(text: string, path: YamlPath, scope: Scope): Substitute | undefined {
    if (!hasSubstitution(text)) {
      const braces = /\$\{[^}]*\}/.exec(text)?.[0];
      if (braces !== undefined)
        this.problems.warn(
          `${pathName(path)}: ${braces} stays as it is; substitutions are written $(arg name)`,
          this.source.at(path),
        );
      return undefined;
    }
    try {
      const substitute = fillTemplate(parseTemplate(text), scope.lookUp);
      if (!substitute.typed) this.texts.push(path);
      return substitute;
    } catch (error) {
      const { code = 'ERR_BABUS_LAUNCH_FILE' } = error as Partial<BabusError>;
      this.problems.add(this.source.error(code, path, (error as Error).message));
      return undefined;
    }
  }
}

function isMap(value: unknown): value is Data {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
