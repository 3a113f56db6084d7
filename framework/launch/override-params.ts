import { BabusError, didYouMean } from '../errors/index.js';
import { YamlSource, type YamlPath } from '../yaml/index.js';
import { addAll, ParamFiles, type Values } from './given-params.js';
import type { LaunchFile, LeftOut, NodeEntry, ParamSource } from './model.js';
import type { Problems } from './problems.js';

/** Parameters from outside of launch files. */
export interface Overrides {
  /** Files with a map of parameters for each node; the last goes first. */
  readonly files: readonly string[];
  /** `NODE.PARAM=VALUE`; go before files. */
  readonly words: readonly string[];
}

/**
 * The nodes of a launch with parameters of the command line in place of their own.
 * @throws BabusError ERR_BABUS_YAML, ERR_BABUS_ARGUMENT
 */
export function overrideParams(
  { nodes, leftOut }: LaunchFile,
  { files, words }: Overrides,
  problems: Problems,
): NodeEntry[] {
  const reader = new ParamFiles(problems);
  const targets = new Map(nodes.map(({ name, params }) => [name, new Map(params)]));
  for (const file of files) {
    const source = reader.ofNodes(file);
    for (const [node, values] of Object.entries((source?.data ?? {}) as Record<string, Values>)) {
      const params = targets.get(node.replace(/^\//, ''));
      if (params) addAll(params, source!, [node], values);
      else reportNode(node, [...targets.keys()], leftOut, source!, [node], problems);
    }
  }
  for (const word of words) {
    const { node, param, text } = parseWord(word);
    const source: ParamSource = { error: (code, _path, message) => new BabusError(code, message) };
    const params = targets.get(node);
    const path = [`--set ${node}`, param];
    if (params) params.set(param, { value: textOrList(text, word), source, path, isText: () => true });
    else reportNode(node, [...targets.keys()], leftOut, source, path, problems);
  }
  return nodes.map((node) => ({ ...node, params: targets.get(node.name)! }));
}

function parseWord(word: string): { node: string; param: string; text: string } {
  const match = /^\/?([A-Za-z0-9_/]+)\.([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(word);
  if (!match)
    throw new BabusError(
      'ERR_BABUS_ARGUMENT',
      `--set ${word}: write NODE.PARAM=VALUE, such as camera.rate=10`,
    );
  return { node: match[1]!, param: match[2]!, text: match[3]! };
}

/** A list is written as in YAML: `[a, b]`. */
function textOrList(text: string, word: string): unknown {
  if (!/^\s*\[.*\]\s*$/s.test(text)) return text;
  try {
    const { data } = YamlSource.parse(text, '--set');
    return Array.isArray(data) ? data : text;
  } catch (error) {
    throw new BabusError('ERR_BABUS_ARGUMENT', `--set ${word}: ${(error as Error).message}`, undefined, {
      cause: error,
    });
  }
}

/** A node that is left out takes no parameters, which may be meant; one that nobody knows is a mistake. */
function reportNode(
  given: string,
  known: readonly string[],
  leftOut: readonly LeftOut[],
  source: ParamSource,
  path: YamlPath,
  problems: Problems,
): void {
  const name = given.replace(/^\//, '');
  const out = leftOut.find((each) => each.kind === 'node' && each.name === name);
  const where = source instanceof YamlSource ? '' : `${path.join('.')}: `;
  if (!out) {
    const message = `${where}there is no node '${given}' in this launch${didYouMean(name, known)}`;
    problems.add(source.error('ERR_BABUS_NODE_MISSING', path, message, { key: true }));
    return;
  }
  const message = `${where}the node '${given}' is left out of this launch (${out.why}); its parameters have no effect`;
  problems.warn(message, source instanceof YamlSource ? source.at(path, { key: true }) : undefined);
}
