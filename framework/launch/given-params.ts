import { resolve } from 'node:path';
import { isBabusError } from '../errors/index.js';
import { compileJsonSchema, validateYaml, YamlSource, type YamlPath } from '../yaml/index.js';
import type { Layer } from './layers.js';
import type { GivenParam, GivenParams, ParamSource } from './model.js';
import type { Origin } from './origin.js';
import type { Problems } from './problems.js';

export type Values = Readonly<Record<string, unknown>>;

const VALUE = {
  type: ['string', 'number', 'boolean', 'array'],
  items: { type: ['string', 'number', 'boolean'] },
};
const OF_ONE_NODE = { type: 'object', additionalProperties: VALUE };
const OF_NODES = { type: 'object', additionalProperties: OF_ONE_NODE };

/** Reads files of parameters, each once. */
export class ParamFiles {
  readonly #read = new Map<string, YamlSource | undefined>();

  constructor(private readonly problems: Problems) {}

  /** Parameters of one node from a file that its launch file names; undefined when something is wrong with it. */
  ofNode(file: string, origin: Origin, steps: YamlPath): YamlSource | undefined {
    if (this.#read.has(file)) return this.#read.get(file);
    let source: YamlSource | undefined;
    try {
      source = this.#checked(file, OF_ONE_NODE);
    } catch (error) {
      if (!isBabusError(error)) throw error;
      this.problems.add(error.at ? error : origin.problem(steps, error.message));
    }
    this.#read.set(file, source);
    return source;
  }

  /** Parameters of several nodes, by their names. @throws BabusError ERR_BABUS_YAML */
  ofNodes(file: string): YamlSource | undefined {
    return this.#checked(file, OF_NODES);
  }

  #checked(file: string, schema: object): YamlSource | undefined {
    this.problems.reads(file);
    const source = YamlSource.read(file);
    const errors = validateYaml(source, compileJsonSchema(schema), 'ERR_BABUS_PARAM');
    this.problems.add(...errors);
    return errors.length === 0 ? source : undefined;
  }
}

/**
 * The parameters that launch files give to a node. At each level, what stands in the launch file goes before what stands in a
 * file of parameters, and of those the last goes first.
 * @param levels what the node says itself, then its groups, the nearest first
 */
export function givenParams(levels: readonly Layer[], files: ParamFiles): GivenParams {
  const given = new Map<string, GivenParam>();
  for (const { data, origin } of [...levels].reverse()) {
    const from = data.params_from ?? [];
    for (const [index, name] of (typeof from === 'string' ? [from] : from).entries()) {
      const steps = typeof from === 'string' ? ['params_from'] : ['params_from', index];
      const source = files.ofNode(resolve(origin.folderOf(steps), name), origin, steps);
      if (source) addAll(given, source, [], source.data as Values);
    }
    for (const [name, value] of Object.entries(data.params ?? {})) {
      const { source, path } = origin.placeOf(['params', name]);
      given.set(name, { value, source, path, isText: (steps) => origin.isText(['params', name, ...steps]) });
    }
  }
  return given;
}

/** Puts values of a file, which stand at `path`, in place of others. */
export function addAll(
  given: Map<string, GivenParam>,
  source: ParamSource,
  path: YamlPath,
  values: Values,
): void {
  for (const [name, value] of Object.entries(values))
    given.set(name, { value, source, path: [...path, name], isText: () => false });
}
