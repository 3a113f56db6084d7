/**
 * Reads what Linux prints in /proc (man 5 proc). Every function takes a file's text, and throws an Error in words when that
 * is not what it should be.
 */
import type { CoreLoad, HostTelemetry } from 'babus/schemas';

/** Time spent so far, in ticks of 10 ms as a rule, in the order of /proc/stat: user, nice, system, idle … */
type Times = readonly number[];

/** By the processor's name in /proc/stat: `cpu` for all together, `cpu0` for the first core. */
export type CpuTimes = ReadonlyMap<string, Times>;

/** Clock of each core in Hz, by its number. */
export type Clocks = ReadonlyMap<number, number>;

type Memory = Pick<
  HostTelemetry,
  'memory_total_bytes' | 'memory_available_bytes' | 'swap_total_bytes' | 'swap_free_bytes'
>;
type Load = Pick<HostTelemetry, 'load_1m' | 'load_5m' | 'load_15m'>;

export const NO_CPU_TIMES: CpuTimes = new Map();
export const NO_CLOCKS: Clocks = new Map();
export const NO_MEMORY: Memory = {
  memory_total_bytes: 0n,
  memory_available_bytes: 0n,
  swap_total_bytes: 0n,
  swap_free_bytes: 0n,
};
export const NO_LOAD: Load = { load_1m: 0, load_5m: 0, load_15m: 0 };
export const NO_UPTIME: HostTelemetry['uptime'] = { sec: 0, nsec: 0 };

/** Of /proc/stat. */
export function cpuTimes(text: string): CpuTimes {
  const times = new Map<string, Times>();
  // Kernels add columns at the end; the ones that Babus reads came with Linux 2.6.
  for (const [, name, columns] of text.matchAll(/^(cpu\d*) +((?:\d+ ?){8,})$/gm))
    times.set(name!, columns!.trim().split(' ').map(Number));
  if (!times.has('cpu')) throw new Error("there is no line 'cpu' with 8 numbers in it");
  return times;
}

/**
 * What the processors did between two looks at /proc/stat. A core that was not there before, or any at the first look, is
 * described since the machine started.
 */
export function cpuLoad(
  before: CpuTimes,
  now: CpuTimes,
  clocks: Clocks,
): Pick<HostTelemetry, 'cpu_percent' | 'cores'> {
  const cores: CoreLoad[] = [];
  let cpuPercent = 0;
  for (const [name, times] of now) {
    const shares = sharesOf(before.get(name) ?? [], times);
    if (name === 'cpu') cpuPercent = Math.max(0, 100 - shares.idle - shares.iowait);
    else cores.push({ ...shares, frequency_hz: clocks.get(Number(name.slice('cpu'.length))) ?? 0 });
  }
  return { cpu_percent: cpuPercent, cores };
}

function sharesOf(before: Times, now: Times): Omit<CoreLoad, 'frequency_hz'> {
  // The kernel does not promise that a time never goes back.
  const spent = now.slice(0, 8).map((time, i) => Math.max(0, time - (before[i] ?? 0)));
  const total = spent.reduce((sum, time) => sum + time, 0);
  // Two looks within one tick: nothing is known of the core, and nothing has run on it.
  if (total === 0) return { user: 0, nice: 0, system: 0, irq: 0, iowait: 0, steal: 0, idle: 100 };
  const [user, nice, system, idle, iowait, hardIrq, softIrq, steal] = spent.map(
    (time) => (time / total) * 100,
  );
  return {
    user: user!,
    nice: nice!,
    system: system!,
    irq: hardIrq! + softIrq!,
    iowait: iowait!,
    steal: steal!,
    idle: idle!,
  };
}

/** Of /proc/cpuinfo: empty on machines that do not tell, such as most with ARM processors. */
export function clocks(text: string): Clocks {
  const clocks = new Map<number, number>();
  let core = -1;
  for (const [, key, value] of text.matchAll(/^(processor|cpu MHz)\s*: *([\d.]+)$/gm)) {
    if (key === 'processor') core = Number(value);
    else clocks.set(core, Number(value) * 1e6);
  }
  return clocks;
}

/** Of /proc/meminfo. */
export function memory(text: string): Memory {
  const bytes = (key: string): bigint => {
    const [, kibibytes] = new RegExp(`^${key}: +(\\d{1,15}) kB$`, 'm').exec(text) ?? [];
    if (kibibytes === undefined) throw new Error(`there is no line '${key}' with a number of kB in it`);
    return BigInt(kibibytes) * 1024n;
  };
  return {
    memory_total_bytes: bytes('MemTotal'),
    memory_available_bytes: bytes('MemAvailable'),
    swap_total_bytes: bytes('SwapTotal'),
    swap_free_bytes: bytes('SwapFree'),
  };
}

/** Of /proc/loadavg. */
export function load(text: string): Load {
  const means = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+) /.exec(text);
  if (!means) throw new Error('it does not begin with three means');
  return { load_1m: Number(means[1]), load_5m: Number(means[2]), load_15m: Number(means[3]) };
}

/** Of /proc/uptime. */
export function uptime(text: string): HostTelemetry['uptime'] {
  const [, sec, hundredths] = /^(\d{1,9})\.(\d\d) /.exec(text) ?? [];
  if (sec === undefined) throw new Error('it does not begin with seconds');
  return { sec: Number(sec), nsec: Number(hundredths) * 10_000_000 };
}
