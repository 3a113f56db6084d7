import { readFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** What the figures depend on. The load says whether others were at work meanwhile. */
export function describeMachine(): object {
  return {
    model: cpus()[0]?.model,
    cpus: cpus().length,
    memory_bytes: totalmem(),
    kernel: release(),
    node: process.version,
    is_virtual: readFileSync('/proc/cpuinfo', 'utf8').includes(' hypervisor'),
    load_1_minute: loadavg()[0],
  };
}
