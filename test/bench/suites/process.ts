import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Channel, CHANNEL_FD, CHANNEL_VARIABLE } from '../../../framework/channel.js';
import { summaryOf } from '../../../framework/schema/index.js';
import { slotSpec } from '../../../framework/slots/index.js';
import type { FromNode, NodeSpec } from '../../../framework/spec.js';
import { Small } from '../fixtures/schemas/index.js';
import { timesOf } from '../statistics.js';
import type { Bench, Report, Result } from '../suite.js';

const BARE = fileURLToPath(new URL('../ends/bare.js', import.meta.url));
const HOST = fileURLToPath(new URL('../../../framework/node/host.js', import.meta.url));
const LISTENER = new URL('../ends/listener.js', import.meta.url).href;
const STARTS = 15;
const IDLE_SECONDS = 5;

type Kind = 'bare node' | 'babus node';
const KINDS: readonly Kind[] = ['bare node', 'babus node'];

/** What a node's process costs before it has done anything, beside a Node process that does nothing. */
export async function startupSuite(bench: Bench): Promise<Report> {
  const times = { 'bare node': new Float64Array(STARTS), 'babus node': new Float64Array(STARTS) };
  const memory = { 'bare node': new Float64Array(STARTS), 'babus node': new Float64Array(STARTS) };
  for (let i = 0; i < STARTS; i++)
    for (const kind of KINDS) {
      const { child, startMs, clear } = await start(bench, kind);
      times[kind][i] = startMs;
      memory[kind][i] = residentMb(child.pid!);
      await clear();
    }
  const results = KINDS.map((kind): Result => {
    const resident = memory[kind].sort()[Math.floor(STARTS / 2)]!;
    return { suite: 'startup', name: kind, pinning: 'none', ...timesOf(times[kind]), resident_mb: resident };
  });
  const [bare, ours] = results as [Result, Result];
  const above: Result = {
    suite: 'startup',
    name: 'above bare',
    pinning: 'none',
    p50_us: ours.p50_us! - bare.p50_us!,
    resident_mb: Number(ours['resident_mb']) - Number(bare['resident_mb']),
  };
  return {
    title: `from the start of a process until it is ready (bare: until its first line runs), and its resident memory then; ${STARTS} starts`,
    results: [...results, above],
  };
}

/** What a node costs that has nothing to do: its slot is silent. */
export async function idleSuite(bench: Bench): Promise<Report> {
  const started = await Promise.all(KINDS.map((kind) => start(bench, kind)));
  await sleep(1000); // what is compiled or collected after a start
  const before = started.map(({ child }) => activity(child.pid!));
  await sleep(IDLE_SECONDS * 1000);
  const results = started.map(({ child }, at): Result => {
    const now = activity(child.pid!);
    return {
      suite: 'idle',
      name: KINDS[at]!,
      pinning: 'none',
      cpu_percent: ((now.cpuMs - before[at]!.cpuMs) / (IDLE_SECONDS * 1000)) * 100,
      switches_per_second: (now.switches - before[at]!.switches) / IDLE_SECONDS,
    };
  });
  await Promise.all(started.map(({ clear }) => clear()));
  return { title: `all threads of a process for ${IDLE_SECONDS} s in which nothing comes`, results };
}

interface Started {
  readonly child: ChildProcess;
  readonly startMs: number;
  readonly clear: () => Promise<void>;
}

async function start({ scene }: Bench, kind: Kind): Promise<Started> {
  const root = scene.root();
  const beganMs = performance.now();
  const isBare = kind === 'bare node';
  // With the flag that the launcher gives its nodes.
  const command = [process.execPath, ...(isBare ? [BARE] : [HOST, 'listener'])];
  const child = scene.start(command, {
    stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
    env: isBare ? {} : { [CHANNEL_VARIABLE]: String(CHANNEL_FD) },
  });
  const line = child.stdio[CHANNEL_FD] as Duplex;
  await (isBare ? once(line, 'data') : ready(line, root));
  const startMs = performance.now() - beganMs;
  const clear = async (): Promise<void> => {
    await scene.stop(child);
    scene.remove(root);
  };
  return { child, startMs, clear };
}

/** Does as the launcher does. */
function ready(line: Duplex, root: string): Promise<void> {
  const slot = slotSpec('bench/listener', summaryOf(Small));
  const node = { name: 'listener', className: 'Listener', moduleUrl: LISTENER };
  const spec: NodeSpec = { ...node, domain: 'bench', root, params: {}, ports: { small: slot } };
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      const { type } = message as FromNode;
      if (type === 'attached') void channel.send({ type: 'go' });
      else if (type === 'ready') resolve();
      else if (type === 'failed') reject(new Error((message as { message: string }).message));
    };
    const onClose = (): void => reject(new Error('the node ended before it was ready'));
    const channel = new Channel(line, { onMessage, onGarbage: () => undefined, onClose }, 65_536);
    void channel.send({ type: 'start', spec });
  });
}

function residentMb(pid: number): number {
  return numberOf(readFileSync(`/proc/${pid}/status`, 'utf8'), 'VmRSS') / 1024;
}

/** Over all threads: nanoseconds on a processor, which /proc/PID/stat has in steps of 10 ms only, and times of going to sleep. */
function activity(pid: number): { readonly cpuMs: number; readonly switches: number } {
  let cpuMs = 0;
  let switches = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const folder = `/proc/${pid}/task/${thread}`;
    cpuMs += Number(readFileSync(`${folder}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
    switches += numberOf(readFileSync(`${folder}/status`, 'utf8'), 'voluntary_ctxt_switches');
  }
  return { cpuMs, switches };
}

function numberOf(status: string, key: string): number {
  const found = new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status);
  if (!found) throw new Error(`${key} is not in /proc`);
  return Number(found[1]);
}
