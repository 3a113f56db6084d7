import { formatPosition } from '../errors/index.js';
import type { Demand, Placement, Refusal } from '../launch/index.js';
import { native, type PlacementRefusal } from '../native.js';

/**
 * Puts a process where its launch file wants it. The kernel lets us do so from outside, so a node and a program in any language
 * are treated alike; what they start inherits it.
 * @returns what was refused
 */
export function placeProcess(pid: number, placement: Placement): Refusal[] {
  const refusals: Refusal[] = [];
  const demand = (wanted: Demand, refusal: PlacementRefusal | undefined, rights: string): void => {
    if (refusal === undefined) return;
    const { name, at, isOptional } = wanted;
    const hint = refusal.notPermitted ? `: this user may not; it takes ${rights}` : `: ${refusal.reason}`;
    const others = isOptional ? 'it goes on without' : 'or go on without by optional: true';
    refusals.push({ message: `${formatPosition(at)}: ${name} was refused${hint}; ${others}`, isOptional });
  };
  const kernel = native();
  const { cpus, policy, nice, core, lockedMemory, openFiles } = placement;
  const raised = 'CAP_SYS_RESOURCE to raise it above what the launcher has (ulimit -H)';
  if (cpus) demand(cpus, kernel.setAffinity(pid, cpus.numbers), 'CAP_SYS_NICE');
  if (policy) {
    const rights = `CAP_SYS_NICE, or a limit of real-time priorities of ${policy.priority} or more (ulimit -r)`;
    demand(policy, kernel.setPolicy(pid, policy.policy, policy.priority), rights);
  }
  if (nice) demand(nice, kernel.setNice(pid, nice.nice), 'CAP_SYS_NICE, or a limit of niceness (ulimit -e)');
  if (core) demand(core, kernel.setLimit(pid, 'core', core.bytes), raised);
  if (lockedMemory) demand(lockedMemory, kernel.setLimit(pid, 'lockedMemory', lockedMemory.bytes), raised);
  if (openFiles) demand(openFiles, kernel.setLimit(pid, 'openFiles', openFiles.count), raised);
  return refusals;
}
