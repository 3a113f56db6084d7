import { CHANNEL_FD } from '../../channel.js';
import { formatDuration } from '../../duration.js';
import type { LastExit, NodeTroubles } from '../../control/index.js';
import type { NodeSpec, PortCounters } from '../../spec.js';
import { formatBytes } from '../byte-size.js';
import type { NodePlan } from '../plan/plan.js';
import type { Placement } from '../placement.js';
import { HealthRecord } from './health-record.js';
import { NodeOutput } from './node-output.js';
import { ownMemoryBytes } from './memory-use.js';
import { describeEnd, NodeRun, type Refusal, type RunEnd } from './node-run.js';
import type { OutputSink } from './output.js';
import { PastRuns } from './past-runs.js';
import { Restarts } from './restarts.js';

export type NodeState =
  'waiting' | 'starting' | 'ready' | 'restarting' | 'finished' | 'failed' | 'stopping' | 'stopped';

export interface NodeStatus {
  readonly node: string;
  readonly state: NodeState;
  /** Process id while there is a process. */
  readonly pid?: number;
  readonly restarts: number;
  /** True when it is ready and gives no sign of life. */
  readonly unresponsive: boolean;
}

/** What `babus node info` shows beyond the status. */
export interface NodeRecord {
  /** Since the process that runs now was started. */
  readonly uptimeMs?: number;
  readonly lastExit?: LastExit;
  readonly troubles: NodeTroubles;
  /** Of the present run. */
  port(name: string): PortCounters;
}

export interface ManagedNodeOptions {
  readonly plan: NodePlan;
  readonly spec: NodeSpec;
  readonly hostPath: string;
  /** Options of Node for the node's process. */
  readonly execArgv?: readonly string[];
  readonly sink: OutputSink;
  readonly patience: Patience;
  readonly place: (pid: number, placement: Placement) => readonly Refusal[];
  /** A node that has had so much time to get ready, and is not when the launch ends, has failed. */
  readonly unreadyMs: number;
  /** The node has attached, or will not in this run. */
  readonly onArrived: (node: string) => void;
  /** After every change of state; `reason` in words for people. */
  readonly onState: (status: NodeStatus, reason?: string) => void;
  readonly onExit: (node: string, end: RunEnd) => void;
  /** So many lines that the node printed were left out since this was called before. */
  readonly onFlood: (node: string, lines: number) => void;
}

/** How long stopping may take, in milliseconds. */
export interface Patience {
  /** From the request to stop to SIGTERM. */
  readonly stopMs: number;
  /** From SIGTERM to SIGKILL. */
  readonly termMs: number;
}

/** A node that starts for longer than this is worth a line. */
const LATE_MS = 10_000;

/** A process that the kernel cannot end (a hung device) is not waited for longer than this after SIGKILL. */
const UNKILLABLE_MS = 5000;

/** One node over all its runs. */
export class ManagedNode {
  #state: NodeState = 'starting';
  #hasStarted = false;
  #wasReady = false;
  #deadline: NodeJS.Timeout | undefined;
  #restarts = 0;
  #run: NodeRun | undefined;
  #timer: NodeJS.Timeout | undefined;
  #mayRun = true;
  readonly #pastRuns = new PastRuns();
  readonly #output: NodeOutput;
  #mayGo = false;
  #policy: Restarts;
  #plan: NodePlan;
  #spec: NodeSpec;
  readonly #health = new HealthRecord();
  #startedMs = 0;
  /** Since when it is up to the node alone to get ready. */
  #onItsOwnMs = 0;
  #lastExit: LastExit | undefined;
  #lastRunWasReady = true;
  #saidLate = false;
  /** Why the node has failed when it ends now. */
  #failure: string | undefined;
  #onOver: (() => void)[] = [];

  constructor(private readonly options: ManagedNodeOptions) {
    this.#plan = options.plan;
    this.#spec = options.spec;
    this.#policy = new Restarts(options.plan.restart);
    this.#output = new NodeOutput(options.plan.name, options.sink);
  }

  get name(): string {
    return this.options.plan.name;
  }

  get level(): number {
    return this.#plan.level;
  }

