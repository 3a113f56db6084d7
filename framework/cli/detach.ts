import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { Channel } from '../channel.js';
import type { Supervisor } from '../launch/index.js';
import { EXIT } from './errors.js';

/** Tells a launch that it runs for another process, which waits at this descriptor until all are ready. */
const VARIABLE = 'BABUS_DETACHED_FD';
const FD = 3;
const MAX_LINE_BYTES = 64 * 1024;

/** What a detached launch says to the command that started it. */
type News =
  | { readonly type: 'ready' }
  | { readonly type: 'failed'; readonly node: string }
  /** Those that are neither yet. */
  | { readonly type: 'waiting'; readonly nodes: readonly string[] };

/** How waiting for a detached launch ended. */
export type Detached =
  | { readonly end: 'ready' | 'late'; readonly pid: number; readonly waiting: readonly string[] }
  | { readonly end: 'failed'; readonly pid: number; readonly node: string }
  /** It has ended by itself, or was stopped while it started. */
  | { readonly end: 'over'; readonly pid: number; readonly code: number };

export const isDetached = (): boolean => process.env[VARIABLE] === String(FD);

/** In the detached launch: tells the command that waits of what becomes of the nodes. */
export function reportReadiness(supervisor: Supervisor): void {
  delete process.env[VARIABLE];
  const socket = new Socket({ fd: FD, readable: true, writable: true }).unref();
  const channel = new Channel(
    socket,
    { onMessage: () => undefined, onGarbage: () => undefined, onClose: () => undefined },
    MAX_LINE_BYTES,
  );
  const say = (news: News): void => void channel.send(news);
  supervisor.on('state', () => {
    const nodes = supervisor.nodes();
    const failed = nodes.find(({ state }) => state === 'failed');
    const waiting = nodes.filter(({ state }) => state !== 'ready' && state !== 'finished');
    if (failed) say({ type: 'failed', node: failed.node });
    else if (waiting.length === 0) say({ type: 'ready' });
    else say({ type: 'waiting', nodes: waiting.map(({ node }) => node) });
  });
}

/**
 * Starts the command line once more, in a session of its own, shows what it says, and waits until all its nodes are ready, one
 * has failed, it has ended, or time is up. Ctrl-C meanwhile stops it.
 * @param args of the command line, without the program
 */
export async function launchDetached(args: readonly string[], waitMs: number): Promise<Detached> {
  const child = spawn(process.execPath, [process.argv[1]!, ...args], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: { ...process.env, [VARIABLE]: String(FD) },
  });
  const streams = child.stdio as unknown as [null, Readable, Readable, Socket];
  streams[1].pipe(process.stdout, { end: false });
  streams[2].pipe(process.stderr, { end: false });
  let waiting: readonly string[] = [];
  let timer: NodeJS.Timeout | undefined;
  const stop = (signal: NodeJS.Signals): void => void child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, stop);
  const pid = child.pid ?? 0;
  try {
    return await new Promise<Detached>((resolve, reject) => {
      const hear = (message: unknown): void => {
        const news = message as News;
        if (news.type === 'ready') resolve({ end: 'ready', pid, waiting: [] });
        else if (news.type === 'failed') resolve({ end: 'failed', pid, node: news.node });
        else waiting = news.nodes;
      };
      const events = { onMessage: hear, onGarbage: () => undefined, onClose: () => undefined };
      new Channel(streams[3], events, MAX_LINE_BYTES);
      child.on('error', reject);
      // Its last words come before 'close'.
      child.on('close', (code) => resolve({ end: 'over', pid, code: code ?? EXIT.FAILED }));
      timer = setTimeout(() => resolve({ end: 'late', pid, waiting }), waitMs);
    });
  } finally {
    clearTimeout(timer);
    for (const signal of signals) process.off(signal, stop);
    await drained([streams[1], streams[2]]);
    for (const stream of streams) stream?.destroy();
    child.unref();
  }
}

/** What was said so far is shown before the pipes are let go. */
async function drained(streams: readonly Readable[]): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
  for (const stream of streams) stream.unpipe();
  if (process.stdout.writableNeedDrain) await once(process.stdout, 'drain');
}
