import type { SourcePosition } from '../errors/index.js';
import type { YamlPath } from '../yaml/index.js';
import { parseBytes } from './byte-size.js';
import { parseCpus } from './cpus.js';
import type { Origin } from './origin.js';
import type { Problems } from './problems.js';

export type SchedulingPolicy = 'other' | 'batch' | 'idle' | 'fifo' | 'rr';

/** `scheduling` and `limits` of a node as the file has them, their shape checked. */
export interface PlacementData {
  readonly scheduling?: {
    readonly cpus?: string | number | readonly number[];
    readonly policy?: SchedulingPolicy;
    readonly priority?: number;
    readonly nice?: number;
    readonly optional?: boolean;
  };
  readonly limits?: {
    readonly memory?: string | number;
    readonly locked_memory?: string | number;
    readonly core?: string | number;
    readonly open_files?: number;
    readonly optional?: boolean;
  };
}

/** One thing that is asked of the kernel for a node's process, and where the launch file asks it. */
export interface Demand {
  /** Such as `nodes.camera.scheduling.policy`. */
  readonly name: string;
  readonly at: SourcePosition;
  /** Without it the node runs all the same. */
  readonly isOptional: boolean;
}

/** Where and how a node's process runs, and what it may use. What is not there is as the launcher has it. */
export interface Placement {
  /** Numbers of processors. */
  readonly cpus?: Demand & { readonly numbers: readonly number[] };
  /** `priority` is 1 to 99 for fifo and rr, else 0. */
  readonly policy?: Demand & { readonly policy: SchedulingPolicy; readonly priority: number };
  readonly nice?: Demand & { readonly nice: number };
  /** Memory of its own that the process may use; looked at by the launcher. */
  readonly memory?: Demand & { readonly bytes: number };
  readonly lockedMemory?: Demand & { readonly bytes: number };
  /** Of a core file. */
  readonly core?: Demand & { readonly bytes: number };
  readonly openFiles?: Demand & { readonly count: number };
}

export function isRealTime(policy: SchedulingPolicy | undefined): boolean {
  return policy === 'fifo' || policy === 'rr';
}

/** Empty when the file says nothing. */
export function readPlacement(
  origin: Origin,
  data: PlacementData,
  problems: Problems,
): { placement?: Placement } {
  if (data.scheduling === undefined && data.limits === undefined) return {};
  return { placement: { ...readScheduling(origin, data, problems), ...readLimits(origin, data, problems) } };
}

function readScheduling(
  origin: Origin,
  { scheduling = {} }: PlacementData,
  problems: Problems,
): Pick<Placement, 'cpus' | 'policy' | 'nice'> {
  const { cpus, policy, priority, nice, optional: isOptional = false } = scheduling;
  const demand = (key: string): Demand => demandAt(origin, ['scheduling', key], isOptional);
  const wrong = (key: string, text: string): void => problems.add(origin.problem(['scheduling', key], text));
  const numbers = cpus === undefined ? undefined : parseCpus(cpus);
  if (typeof numbers === 'string') wrong('cpus', numbers);
  if (isRealTime(policy) && priority === undefined)
    wrong('policy', `${policy} needs a priority from 1 to 99; 1 is above everything that is not real time`);
  if (!isRealTime(policy) && priority !== undefined)
    wrong('priority', 'goes with the policies fifo and rr; give one, or use nice');
  if (nice !== undefined && (isRealTime(policy) || policy === 'idle'))
    wrong('nice', `means nothing with policy ${policy}; leave out one of the two`);
  return {
    ...(typeof numbers !== 'object' ? {} : { cpus: { ...demand('cpus'), numbers } }),
    ...(policy === undefined ? {} : { policy: { ...demand('policy'), policy, priority: priority ?? 0 } }),
    ...(nice === undefined ? {} : { nice: { ...demand('nice'), nice } }),
  };
}

function readLimits(
  origin: Origin,
  { limits = {} }: PlacementData,
  problems: Problems,
): Pick<Placement, 'memory' | 'lockedMemory' | 'core' | 'openFiles'> {
  const { open_files: count, optional: isOptional = false } = limits;
  const demand = (key: string): Demand => demandAt(origin, ['limits', key], isOptional);
  const sized = (key: 'memory' | 'locked_memory' | 'core'): (Demand & { bytes: number }) | undefined => {
    const given = limits[key];
    if (given === undefined) return undefined;
    const bytes = given === 'unlimited' && key !== 'memory' ? Infinity : parseBytes(given);
    if (!Number.isNaN(bytes) && (key !== 'memory' || bytes > 0)) return { ...demand(key), bytes };
    const others = key === 'memory' ? '' : ', 0 or unlimited';
    problems.add(
      origin.problem(['limits', key], `'${given}' is not a size; write one such as 512MB or 64KiB${others}`),
    );
    return undefined;
  };
  const [memory, lockedMemory, core] = [sized('memory'), sized('locked_memory'), sized('core')];
  return {
    ...(memory && { memory }),
    ...(lockedMemory && { lockedMemory }),
    ...(core && { core }),
    ...(count === undefined ? {} : { openFiles: { ...demand('open_files'), count } }),
  };
}

function demandAt(origin: Origin, steps: YamlPath, isOptional: boolean): Demand {
  return { name: origin.nameOf(steps), at: origin.at(steps), isOptional };
}
