import { spawn, type ChildProcess } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { CHANNEL_FD, CHANNEL_VARIABLE } from '../../channel.js';
import { RECORDS_VARIABLE } from '../../log-line.js';
import { signalGroup } from '../../process-group.js';
import type { NodeSpec } from '../../spec.js';
import type { NodeOutput } from './node-output.js';
import { NodeTalk } from './node-talk.js';
import { RunOutput } from './run-output.js';

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

/** In words, such as `exited with code 3 (no such device)`. */
export function describeEnd({ code, signal, complaint }: RunEnd): string {
  if (code === null && signal === null) return complaint ?? 'could not be started';
  const how = signal === null ? `exited with code ${code}` : `was ended by ${signal}`;
  return complaint === undefined ? how : `${how} (${complaint})`;
}

/** Something that was asked for a process and not granted. */
export interface Refusal {
  /** With the place in the launch file. */
  readonly message: string;
  /** The node runs without it. */
  readonly isOptional: boolean;
}

export interface RunOptions {
  readonly spec: NodeSpec;
  /** Variables on top of the launcher's own. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Script that becomes the node: framework/node's host. */
  readonly hostPath: string;
  /** Options of Node itself, such as --inspect. */
  readonly execArgv?: readonly string[];
  readonly output: NodeOutput;
  /** Puts the new process where it is wanted, before it does anything of its own. */
  readonly place: (pid: number) => readonly Refusal[];
  /** It runs without something it was to have; in words. */
  readonly onGoesWithout: (message: string) => void;
  /** The node has opened its ports, and waits for go(). */
  readonly onAttached: () => void;
  readonly onReady: () => void;
  /** It has said why it cannot start, and is about to end. */
  readonly onFailed: () => void;
  /** What the node's process says of itself, unchecked. */
  readonly onHealth: (health: unknown) => void;
  /** Something that is no message came over its channel; called once. */
  readonly onGarbage: () => void;
  /** So many lines of its output were left out since this was called before. */
  readonly onFlood: (lines: number) => void;
  /** Called once, after the process and its group are gone. */
  readonly onEnd: (end: RunEnd) => void;
}

/** One process of a node, from spawn to exit. It leads a process group, so that the node's own children end with it. */
export class NodeRun {
  readonly #child: ChildProcess | undefined;
  readonly #options: RunOptions;
  readonly #output: RunOutput;
  readonly #talk: NodeTalk;
  #ended = false;

  constructor(options: RunOptions) {
    this.#options = options;
    this.#output = new RunOutput(options.output, options.onFlood);
    this.#talk = new NodeTalk(options);
    try {
      this.#child = startProcess(options);
    } catch (error) {
      // Such as a variable with a null character in it: spawn() throws instead of reporting.
      process.nextTick(() => this.#cannotStart(error as Error));
      return;
    }
    this.#listen(this.#child);
    if (this.#isPlaced()) this.#talk.send({ type: 'start', spec: options.spec });
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Lines of its output that were left out. */
  get linesDropped(): number {
    return this.#output.linesDropped;
  }

  /** True when the node has opened its ports. */
  get isAttached(): boolean {
    return this.#talk.isAttached;
  }

  /** Lets the node begin, as soon as it has attached. */
  go(): void {
    this.#talk.go();
  }

  /** Asks the node to stop in its own time. @param withinMs undefined for what nodes have as a rule */
  requestStop(withinMs?: number): void {
    const patience = withinMs === undefined ? {} : { withinMs };
    if (this.#talk.isOpen) this.#talk.send({ type: 'stop', ...patience });
    else this.signal('SIGTERM');
  }

  /** Signals the node and all it has started. */
  signal(signal: NodeJS.Signals): void {
    if (!this.#ended && this.pid !== undefined) signalGroup(this.pid, signal);
  }

  /** Settles when everything printed was handed on; with a slow reader of ours that may be after `onEnd`. */
  get forwarded(): Promise<unknown> {
    return this.#output.forwarded;
  }

  /** Waits a while for `forwarded`, then lets the rest go. */
  finishForwarding(): Promise<void> {
    return this.#output.finish();
  }

  /** Lets go of what it printed and nobody has taken yet; the lines are counted. */
  discardOutput(): void {
    this.#output.discard();
  }

  #listen(child: ChildProcess): void {
    child.on('error', (error) => {
      if (child.pid === undefined) this.#cannotStart(error);
    });
    child.on('exit', (code, signal) => void this.#exited(child, code, signal));
    // Without descriptors for pipes there are none, and 'error' follows.
    if (!Array.isArray(child.stdio)) return;
    this.#output.forward(child.stdout!, child.stderr!);
    this.#talk.listen(child.stdio[CHANNEL_FD] as Duplex);
  }

  /** Ends the process when it may not be what it must. */
  #isPlaced(): boolean {
    if (this.pid === undefined) return true; // it could not be started, which is told in another way
    const refusals = this.#options.place(this.pid);
    for (const { message, isOptional } of refusals) if (isOptional) this.#options.onGoesWithout(message);
    const refused = refusals.filter(({ isOptional }) => !isOptional);
    if (refused.length === 0) return true;
    this.#talk.isHopeless = true;
    this.endFor(refused.map(({ message }) => message).join('; '));
    return false;
  }

  /** Ends the process at once, for a reason that its end is told with. */
  endFor(complaint: string): void {
    this.#talk.complaint = complaint;
    this.signal('SIGKILL');
  }

  #cannotStart(error: Error): void {
    this.#talk.complaint = `cannot start: ${error.message}`;
    this.#end(null, null);
  }

  async #exited(child: ChildProcess, code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    // Its own children do not survive it. This also closes the pipes that they hold.
    signalGroup(child.pid!, 'SIGKILL');
    await Promise.all([this.#output.readOut(), this.#talk.readOut()]);
    this.#end(code, signal);
  }

  #end(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#talk.close();
    const { wasReady, isHopeless, complaint } = this.#talk;
    const end = { code, signal, wasReady, isHopeless };
    this.#options.onEnd(complaint === undefined ? end : { ...end, complaint });
  }
}

function startProcess({ spec, env, cwd, hostPath, execArgv = [] }: RunOptions): ChildProcess {
  // The name is for people who look at the list of processes.
  return spawn(process.execPath, [...execArgv, hostPath, spec.name], {
    // A group of its own: Ctrl-C reaches only the launcher, which stops the nodes in order.
    detached: true,
    // The last one is the channel: a socket pair.
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    env: {
      ...process.env,
      ...env,
      BABUS_DOMAIN: spec.domain,
      BABUS_SHM: spec.root,
      BABUS_NODE: spec.name,
      [CHANNEL_VARIABLE]: String(CHANNEL_FD),
      [RECORDS_VARIABLE]: '1',
    },
    ...(cwd === undefined ? {} : { cwd }),
  });
}
