import type { NumberRange } from '../types.js';

/** Such as `0 to 40`, `at least 0`. */
export function rangeWords({ minimum, maximum }: NumberRange): string {
  if (maximum === undefined) return `at least ${String(minimum)}`;
  return minimum === undefined ? `at most ${String(maximum)}` : `${String(minimum)} to ${String(maximum)}`;
}
