import type { Command } from 'commander';
import { registerAttach } from './attach.js';
import { registerBench } from './bench.js';
import { registerCheck } from './check.js';
import { registerDev } from './dev.js';
import { registerGen } from './gen.js';
import { registerLaunch } from './launch.js';
import { registerLogs } from './logs.js';
import { registerNodeActions } from './node-actions.js';
import { registerNode } from './node.js';
import { registerPs } from './ps.js';
import { registerRun } from './run.js';
import { registerSchema } from './schema.js';
import { registerSlot } from './slot.js';
import { registerStop } from './stop.js';
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
  registerDev,
  registerRun,
  registerPs,
  registerAttach,
  registerNodeActions,
  registerStop,
  registerCheck,
  registerNode,
  registerLogs,
  registerSlot,
  registerGen,
  registerSchema,
  registerBench,
];