  get status(): NodeStatus {
    const pid = this.#run?.pid;
    const { unresponsive } = this.#health;
    const status = { node: this.name, state: this.#state, restarts: this.#restarts, unresponsive };
    return pid === undefined ? status : { ...status, pid };
  }

  /** True once a process of it has opened its ports. */
  get hasStarted(): boolean {
    return this.#hasStarted;
  }

  /** True once it has been ready. */
  get wasReady(): boolean {
    return this.#wasReady;
  }

  get record(): NodeRecord {
    const run = this.#run;
    return {
      ...(run?.pid === undefined ? {} : { uptimeMs: performance.now() - this.#startedMs }),
      ...(this.#lastExit ? { lastExit: this.#lastExit } : {}),
      troubles: this.#health.troubles(this.#pastRuns.linesDropped + (run?.linesDropped ?? 0)),
      port: (name) => this.#health.port(name),
    };
  }

  /** Looks whether a sign of life is overdue. `lenient`: take it as given, because the launcher itself was held up. */
  look(nowMs: number, lenient: boolean): void {
    this.#lookAtMemory();
    if (this.#state === 'starting' && !this.#saidLate && nowMs - this.#onItsOwnMs > LATE_MS) {
      this.#saidLate = true;
      this.#enter(
        'starting',
        `is not ready after ${formatDuration(LATE_MS)}: ${this.#underWay()} is still under way`,
      );
    }
    if (this.#state !== 'ready') return;
    if (lenient) this.#hear(nowMs);
    else if (this.#health.look(nowMs))
      this.#enter('ready', 'gives no sign of life: its event loop is blocked, or its process is stopped');
  }

  #lookAtMemory(): void {
    const limit = this.#plan.placement?.memory;
    const run = this.#run;
    if (limit === undefined || run?.pid === undefined || this.#state === 'stopping') return;
    const used = ownMemoryBytes(run.pid) ?? 0;
    if (used <= limit.bytes) return;
    const megabytes = formatBytes(Math.round(used / 1e5) * 1e5);
    run.endFor(`it used ${megabytes} of its own memory; ${limit.name} is ${formatBytes(limit.bytes)}`);
  }

  /** True when the node will not run again. */
  get isOver(): boolean {
    return this.#state === 'finished' || this.#state === 'failed' || this.#state === 'stopped';
  }

  start(): void {
    const { hostPath, execArgv } = this.options;
    const [plan, spec] = [this.#plan, this.#spec];
    const run = new NodeRun({
      spec,
      env: plan.env,
      ...(plan.cwd === undefined ? {} : { cwd: plan.cwd }),
      hostPath,
      ...(execArgv === undefined ? {} : { execArgv }),
      place: (pid) => (plan.placement ? this.options.place(pid, plan.placement) : []),
      onGoesWithout: (message) => this.#enter('starting', message),
      output: this.#output,
      onAttached: () => {
        this.#hasStarted = true;
        if (!this.#mayGo) clearTimeout(this.#deadline);
        this.#onItsOwnMs = this.#mayGo ? performance.now() : Infinity;
        this.options.onArrived(this.name);
      },
      onFailed: () => this.options.onArrived(this.name),
      onReady: () => {
        this.#health.heard(performance.now());
        this.options.onArrived(this.name);
        this.#wasReady = true;
        if (this.#state === 'starting') this.#enter('ready');
      },
      onHealth: (health) => {
        this.#health.take(health);
        this.#hear(performance.now());
      },
      onGarbage: () =>
        this.#enter(
          this.#state,
          `writes into its channel to the launcher (descriptor ${CHANNEL_FD}), which is not its own; that is left aside`,
        ),
      onFlood: (lines) => this.options.onFlood(this.name, lines),
      onEnd: (end) => this.#ended(run, end),
    });
    this.#run = run;
    if (this.#mayGo) run.go();
    this.#startedMs = this.#onItsOwnMs = performance.now();
    this.#saidLate = false;
    this.#enter('starting');
    this.#setDeadline(run);
  }

  /** Does not start yet. @param what it waits for, in words */
  wait(what: string): void {
    this.#enter('waiting', `waits for ${what}`);
  }

  /** It waited for something that will never be. */
  giveUp(why: string): void {
    this.#mayRun = false;
    this.#enter('failed', why);
  }

  /** Starts it after it was over, or before its time. */
  startAgain(): void {
    clearTimeout(this.#timer);
    this.#mayRun = true;
    this.#failure = undefined;
    this.#policy.forget();
    if (this.#hasStarted || this.#lastExit) this.#restarts++;
    this.start();
  }

  /** Its time to get ready begins; waiting for the others does not count. */
  #setDeadline(run: NodeRun): void {
    const ms = this.#plan.life?.startTimeoutMs;
    if (ms === undefined) return;
    clearTimeout(this.#deadline);
    this.#deadline = setTimeout(() => {
      if (this.#run !== run || this.#state !== 'starting') return;
      run.endFor(
        `it was not ready within start_timeout, ${formatDuration(ms)}: ${this.#underWay()} was still under way`,
      );
    }, ms);
  }

  /** Starts a node that is over, as something else. */
  startAs(plan: NodePlan, spec: NodeSpec): void {
    if (!this.isOver) return;
    this.#plan = plan;
    this.#spec = spec;
    this.#policy = new Restarts(plan.restart);
    this.#failure = undefined;
    this.#mayRun = true;
    this.start();
  }

  /** Lets the node begin as soon as it has attached, in this run and in later ones. */
  go(): void {
    this.#mayGo = true;
    if (this.#onItsOwnMs === Infinity) this.#onItsOwnMs = performance.now();
    this.#run?.go();
    if (this.#run && this.#state === 'starting') this.#setDeadline(this.#run);
  }

  /** Says that the others do not wait any longer for the node to attach. */
  leftBehind(waitedMs: number): void {
    this.#enter(
      this.#state,
      `has not attached to its slots for ${formatDuration(waitedMs)}, ${this.#underWay()} is still under way: the others ` +
        'begin without it',
    );
  }

  /** From now on the node is not started again; a running process goes on. */
  noMoreRuns(): void {
    if (this.#mayRun) this.#failure = this.#failureAtEnd();
    this.#mayRun = false;
    clearTimeout(this.#timer);
    if ((this.#state === 'starting' && !this.#run) || this.#state === 'waiting')
      return this.#enter('stopped');
    if (this.#state !== 'restarting') return;
    if (this.#lastRunWasReady) this.#enter('stopped');
    else this.#enter('failed', `${this.#lastExit?.reason}; it was never ready again`);
  }

  /** Ends the node for good: a request, then SIGTERM, then SIGKILL. Settles when no process of it is left. */
  async stop(): Promise<void> {
    this.noMoreRuns();
    const run = this.#run;
    if (this.isOver || !run) return;
    const { termMs } = this.options.patience;
    const ownMs = this.#plan.life?.stopTimeoutMs;
    const stopMs = ownMs ?? this.options.patience.stopMs;
    if (this.#state !== 'stopping') {
      this.#enter('stopping');
      run.requestStop(ownMs);
    }
    if (await this.#overWithin(stopMs)) return;
    this.#enter('stopping', `has not stopped within ${formatDuration(stopMs)}: sending SIGTERM`);
    run.signal('SIGTERM');
    if (await this.#overWithin(termMs)) return;
    this.#enter('stopping', `has not stopped within ${formatDuration(termMs)} of SIGTERM: sending SIGKILL`);
    run.signal('SIGKILL');
    if (!(await this.#overWithin(UNKILLABLE_MS)))
      this.#enter('stopping', `cannot be killed: process ${run.pid} waits in the kernel`);
  }

  /** Ends the node at once. May be called while the launcher itself is ending: it only sends signals. */
  kill(): void {
    this.noMoreRuns();
    this.#run?.signal('SIGKILL');
  }

  /** Settles when all that the node has printed was handed on, within a bound. */
  async finishForwarding(): Promise<void> {
    await this.#pastRuns.finishForwarding();
  }

  #ended(run: NodeRun, end: RunEnd): void {
    this.#pastRuns.add(run);
    this.#run = undefined;
    clearTimeout(this.#deadline);
    this.#health.endRun();
    const how = describeEnd(end);
    const { code, signal } = end;
    this.#lastExit = { code, signal, reason: how, time: new Date().toISOString() };
    this.#lastRunWasReady = end.wasReady;
    this.options.onExit(this.name, end);
    this.options.onArrived(this.name);
    if (!this.#mayRun) return this.#enterEnd();
    const failed = end.code !== 0;
    const decision = this.#policy.decide({ ...end, failed }, performance.now());
    if (decision.kind === 'finished') return this.#enter('finished');
    if (decision.kind === 'failed') return this.#enter('failed', `${how}; ${decision.reason}`);
    this.#timer = setTimeout(() => {
      this.#restarts++;
      this.start();
    }, decision.delayMs);
    this.#enter('restarting', `${how}; restarting in ${formatDuration(Math.round(decision.delayMs))}`);
  }

  #underWay(): string {
    return this.#run?.isAttached === true ? 'its onStart()' : 'the import of its module';
  }

  /** Why a node that is to end now has failed, whatever comes. */
  #failureAtEnd(): string | undefined {
    if (this.#state !== 'starting' || !this.#run) return undefined;
    const ms = performance.now() - this.#onItsOwnMs;
    if (ms <= this.options.unreadyMs) return undefined;
    return `it was not ready ${formatDuration(Math.round(ms / 1000) * 1000)} after its start: ${this.#underWay()} was still under way`;
  }

  /** The node has ended because the launch ends. */
  #enterEnd(): void {
    const { onlyFailures } = this.#health;
    const failure =
      this.#failure ??
      (onlyFailures > 0 ? `each of the ${onlyFailures} calls of its handlers failed` : undefined);
    if (failure === undefined) this.#enter('stopped');
    else this.#enter('failed', failure);
  }

  #hear(nowMs: number): void {
    const silentS = this.#health.heard(nowMs);
    if (silentS !== undefined && this.#state === 'ready')
      this.#enter('ready', `is back after ${silentS} s without a sign of life`);
  }

  #enter(state: NodeState, reason?: string): void {
    this.#state = state;
    this.options.onState(this.status, reason);
    if (!this.isOver) return;
    const waiting = this.#onOver;
    this.#onOver = [];
    for (const callback of waiting) callback();
  }

  /** @returns false when the node is not over after `ms` */
  #overWithin(ms: number): Promise<boolean> {
    if (this.isOver) return Promise.resolve(true);
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), ms);
      this.#onOver.push(() => {
        clearTimeout(timer);
        resolve(true);
      });
    });
  }
}
