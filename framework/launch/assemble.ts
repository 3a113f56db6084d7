import { isAbsolute, join } from 'node:path';
import { realpathSync } from 'node:fs';
import { BabusError, formatPosition, isBabusError, type SourcePosition } from '../errors/index.js';
import { valueAt } from '../yaml/json-pointer.js';
import type { YamlPath } from '../yaml/index.js';
import type { GivenArgument, LaunchArgument } from './arguments.js';
import { FileReader, type OpenFile } from './file-reader.js';
import { givenParams, ParamFiles } from './given-params.js';
import { withDefaults, type Layer } from './layers.js';
import type { LogData } from './log-policy.js';
import { DEFAULT_RUNS, type LaunchFile, type LeftOut, type NodeEntry, type SlotSettings } from './model.js';
import { inNamespace, MAX_NAME_BYTES } from './names.js';
import { nodeEntry, type NodeData } from './node-entry.js';
import { pathKey, type Origin } from './origin.js';
import { includedFrom, type Problems } from './problems.js';
import { joinSlots, type GivenSlot } from './slot-entries.js';
import type { Scalar } from './text-values.js';

/** Rows of a domain's participants, less the launcher's. */
const MAX_NODES = 255;

/** More are no launch that a person wrote: files that include each other's neighbours twice double with each level. */
const MAX_INCLUDES = 500;

/** The data behind a launch file, or a group of it, that passed its JSON Schema. */
interface BodyData {
  readonly description?: string;
  readonly domain?: string;
  readonly log?: LogData;
  readonly slots?: Readonly<Record<string, SlotSettings>>;
  readonly nodes?: Readonly<Record<string, NodeData>>;
  readonly include?: readonly (string | IncludeData)[];
  readonly group?: readonly GroupData[];
}

interface IncludeData {
  readonly file: string;
  readonly namespace?: string;
  readonly args?: Readonly<Record<string, Scalar>>;
}

interface GroupData extends BodyData {
  readonly namespace?: string;
  readonly env?: NonNullable<NodeData['env']>;
  readonly defaults?: Partial<NodeData>;
}

/** What a part of a launch has from what it stands in. */
interface Surroundings {
  readonly namespace: string;
  /** The nearest first. */
  readonly layers: readonly Layer[];
  /** Real paths of its file and of those that include it, the main one first. */
  readonly chain: readonly string[];
  /** Where those includes stand, the nearest first. */
  readonly places: readonly SourcePosition[];
}

/** A launch file's arguments, as far as they could be read, and the launch when nothing is wrong with it. */
export interface Assembled {
  readonly args: readonly LaunchArgument[];
  readonly launch?: LaunchFile;
}

/**
 * Reads a launch file and all that it includes into one list of nodes and one of slots.
 * @throws BabusError ERR_BABUS_YAML when a file is missing or no YAML
 */
export function assembleLaunch(
  file: string,
  given: ReadonlyMap<string, GivenArgument>,
  env: NodeJS.ProcessEnv,
  problems: Problems,
): Assembled {
  const reader = new FileReader(env, problems);
  const { args, open } = reader.read(file, given);
  if (!open) return { args };
  const assembly = new Assembly(reader, problems);
  assembly.addBody(open, [], {
    namespace: '',
    layers: layersOf(open),
    chain: [realpathSync(file)],
    places: [],
  });
  const launch = assembly.finish(open, args);
  return problems.any ? { args } : { args, launch };
}

class Assembly {
  readonly #nodes = new Map<string, NodeEntry>();
  readonly #slots: GivenSlot[] = [];
  readonly #leftOut: LeftOut[] = [];
  readonly #paramFiles: ParamFiles;
  #includes = 0;

  constructor(
    private readonly reader: FileReader,
    private readonly problems: Problems,
  ) {
    this.#paramFiles = new ParamFiles(problems);
  }

  /** @param path of the group; empty for the whole file */
  addBody(file: OpenFile, path: YamlPath, around: Surroundings): void {
    const data = valueAt(file.source.data, path) as BodyData;
    const whole = valueAt(file.whole.data, path) as Readonly<Record<string, unknown>>;
    // Nodes start in the order of the file.
    for (const key of Object.keys(whole)) {
      if (key === 'nodes') this.#addNodes(file, path, data.nodes ?? {}, around);
      if (key === 'slots') this.#addSlots(file, path, data.slots ?? {}, around);
      if (key === 'group')
        for (const [index, group] of (data.group ?? []).entries())
          this.#addGroup(file, [...path, key, index], group, around);
      if (key === 'include')
        for (const [index, include] of (data.include ?? []).entries())
          this.#include(file, [...path, key, index], include, around);
    }
  }

