import { durationProblem, parseDurationMs } from '../duration.js';
import { MAX_SPIN_US, type WakeSpec } from '../spec.js';
import type { Origin } from './origin.js';
import type { Problems } from './problems.js';

/** `wake` of a node as the file has it, its shape checked. */
export type WakeData =
  | WakeSpec['mode']
  | {
      readonly mode?: WakeSpec['mode'];
      readonly spin?: string;
      readonly spin_while?: 'always' | 'busy';
    };

/** Empty when the file says nothing. */
export function readWake(
  origin: Origin,
  data: WakeData | undefined,
  problems: Problems,
): { wake?: WakeSpec } {
  if (data === undefined) return {};
  const { mode = 'auto', spin, spin_while: spinWhile } = typeof data === 'string' ? { mode: data } : data;
  const spinUs = spin === undefined ? undefined : readSpinUs(origin, spin, problems);
  return {
    wake: {
      mode,
      ...(spinUs === undefined ? {} : { spinUs }),
      ...(spinWhile === undefined ? {} : { spinWhile }),
    },
  };
}

function readSpinUs(origin: Origin, text: string, problems: Problems): number | undefined {
  const spinUs = durationProblem(text) === undefined ? parseDurationMs(text) * 1000 : NaN;
  if (spinUs <= MAX_SPIN_US) return spinUs;
  const problem =
    durationProblem(text) ?? `'${text}' is too long; at most 1ms, for the event loop stands still meanwhile`;
  problems.add(origin.problem(['wake', 'spin'], problem));
  return undefined;
}
