import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Pinning } from './suite.js';

/** The first or the second of two ends that talk. */
export type End = 0 | 1;

/** Which pinnings this machine can do, and why not the others. */
export function findPinnings(): { readonly pinnings: readonly Pinning[]; readonly why?: string } {
  const { error } = spawnSync('taskset', ['--version'], { stdio: 'ignore' });
  if (error !== undefined)
    return { pinnings: ['none'], why: 'taskset (package util-linux) is not here, so nothing is pinned' };
  if (availableParallelism() < 2)
    return { pinnings: ['one core', 'none'], why: 'this machine has one core, so nothing runs on two' };
  return { pinnings: ['one core', 'two cores', 'none'] };
}

/** A command that runs `command` with one end's pinning. */
export function pinned(pinning: Pinning, end: End, command: readonly string[]): readonly string[] {
  if (pinning === 'none') return command;
  return ['taskset', '-c', pinning === 'one core' ? '0' : String(end), ...command];
}

/** The same for one process that has both ends in it, as threads. */
export function pinnedAsOne(pinning: Pinning, command: readonly string[]): readonly string[] {
  if (pinning === 'none') return command;
  return ['taskset', '-c', pinning === 'one core' ? '0' : '0,1', ...command];
}
