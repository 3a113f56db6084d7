/**
 * `performance.eventLoopUtilization()` for a loop that sleeps on a futex: libuv counts as idle only what it spends polling, so
 * time slept elsewhere would read as work. A parent that asks for a worker's is answered by libuv alone; workers do not sleep so
 * unless they are told to.
 */
import { performance, type EventLoopUtilization } from 'node:perf_hooks';

const CORRECTED = Symbol.for('babus.loopUtilization');

type Ask = typeof performance.eventLoopUtilization & { readonly [CORRECTED]?: true };

/** Corrects it for this thread, once, by what `sleptMs` says. */
export function correctLoopUtilization(sleptMs: () => number): void {
  const before: Ask = performance.eventLoopUtilization;
  if (before[CORRECTED]) return;
  const now = (): EventLoopUtilization => {
    const { idle, active } = before.call(performance);
    const slept = Math.min(sleptMs(), active);
    return withUtilization(idle + slept, active - slept);
  };
  const ask: Ask = (later?: EventLoopUtilization, earlier?: EventLoopUtilization) => {
    if (earlier && later) return withUtilization(later.idle - earlier.idle, later.active - earlier.active);
    const current = now();
    return later ? withUtilization(current.idle - later.idle, current.active - later.active) : current;
  };
  Object.defineProperty(ask, CORRECTED, { value: true });
  Object.defineProperty(performance, 'eventLoopUtilization', {
    value: ask,
    configurable: true,
    writable: true,
  });
}

function withUtilization(idle: number, active: number): EventLoopUtilization {
  return { idle, active, utilization: idle + active === 0 ? 0 : active / (idle + active) };
}