  finish(file: OpenFile, args: readonly LaunchArgument[]): LaunchFile {
    const { description, domain, log } = file.source.data as BodyData;
    const origin = file.origin([]);
    const nodes = [...this.#nodes.values()];
    if (!this.problems.any) {
      if (nodes.length > MAX_NODES)
        this.problems.add(
          origin.error(
            'ERR_BABUS_LAUNCH_FILE',
            [],
            `${nodes.length} nodes; a domain has room for ${MAX_NODES}`,
          ),
        );
      if (nodes.length === 0)
        this.problems.add(
          origin.error('ERR_BABUS_LAUNCH_FILE', [], `no node is left to start${this.#reasons()}`),
        );
    }
    return {
      origin,
      args,
      nodes,
      slots: joinSlots(this.#slots, this.problems),
      leftOut: this.#leftOut,
      files: this.problems.files,
      runs: (typeof log === 'object' ? log.runs : undefined) ?? DEFAULT_RUNS,
      ...(description === undefined ? {} : { description }),
      ...(domain === undefined ? {} : { domain }),
    };
  }

  #reasons(): string {
    const reasons = this.#leftOut.slice(0, 5).map(({ name, why }) => `${name} (${why})`);
    return reasons.length === 0 ? '' : `; left out: ${reasons.join(', ')}`;
  }

  #addNodes(
    file: OpenFile,
    path: YamlPath,
    nodes: Readonly<Record<string, NodeData>>,
    { namespace, layers }: Surroundings,
  ): void {
    const whole = valueAt(file.whole.data, [...path, 'nodes']) as object;
    for (const key of Object.keys(whole)) {
      const here = [...path, 'nodes', key];
      const name = inNamespace(namespace, key);
      const origin = file.origin(here).over(layers.map((layer) => layer.origin));
      const why = file.leftOut.get(pathKey(here));
      if (why !== undefined) this.#leaveOut('node', name, why, origin.at([], { key: true }));
      else if (this.#isFree(name, origin)) {
        const own = nodes[key]!;
        const params = givenParams([{ data: own, origin: file.origin(here) }, ...layers], this.#paramFiles);
        const data = withDefaults(own, layers);
        this.#nodes.set(name, nodeEntry(origin, name, namespace, data, params, this.problems));
      }
    }
  }

  #isFree(name: string, origin: Origin): boolean {
    const other = this.#nodes.get(name);
    const isTooLong = name.length > MAX_NAME_BYTES;
    const refuse = (message: string): void =>
      this.problems.add(origin.error('ERR_BABUS_LAUNCH_FILE', [], message, { key: true }));
    if (other)
      refuse(
        `there are two nodes '${name}'; the other is at ${formatPosition(other.origin.at([], { key: true }))}`,
      );
    if (isTooLong)
      refuse(
        `the node's name '${name}' has ${name.length} characters with its namespace, and may have ${MAX_NAME_BYTES}`,
      );
    return !other && !isTooLong;
  }

