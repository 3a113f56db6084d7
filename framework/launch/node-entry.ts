import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { readLog, type LogData } from './log-policy.js';
import { RESTART_DEFAULTS, type GivenParams, type NodeEntry, type RestartPolicy } from './model.js';
import { inNamespace } from './names.js';
import type { Origin } from './origin.js';
import { readLife, type LifeData } from './dependencies.js';
import { readPlacement, type PlacementData } from './placement.js';
import type { Problems } from './problems.js';
import { readDuration } from './read-duration.js';
import { readWake, type WakeData } from './wake.js';

/** A node as the file has it, its shape checked. */
export interface NodeData extends PlacementData, LifeData {
  readonly use: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly params_from?: string | readonly string[];
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
  readonly log?: LogData;
}

/** @param name from the root */
export function nodeEntry(
  origin: Origin,
  name: string,
  namespace: string,
  data: NodeData,
  params: GivenParams,
  problems: Problems,
): NodeEntry {
  const { use, ports = {}, env = {}, restart = {} } = data;
  const cwd = data.cwd === undefined ? undefined : resolve(origin.folderOf(['cwd']), data.cwd);
  if (cwd !== undefined && statSync(cwd, { throwIfNoEntry: false })?.isDirectory() !== true)
    problems.add(origin.problem(['cwd'], `there is no folder ${cwd}`));
  const duration = (key: 'delay' | 'window'): number | undefined =>
    readDuration(origin, ['restart', key], restart[key], problems);
  return {
    name,
    namespace,
    origin,
    use,
    params,
    ports: mapValues(ports, (slot) => inNamespace(namespace, slot)),
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
    ...readPlacement(origin, data, problems),
    life: readLife(origin, namespace, data, problems),
    log: readLog(data.log),
  };
}

function mapValues<T, R>(record: Readonly<Record<string, T>>, change: (value: T) => R): Record<string, R> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
