import { durationProblem, parseDurationMs } from '../duration.js';
import { inNamespace } from './names.js';
import type { Origin } from './origin.js';
import type { Problems } from './problems.js';

/** What another node must have come to before a node is started. */
export type DependencyCondition = 'started' | 'ready' | 'publishing' | 'exited';

export interface Dependency {
  /** Name from the root. */
  readonly node: string;
  readonly condition: DependencyCondition;
}

/** Keys of a node that say when it starts and what its end means, as the file has them. */
export interface LifeData {
  readonly depends_on?: string | readonly string[] | Readonly<Record<string, DependencyCondition>>;
  readonly start_timeout?: string;
  readonly stop_timeout?: string;
  readonly required?: boolean;
}

export interface Life {
  /** In the order of the file; empty for nodes that start at once. */
  readonly dependsOn: readonly Dependency[];
  /** A run that is not ready after so long is ended. */
  readonly startTimeoutMs?: number;
  /** How long it may take from being asked to stop until SIGTERM. */
  readonly stopTimeoutMs?: number;
  /** The launch ends when the node has. */
  readonly required: boolean;
}

export function readLife(origin: Origin, namespace: string, data: LifeData, problems: Problems): Life {
  const { depends_on: given = [], required = false } = data;
  const entries: readonly (readonly [string, DependencyCondition])[] =
    typeof given === 'string' || Array.isArray(given)
      ? [given].flat().map((name: string) => [name, 'ready'] as const)
      : Object.entries(given as Readonly<Record<string, DependencyCondition>>);
  const durationOf = (key: 'start_timeout' | 'stop_timeout'): number | undefined => {
    const text = data[key];
    if (text === undefined) return undefined;
    const problem = durationProblem(text);
    if (problem === undefined) return parseDurationMs(text);
    problems.add(origin.problem([key], problem));
    return undefined;
  };
  const [startTimeoutMs, stopTimeoutMs] = [durationOf('start_timeout'), durationOf('stop_timeout')];
  return {
    dependsOn: entries.map(([name, condition]) => ({ node: inNamespace(namespace, name), condition })),
    ...(startTimeoutMs === undefined ? {} : { startTimeoutMs }),
    ...(stopTimeoutMs === undefined ? {} : { stopTimeoutMs }),
    required,
  };
}
