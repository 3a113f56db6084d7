import { hostname } from 'node:os';
import { join } from 'node:path';
import { Clock, inject, Node, node, param, publishes, type Publisher } from 'babus';
import { HostTelemetry, type DiskActivity, type DiskUsage, type NetworkInterface } from 'babus/schemas';
import { ticks } from './common/ticks.js';
import * as disks from './host-monitor/disks.js';
import { diskKinds, mounts } from './host-monitor/mounts.js';
import * as network from './host-monitor/network.js';
import * as proc from './host-monitor/proc.js';
import { Rates } from './host-monitor/rates.js';
import { Reader } from './host-monitor/reader.js';
import { readSysClocks } from './host-monitor/sys-clocks.js';
import { readTemperatures } from './host-monitor/temperatures.js';

/** Publishes load, memory, network, disks and temperatures of the machine it runs on, as Linux tells them. */
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
  readonly #reader = new Reader(this.log);
  readonly #rates = new Rates();
  #watching: Promise<void> | undefined;
  #before: proc.CpuTimes = proc.NO_CPU_TIMES;

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
    this.#rates.look(this.#clock.monotonicMs());
    const [times, clocks, memory, load, uptime, ...devices] = await Promise.all([
      this.#read('stat', proc.cpuTimes, proc.NO_CPU_TIMES),
      this.#readClocks(),
      this.#read('meminfo', proc.memory, proc.NO_MEMORY),
      this.#read('loadavg', proc.load, proc.NO_LOAD),
      this.#read('uptime', proc.uptime, proc.NO_UPTIME),
      this.#readNetwork(),
      this.#readMounts(),
      this.#readDisks(),
      readTemperatures(this.sys, this.#reader),
    ]);
    const cpu = proc.cpuLoad(this.#before, times, clocks);
    this.#before = times;
    const [network, mounts, disks, temperatures] = devices;
    const out = this.telemetry.loan();
    out.stamp.setNow();
    out.set({ hostname: hostname(), uptime, ...load, ...memory, ...cpu });
    out.set({ network, mounts, disks, temperatures });
    out.publish();
  }

  async #readClocks(): Promise<proc.Clocks> {
    const clocks = await this.#read('cpuinfo', proc.clocks, proc.NO_CLOCKS);
    return clocks.size > 0 ? clocks : readSysClocks(this.sys);
  }

  async #readNetwork(): Promise<NetworkInterface[]> {
    const totals = await this.#read('net/dev', network.interfaces, []);
    return totals.map((one) => network.withRates(one, this.#rates));
  }

  async #readDisks(): Promise<DiskActivity[]> {
    const totals = await this.#read('diskstats', disks.disks, []);
    return totals.map((one) => disks.withRates(one, this.#rates));
  }

  async #readMounts(): Promise<DiskUsage[]> {
    const kinds = await this.#read('filesystems', diskKinds, new Set<string>());
    const found = await this.#read('self/mountinfo', (text) => mounts(text, kinds), []);
    const usages = await Promise.all(found.map((mount) => this.#reader.usage(mount)));
    return usages.filter((usage) => usage !== undefined);
  }

  #read<T>(file: string, parse: (text: string) => T, otherwise: T): Promise<T> {
    return this.#reader.file(join(this.proc, file), parse, otherwise);
  }
}
