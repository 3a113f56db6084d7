import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { Clock, inject, Node, node, param, publishes, type Publisher } from 'babus';
import { HostTelemetry } from 'babus/schemas';
import { ticks } from './common/ticks.js';
import * as proc from './host-monitor/proc.js';
import { readSysClocks } from './host-monitor/sys-clocks.js';

/** Publishes load and memory of the machine it runs on, as Linux tells them in /proc. */
@node()
export class HostMonitor extends Node {
  @param({ type: 'number', default: 1, minimum: 0.001, maximum: 100, description: 'messages per second' })
  readonly rate!: number;

  @param({ type: 'string', default: '/proc', description: 'where the process file system is mounted' })
  readonly proc!: string;

  @param({ type: 'string', default: '/sys', description: 'where sysfs is mounted' })
  readonly sys!: string;

  @publishes(HostTelemetry) readonly telemetry!: Publisher<HostTelemetry>;

  readonly #clock = inject(Clock);
  readonly #stopping = new AbortController();
  #watching: Promise<void> | undefined;
  #before: proc.CpuTimes = proc.NO_CPU_TIMES;
  readonly #unreadable = new Set<string>();

  override onStart(): void {
    this.#watching = this.#watch().catch((error: unknown) => this.finish(error));
  }

  override async onStop(): Promise<void> {
    this.#stopping.abort();
    await this.#watching;
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    for await (const _ of ticks(this.rate, this.#clock, signal)) await this.#report();
  }

  async #report(): Promise<void> {
    const [times, clocks, memory, load, uptime] = await Promise.all([
      this.#read('stat', proc.cpuTimes, proc.NO_CPU_TIMES),
      this.#readClocks(),
      this.#read('meminfo', proc.memory, proc.NO_MEMORY),
      this.#read('loadavg', proc.load, proc.NO_LOAD),
      this.#read('uptime', proc.uptime, proc.NO_UPTIME),
    ]);
    const cpu = proc.cpuLoad(this.#before, times, clocks);
    this.#before = times;
    const out = this.telemetry.loan();
    out.stamp.setNow();
    out.set({ hostname: hostname(), uptime, ...load, ...memory, ...cpu });
    out.publish();
  }

  async #readClocks(): Promise<proc.Clocks> {
    const clocks = await this.#read('cpuinfo', proc.clocks, proc.NO_CLOCKS);
    return clocks.size > 0 ? clocks : readSysClocks(this.sys);
  }

  /** What cannot be read is said once and published as zero; all the rest is published as ever. */
  async #read<T>(file: string, parse: (text: string) => T, otherwise: T): Promise<T> {
    const path = join(this.proc, file);
    try {
      return parse(await readFile(path, 'utf8'));
    } catch (error) {
      if (!this.#unreadable.has(file)) this.log.warn(`${path} is left out: ${(error as Error).message}`);
      this.#unreadable.add(file);
      return otherwise;
    }
  }
}
