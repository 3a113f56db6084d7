import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { timesOf } from '../statistics.js';
import type { Bench, Report, Result } from '../suite.js';

const path = (from: string): string => fileURLToPath(new URL(from, import.meta.url));
const CLI = path('../../../framework/cli/main.js');
const LISTENER = path('../ends/listener.js');
const FORK_ALL = path('../ends/fork-all.js');
const FORKED = path('../ends/forked.js');

const COUNTS = [1, 10, 30];
const STARTS = 5;
const REST_SECONDS = 5;
const KILLS = 20;

/** A launch beside plain forks; what the launcher costs afterwards; how soon a killed node is back. */
export async function launchSuite(bench: Bench): Promise<Report> {
  const results: Result[] = [];
  for (const count of COUNTS) results.push(...(await starts(bench, count)));
  results.push(await atRest(bench), await restarts(bench));
  return {
    title:
      `from the start of the command until all nodes are ready, beside child_process.fork of empty scripts (the baseline), ${STARTS} times in turn; ` +
      `the launcher's processor time with 30 nodes at rest; from kill -9 of a node until it is ready again, its delay being 1 ms`,
    results,
  };
}

async function starts(bench: Bench, count: number): Promise<Result[]> {
  const samples = { fork: new Float64Array(STARTS), launch: new Float64Array(STARTS) };
  for (let i = 0; i < STARTS; i++) {
    samples.fork[i] = await forkAll(bench, count);
    const launch = await Launch.start(bench, count);
    samples.launch[i] = launch.readyMs;
    await launch.end();
  }
  const [fork, launch] = (['fork', 'launch'] as const).map((name): Result => ({
    suite: 'launch',
    name: `${name}, ${count} ${count > 1 ? 'processes' : 'process'}`,
    pinning: 'none',
    ...timesOf(samples[name]),
  })) as [Result, Result];
  return [fork, { ...launch, ratio_to_baseline: launch.p50_us! / fork.p50_us! }];
}

async function forkAll({ scene }: Bench, count: number): Promise<number> {
  const startMs = performance.now();
  const child = scene.start([process.execPath, FORK_ALL, FORKED, String(count)]);
  for await (const line of createInterface(child.stdout!)) if (line === 'all') break;
  const ms = performance.now() - startMs;
  await scene.stop(child);
  return ms;
}

async function atRest(bench: Bench): Promise<Result> {
  const launch = await Launch.start(bench, Math.max(...COUNTS));
  await sleep(2000); // what is compiled or collected after a start
  const before = launch.cpuMs;
  await sleep(REST_SECONDS * 1000);
  const cpu_percent = (launch.cpuMs - before) / (REST_SECONDS * 10);
  await launch.end();
  return { suite: 'launch', name: 'launcher of 30 nodes, at rest', pinning: 'none', cpu_percent };
}

async function restarts(bench: Bench): Promise<Result> {
  const launch = await Launch.start(bench, 1);
  const samples = new Float64Array(KILLS);
  for (let i = 0; i < KILLS; i++) {
    const startMs = performance.now();
    process.kill(launch.pids.get('n0')!, 'SIGKILL');
    await launch.ready(1);
    samples[i] = performance.now() - startMs;
  }
  await launch.end();
  return { suite: 'launch', name: 'kill -9 until ready again', pinning: 'none', ...timesOf(samples) };
}

interface StateEvent {
  readonly event: string;
  readonly node?: string;
  readonly state?: string;
  readonly pid?: number;
}

/** `babus launch` of nodes that only listen. */
class Launch {
  readonly pids = new Map<string, number>();
  readyMs = 0;
  readonly #lines: AsyncIterator<string>;

  private constructor(
    private readonly bench: Bench,
    private readonly child: ChildProcess,
    private readonly root: string,
    private readonly folder: string,
  ) {
    this.#lines = createInterface(child.stdout!)[Symbol.asyncIterator]();
  }

  /** Settles when all nodes are ready. */
  static async start(bench: Bench, count: number): Promise<Launch> {
    const [root, folder] = [bench.scene.root(), bench.scene.folder()];
    const file = join(folder, 'launch.json');
    const node = { use: LISTENER, restart: { delay: '1ms' }, ports: { small: 'bench/listener' } };
    const nodes = Object.fromEntries(Array.from({ length: count }, (_, at) => [`n${at}`, node]));
    const slots = { 'bench/listener': { max_readers: 64 } };
    writeFileSync(file, JSON.stringify({ domain: 'bench', log: 'off', slots, nodes }));
    const startMs = performance.now();
    const child = bench.scene.start([process.execPath, CLI, 'launch', file, '--json'], {
      env: { BABUS_SHM: root },
    });
    const launch = new Launch(bench, child, root, folder);
    await launch.ready(count);
    launch.readyMs = performance.now() - startMs;
    return launch;
  }

  /** Settles when so many nodes have become ready since it was called before. */
  async ready(count: number): Promise<void> {
    for (let left = count; left > 0;) {
      const { value, done } = (await this.#lines.next()) as IteratorResult<string, undefined>;
      if (done === true) throw new Error('the launch has ended');
      const { event, node, state, pid } = JSON.parse(value) as StateEvent;
      if (event !== 'state' || state !== 'ready') continue;
      this.pids.set(node!, pid!);
      left--;
    }
  }

  /** Processor time of the launcher's own thread and of its helpers. */
  get cpuMs(): number {
    const stat = readFileSync(`/proc/${this.child.pid}/stat`, 'utf8');
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13);
    return (Number(user) + Number(system)) * 10; // ticks of 10 ms
  }

  async end(): Promise<void> {
    await this.bench.scene.stop(this.child);
    this.bench.scene.remove(this.root);
    this.bench.scene.remove(this.folder);
  }
}
