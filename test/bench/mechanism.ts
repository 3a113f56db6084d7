import type { WakeMode, WakeOptions } from '../../framework/native.js';

const MODES: readonly WakeMode[] = ['auto', 'loop', 'doorbell', 'thread'];
const SPINNING = '+spin';
/** Longer than a round trip between two cores takes. */
const SPIN_US = 50;

/** How a node may be woken, by the names that `--mechanism` and the results use. */
export const MECHANISMS: readonly string[] = MODES.flatMap((mode) => [mode, mode + SPINNING]);

/** @throws Error for what is none of MECHANISMS */
export function wakeOf(mechanism: string): WakeOptions {
  const mode = MODES.find((one) => mechanism === one || mechanism === one + SPINNING);
  if (!mode) throw new Error(`there is no mechanism '${mechanism}'; there are ${MECHANISMS.join(', ')}`);
  return { mode, spinUs: mechanism.endsWith(SPINNING) ? SPIN_US : 0 };
}
