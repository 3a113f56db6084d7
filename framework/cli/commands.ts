import type { Command } from 'commander';
import { registerBench } from './bench.js';
import { registerCheck } from './check.js';
import { registerGen } from './gen.js';
import { registerLaunch } from './launch.js';
import { registerLogs } from './logs.js';
import { registerNode } from './node.js';
import { registerSlot } from './slot.js';
import type { StartTop } from './top-hook.js';

/** Adds one group of commands to the program. */
export type Register = (program: Command) => void;

/** Loaded with the first `--top`: the table's libraries cost start-up time. */
const startTop: StartTop = async (where) => {
  const { Top } = await import('../tools/top.js');
  return new Top(where);
};

export const COMMANDS: readonly Register[] = [
  (program) => registerLaunch(program, startTop),
  registerCheck,
  registerNode,
  registerLogs,
  registerSlot,
  registerGen,
  registerBench,
];
