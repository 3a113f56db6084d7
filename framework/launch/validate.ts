import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { durationProblem, parseDurationMs } from '../duration.js';
import { validateYaml, type YamlPath } from '../yaml/index.js';
import type { LaunchArgument } from './arguments.js';
import { launchValidator } from './json-schema.js';
import {
  RESTART_DEFAULTS,
  type LaunchFile,
  type NodeEntry,
  type RestartPolicy,
  type SlotEntry,
  type SlotSettings,
} from './model.js';
import { Origin, pathKey } from './origin.js';
import type { Problems } from './problems.js';
import { readTexts } from './read-texts.js';
import type { FilledSource } from './substitute.js';
import { readWake, type WakeData } from './wake.js';

/** The data behind a launch file that passed its JSON Schema. */
interface LaunchData {
  readonly description?: string;
  readonly domain?: string;
  readonly slots?: Readonly<Record<string, SlotSettings>>;
  readonly nodes: Readonly<Record<string, NodeData>>;
}

interface NodeData {
  readonly use: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly ports?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string | number | boolean>>;
  readonly cwd?: string;
  readonly restart?: {
    readonly policy?: RestartPolicy['policy'];
    readonly delay?: string;
    readonly backoff?: number;
    readonly max?: number;
    readonly window?: string;
  };
  readonly wake?: WakeData;
}

/** Third stage: checks types, names and limits after substitution. Undefined when something is wrong. */
export function validateLaunch(
  filled: FilledSource,
  args: readonly LaunchArgument[],
  problems: Problems,
): LaunchFile | undefined {
  const source = readTexts(filled.source, filled.texts, launchValidator());
  problems.add(...validateYaml(source, launchValidator(), 'ERR_BABUS_LAUNCH_FILE'));
  if (problems.any) return undefined;
  const { description, domain, slots = {}, nodes } = source.data as LaunchData;
  const texts = new Set(filled.texts.map(pathKey));
  const originOf = (...path: YamlPath): Origin => new Origin(source, path, texts);
  return {
    origin: originOf(),
    args,
    slots: slotEntries(originOf('slots'), slots, problems),
    nodes: Object.entries(nodes).map(([name, data]) =>
      nodeEntry(originOf('nodes', name), name, data, problems),
    ),
    ...(description === undefined ? {} : { description }),
    ...(domain === undefined ? {} : { domain }),
  };
}

function slotEntries(
  origin: Origin,
  slots: Readonly<Record<string, SlotSettings>>,
  problems: Problems,
): SlotEntry[] {
  const keys = new Map<string, string>();
  for (const key of Object.keys(slots)) {
    const name = slotName(key);
    const other = keys.get(name);
    if (other === undefined) keys.set(name, key);
    else
      problems.add(
        origin.error('ERR_BABUS_LAUNCH_FILE', [key], `'${key}' and '${other}' are the same slot`, {
          key: true,
        }),
      );
  }
  return [...keys].map(([name, key]) => ({ name, origin: origin.below(key), settings: slots[key]! }));
}

/** Slots are named from the root; a leading slash says so. */
function slotName(text: string): string {
  return text.replace(/^\//, '');
}

function nodeEntry(origin: Origin, name: string, data: NodeData, problems: Problems): NodeEntry {
  const { use, params = {}, ports = {}, env = {}, restart = {} } = data;
  const cwd = data.cwd === undefined ? undefined : resolve(origin.folderOf(['cwd']), data.cwd);
  if (cwd !== undefined && statSync(cwd, { throwIfNoEntry: false })?.isDirectory() !== true)
    problems.add(origin.problem(['cwd'], `there is no folder ${cwd}`));
  const duration = (key: 'delay' | 'window'): number | undefined =>
    readDuration(origin, ['restart', key], restart[key], problems);
  return {
    name,
    origin,
    use,
    params,
    ports: mapValues(ports, slotName),
    env: mapValues(env, String),
    ...(cwd === undefined ? {} : { cwd }),
    restart: {
      policy: restart.policy ?? RESTART_DEFAULTS.policy,
      delayMs: duration('delay') ?? RESTART_DEFAULTS.delayMs,
      backoff: restart.backoff ?? RESTART_DEFAULTS.backoff,
      ...(restart.max === undefined ? {} : { max: restart.max }),
      windowMs: duration('window') ?? RESTART_DEFAULTS.windowMs,
    },
    ...readWake(origin, data.wake, problems),
  };
}

function readDuration(
  origin: Origin,
  steps: YamlPath,
  text: string | undefined,
  problems: Problems,
): number | undefined {
  if (text === undefined) return undefined;
  const problem = durationProblem(text);
  if (problem === undefined) return parseDurationMs(text);
  problems.add(origin.problem(steps, problem));
  return undefined;
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
