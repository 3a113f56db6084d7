import { spawn, type ChildProcess } from 'node:child_process';
import { inspect } from 'node:util';
import type { FromNode, NodeSpec, ToNode } from '../../spec.js';
import { FloodGate } from './flood-gate.js';
import { forwardLines } from './forward-lines.js';
import type { OutputSink } from './output.js';
import { signalGroup } from './process-group.js';

/** Failures to start that no restart mends. */
const HOPELESS: ReadonlySet<string> = new Set([
  'ERR_BABUS_NODE_CLASS',
  'ERR_BABUS_NODE_MODULE',
  'ERR_BABUS_PARAM',
  'ERR_BABUS_PORT',
  'ERR_BABUS_SCHEMA_MISMATCH',
  'ERR_BABUS_SLOT_CONFIG',
]);

/** How a run ended. */
export interface RunEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly wasReady: boolean;
  /** What failed is in the launch file or the node's code: another run would fail in the same way. */
  readonly isHopeless: boolean;
  /** What the node said was wrong, or why its process could not be started. */
  readonly complaint?: string;
}

export interface RunOptions {
  readonly spec: NodeSpec;
  /** Variables on top of the launcher's own. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Script that becomes the node: framework/node's host. */
  readonly hostPath: string;
  readonly sink: OutputSink;
  readonly onReady: () => void;
  /** What the node's process says of itself, unchecked. */
  readonly onHealth: (health: unknown) => void;
  /** So many lines of its output were left out since this was called before. */
  readonly onFlood: (lines: number) => void;
  /** Called once, after the process and its group are gone. */
  readonly onEnd: (end: RunEnd) => void;
}

/** How long the pipes of a process that has ended are waited for. */
const PIPES_MS = 1000;

/** One process of a node, from spawn to exit. It leads a process group, so that the node's own children end with it. */
export class NodeRun {
  readonly #child: ChildProcess | undefined;
  readonly #options: RunOptions;
  readonly #gate: FloodGate;
  #forwarding: Promise<unknown> = Promise.resolve();
  #wasReady = false;
  #isHopeless = false;
  #complaint: string | undefined;
  #ended = false;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#gate = new FloodGate(options.onFlood);
    try {
      this.#child = startProcess(options);
    } catch (error) {
      // Such as a variable with a null character in it: spawn() throws instead of reporting.
      process.nextTick(() => this.#cannotStart(error as Error));
      return;
    }
    this.#listen(this.#child);
    this.#send({ type: 'start', spec: options.spec });
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Lines of its output that were left out because they were too many. */
  get linesDropped(): number {
    return this.#gate.dropped;
  }

  /** Asks the node to stop in its own time. */
  requestStop(): void {
    if (this.#child?.connected === true) this.#send({ type: 'stop' });
    else this.signal('SIGTERM');
  }

  /** Signals the node and all it has started. */
  signal(signal: NodeJS.Signals): void {
    if (!this.#ended && this.pid !== undefined) signalGroup(this.pid, signal);
  }

  /** Settles when everything printed was handed on; with a slow reader of ours that may be after `onEnd`. */
  get forwarded(): Promise<unknown> {
    return this.#forwarding;
  }

  /** Waits a while for `forwarded`, then lets the rest go. */
  async finishForwarding(): Promise<void> {
    await Promise.race([this.#forwarding, new Promise((resolve) => setTimeout(resolve, PIPES_MS).unref())]);
    this.#child?.stdout?.destroy();
    this.#child?.stderr?.destroy();
  }

  #listen(child: ChildProcess): void {
    const { spec, sink } = this.#options;
    this.#forwarding = Promise.all([
      forwardLines(child.stdout!, spec.name, 'stdout', sink, this.#gate),
      forwardLines(child.stderr!, spec.name, 'stderr', sink, this.#gate),
    ]).then(() => this.#gate.close());
    child.on('message', (message) => this.#hear(message));
    child.on('error', (error) => {
      if (child.pid === undefined) this.#cannotStart(error);
    });
    child.on('exit', (code, signal) => this.#exited(child, code, signal));
  }

  /** A node's own code may send what it likes. */
  #hear(message: unknown): void {
    const said = (message ?? {}) as Partial<FromNode>;
    if (said.type === 'failed') {
      const { message, code }: { message?: unknown; code?: unknown } = said;
      this.#complaint = typeof message === 'string' ? message : inspect(message);
      this.#isHopeless = typeof code === 'string' && HOPELESS.has(code);
    }
    if (this.#ended) return;
    if (said.type === 'health') this.#options.onHealth(said.health);
    if (said.type !== 'ready' || this.#wasReady) return;
    this.#wasReady = true;
    this.#options.onReady();
  }

  #send(message: ToNode): void {
    // An error means that the process is ending; its exit says more.
    this.#child?.send(message, () => undefined);
  }

  #cannotStart(error: Error): void {
    const complaint = `cannot start: ${error.message}`;
    this.#end({ code: null, signal: null, wasReady: false, isHopeless: false, complaint });
  }

  #exited(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): void {
    // Its own children do not survive it. This also closes the pipes that they hold.
    signalGroup(child.pid!, 'SIGKILL');
    const complaint = this.#complaint;
    const end = {
      code,
      signal,
      wasReady: this.#wasReady,
      isHopeless: this.#isHopeless,
      ...(complaint === undefined ? {} : { complaint }),
    };
    const timer = setTimeout(() => {
      // A paused pipe waits for our own reader and is read out later; an idle one is held open by a descendant elsewhere.
      for (const pipe of [child.stdout!, child.stderr!]) if (!pipe.isPaused()) pipe.destroy();
      this.#end(end);
    }, PIPES_MS);
    void this.#forwarding.then(() => {
      clearTimeout(timer);
      this.#end(end);
    });
  }

  #end(end: RunEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.onEnd(end);
  }
}

function startProcess({ spec, env, cwd, hostPath }: RunOptions): ChildProcess {
  // The name is for people who look at the list of processes.
  return spawn(process.execPath, ['--enable-source-maps', hostPath, spec.name], {
    // A group of its own: Ctrl-C reaches only the launcher, which stops the nodes in order.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: {
      ...process.env,
      ...env,
      BABUS_DOMAIN: spec.domain,
      BABUS_SHM: spec.root,
      BABUS_NODE: spec.name,
    },
    ...(cwd === undefined ? {} : { cwd }),
  });
}
