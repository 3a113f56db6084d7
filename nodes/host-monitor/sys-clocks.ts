import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clocks } from './proc.js';

/**
 * The cores' clocks as sysfs tells them, on machines that can change them.
 * @param sys where sysfs is mounted
 * @returns nothing for cores of which it does not tell
 */
export async function readSysClocks(sys: string): Promise<Clocks> {
  const folder = join(sys, 'devices/system/cpu');
  const cores = (await readdir(folder).catch(() => [])).filter((name) => /^cpu\d+$/.test(name));
  const clocks = await Promise.all(cores.map((core) => readClock(join(folder, core))));
  return new Map(cores.flatMap((core, i) => (clocks[i]! > 0 ? [[Number(core.slice(3)), clocks[i]!]] : [])));
}

/** @returns Hz, 0 when it is not told */
async function readClock(core: string): Promise<number> {
  const kilohertz = await readFile(join(core, 'cpufreq/scaling_cur_freq'), 'utf8').catch(() => '');
  return /^\d{1,9}\n?$/.test(kilohertz) ? Number(kilohertz) * 1000 : 0;
}
