import { formatBytes } from '../byte-size.js';
import { formatCpus } from '../cpus.js';
import type { Placement } from '../placement.js';

/** Keys as in launch files. */
export function placementToJson(placement: Placement): object {
  const { cpus, policy, nice, memory, lockedMemory, core, openFiles } = placement;
  const scheduling = {
    ...(cpus && { cpus: cpus.numbers }),
    ...(policy && { policy: policy.policy, ...(policy.priority > 0 && { priority: policy.priority }) }),
    ...(nice && { nice: nice.nice }),
    ...((cpus ?? policy ?? nice)?.isOptional === true && { optional: true }),
  };
  const limits = {
    ...(memory && { memory: formatBytes(memory.bytes) }),
    ...(lockedMemory && { locked_memory: formatBytes(lockedMemory.bytes) }),
    ...(core && { core: formatBytes(core.bytes) }),
    ...(openFiles && { open_files: openFiles.count }),
    ...((memory ?? lockedMemory ?? core ?? openFiles)?.isOptional === true && { optional: true }),
  };
  return {
    ...(Object.keys(scheduling).length > 0 && { scheduling }),
    ...(Object.keys(limits).length > 0 && { limits }),
  };
}

/** `fifo 10, cpus 0-1, memory 512MB` */
export function placementToText(placement: Placement): string {
  const { cpus, policy, nice, memory, lockedMemory, core, openFiles } = placement;
  return [
    ...(policy ? [policy.priority > 0 ? `${policy.policy} ${policy.priority}` : policy.policy] : []),
    ...(cpus ? [`cpus ${formatCpus(cpus.numbers)}`] : []),
    ...(nice ? [`nice ${nice.nice}`] : []),
    ...(memory ? [`memory ${formatBytes(memory.bytes)}`] : []),
    ...(lockedMemory ? [`locked memory ${formatBytes(lockedMemory.bytes)}`] : []),
    ...(core ? [`core ${formatBytes(core.bytes)}`] : []),
    ...(openFiles ? [`open files ${openFiles.count}`] : []),
  ].join(', ');
}