  #addSlots(
    file: OpenFile,
    path: YamlPath,
    slots: Readonly<Record<string, SlotSettings>>,
    { namespace, chain }: Surroundings,
  ): void {
    for (const [key, settings] of Object.entries(slots))
      this.#slots.push({
        name: inNamespace(namespace, key),
        origin: file.origin([...path, 'slots', key]),
        settings,
        depth: chain.length,
      });
  }

  #addGroup(file: OpenFile, path: YamlPath, group: GroupData, around: Surroundings): void {
    const why = file.leftOut.get(pathKey(path));
    if (why !== undefined) {
      this.#leaveOutGroup(file, path, around.namespace, why);
      return;
    }
    const { namespace, env, defaults } = group;
    const own: Layer[] = [
      ...(defaults ? [{ data: defaults, origin: file.origin([...path, 'defaults']) }] : []),
      ...(env ? [{ data: { env }, origin: file.origin(path) }] : []),
    ];
    this.addBody(file, path, {
      ...around,
      namespace: namespace === undefined ? around.namespace : inNamespace(around.namespace, namespace),
      layers: [...own, ...around.layers],
    });
  }

  #leaveOutGroup(file: OpenFile, path: YamlPath, outer: string, why: string): void {
    const { namespace, nodes = {}, include = [], group = [] } = valueAt(file.whole.data, path) as GroupData;
    const inner = namespace === undefined ? outer : inNamespace(outer, namespace);
    const at = (...steps: YamlPath): SourcePosition => file.whole.at([...path, ...steps], { key: true });
    for (const key of Object.keys(nodes))
      this.#leaveOut('node', inNamespace(inner, key), why, at('nodes', key));
    for (const [index, each] of include.entries())
      this.#leaveOut('include', fileOf(each), why, at('include', index));
    for (const index of group.keys()) this.#leaveOutGroup(file, [...path, 'group', index], inner, why);
  }

  #leaveOut(kind: LeftOut['kind'], name: string, why: string, at: SourcePosition): void {
    this.#leftOut.push({ kind, name, why, at });
  }

  #include(file: OpenFile, path: YamlPath, include: string | IncludeData, around: Surroundings): void {
    const origin = file.origin(path);
    const why = file.leftOut.get(pathKey(path));
    if (why !== undefined) {
      const whole = valueAt(file.whole.data, path) as string | IncludeData;
      this.#leaveOut('include', fileOf(whole), why, origin.at([]));
      return;
    }
    const { namespace, args = {} } = typeof include === 'string' ? ({} as IncludeData) : include;
    const target = this.#target(origin, fileOf(include), around.chain);
    if (target === undefined) return;
    const places = [origin.at([]), ...around.places];
    const given = new Map(
      Object.entries(args).map(([name, value]): [string, GivenArgument] => {
        const refuse: GivenArgument['refuse'] = (message) => origin.problem(['args', name], message);
        return [name, { value, typed: !origin.isText(['args', name]), refuse }];
      }),
    );
    const opened = this.#open(target.file, given, places, origin);
    if (opened)
      this.addBody(opened, [], {
        namespace: namespace === undefined ? around.namespace : inNamespace(around.namespace, namespace),
        layers: [...layersOf(opened), ...around.layers],
        chain: [...around.chain, target.realPath],
        places,
      });
  }

  /** Undefined when there is no such file, or when to read it would never end. */
  #target(
    origin: Origin,
    name: string,
    chain: readonly string[],
  ): { file: string; realPath: string } | undefined {
    const steps = origin.has(['file']) ? ['file'] : [];
    const file = isAbsolute(name) ? name : join(origin.folderOf([]), name);
    let realPath: string;
    try {
      realPath = realpathSync(file);
    } catch (error) {
      this.problems.add(origin.problem(steps, `cannot include ${file}: ${whyNot(error)}`));
      return undefined;
    }
    if (chain.includes(realPath)) {
      const circle = [...chain.slice(chain.indexOf(realPath)), realPath];
      this.problems.add(origin.problem(steps, `${file} includes itself: ${circle.join(' -> ')}`));
      return undefined;
    }
    if (++this.#includes <= MAX_INCLUDES) return { file, realPath };
    if (this.#includes === MAX_INCLUDES + 1)
      this.problems.add(origin.problem(steps, `more than ${MAX_INCLUDES} files are included`));
    return undefined;
  }

  #open(
    file: string,
    given: ReadonlyMap<string, GivenArgument>,
    places: readonly SourcePosition[],
    origin: Origin,
  ): OpenFile | undefined {
    try {
      return this.reader.read(file, given, places, (missing) => {
        const names = missing.map((name) => `'${name}'`).join(', ');
        const message = `${file} needs ${names}; give it a value under args of the include`;
        return origin.problem(origin.has(['args']) ? ['args'] : [], message);
      }).open;
    } catch (error) {
      if (!isBabusError(error)) throw error;
      this.problems.add(error.at ? withNote(error, includedFrom(places)) : origin.problem([], error.message));
    }
    return undefined;
  }
}

/** An error of a file's syntax, which nothing has been read of yet. */
function withNote(error: BabusError, note: string): BabusError {
  const prefix = error.at ? `${formatPosition(error.at)}: ` : '';
  const message = error.message.startsWith(prefix) ? error.message.slice(prefix.length) : error.message;
  return new BabusError(error.code, message + note, error.at, { cause: error });
}

/** What a file says about all its nodes. */
function layersOf(file: OpenFile): Layer[] {
  const { log } = file.source.data as BodyData;
  return log === undefined ? [] : [{ data: { log }, origin: file.origin([]) }];
}

function fileOf(include: string | IncludeData): string {
  return typeof include === 'string' ? include : include.file;
}

function whyNot(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? 'there is no such file' : message;
}
