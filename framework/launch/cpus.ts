import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** Far beyond any machine's. */
const MAX_CPU = 4095;

/**
 * Numbers of processors, sorted, each once, of `2`, `[0, 2]` or `'0-3,6'`.
 * @returns a text when something is wrong with them
 */
export function parseCpus(given: string | number | readonly number[]): readonly number[] | string {
  const parts = typeof given === 'string' ? given.split(',') : [given].flat().map(String);
  const numbers = new Set<number>();
  for (const part of parts) {
    const match = /^ *([0-9]{1,4})(?:-([0-9]{1,4}))? *$/.exec(part);
    const first = Number(match?.[1]);
    const last = match?.[2] === undefined ? first : Number(match[2]);
    if (!match || last > MAX_CPU || last < first)
      return `'${part.trim()}' names no processors; write numbers from 0 to ${MAX_CPU}, such as 2, [0, 2] or '0-3,6'`;
    for (let number = first; number <= last; number++) numbers.add(number);
  }
  return [...numbers].sort((a, b) => a - b);
}

/** `0-3,6` */
export function formatCpus(numbers: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const number of numbers) {
    const open = ranges.at(-1);
    if (open?.[1] === number - 1) open[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => (first === last ? String(first) : `${first}-${last}`)).join(',');
}

/** Processors that this machine has switched on. */
export function onlineCpus(): readonly number[] {
  try {
    const numbers = parseCpus(readFileSync('/sys/devices/system/cpu/online', 'utf8').trim());
    if (typeof numbers === 'object') return numbers;
  } catch {
    // Without /sys they are counted.
    return cpus().map((_, number) => number);
  }
  return cpus().map((_, number) => number);
}
