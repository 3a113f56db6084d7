import { EventEmitter } from 'node:events';
import { BabusError, didYouMean } from '../../errors/index.js';
import { keepModules } from '../../describe/index.js';
import { nodeSpec, type LaunchPlan, type NodePlan } from '../plan/plan.js';
import { awaited, judge, type Verdict } from './dependencies.js';
import { Published, type Sequences } from './published.js';
import { SlotWatch, type SlotExpectation } from './slot-watch.js';
import type { Dependency } from '../dependencies.js';
import { ManagedNode, type NodeRecord, type NodeStatus, type Patience } from './managed-node.js';
import type { OutputSink } from './output.js';
import type { Placement } from '../placement.js';
import type { Refusal, RunEnd } from './node-run.js';
import { BARRIER_MS, StartBarrier } from './start-barrier.js';

export interface SuperviseOptions {
  /** Script that becomes a node: the file of framework/node's host. */
  readonly hostPath: string;
  /** Options of Node for the nodes' processes, such as --inspect. */
  readonly execArgv?: readonly string[];
  /** Shared-memory root folder. */
  readonly root: string;
  readonly sink: OutputSink;
  /** Called before the first node starts; what it throws ends the launch. */
  readonly prepareDomain?: () => void | Promise<void>;
  /** Called once when the last node has ended. */
  readonly cleanupDomain?: () => void;
  /** Puts a process where its node is wanted; needed for plans that say so. */
  readonly place?: (pid: number, placement: Placement) => readonly Refusal[];
  /** Default: those of the plan. */
  readonly expectations?: readonly SlotExpectation[];
  /** Newest sequences of the domain's slots; needed for plans in which somebody waits for publishing, or expects something of slots. */
  readonly sequences?: Sequences;
  /** Default 5 s to SIGTERM, 2 s more to SIGKILL. */
  readonly patience?: Patience;
  /** How long the others wait for nodes that do not attach. Default 5 s. */
  readonly barrierMs?: number;
  /** Goes on when no node is left that runs, until it is stopped: nodes may be replaced. */
  readonly staysWithoutNodes?: boolean;
  /** A node that is not ready after so long when the launch ends has failed. Default 5 s. */
  readonly unreadyMs?: number;
}

export interface SupervisorEvents {
  /** A node has another state, or there is news of it (`reason`, in words). */
  state: [status: NodeStatus, reason: string | undefined];
  /** A process of a node has ended. */
  exit: [node: string, end: RunEnd];
  /** So many lines that a node printed were left out since this was emitted before. */
  flood: [node: string, lines: number];
  /** A slot is not as it is expected to be, or is again. */
  slot: [slot: string, isWell: boolean, message: string];
  /** The launch is to end; emitted once. */
  stopping: [reason: string];
}

const UNREADY_MS = 5000;

const DEFAULT_PATIENCE: Patience = { stopMs: 5000, termMs: 2000 };

/** How often the nodes' compiled modules are marked as used: the cache forgets what nobody used for 30 days. */
const KEEP_MS = 24 * 3600 * 1000;

/** How often it is looked whether nodes that others wait for have published. */
const PUBLISHED_MS = 50;

/** How often it is looked whether nodes give signs of life. */
const LOOK_MS = 500;

/** Runs a plan: starts its nodes, restarts them, stops them in order, and leaves no process behind. */
export class Supervisor extends EventEmitter<SupervisorEvents> {
  readonly #nodes: readonly ManagedNode[];
  readonly #moduleUrls: readonly string[];
  readonly #options: SuperviseOptions;
  readonly #published: Published;
  /** Stopped by somebody who may start them again. */
  readonly #byHand = new Set<string>();
  #lookForMessages: NodeJS.Timeout | undefined;
  #started = false;
  #barrier: StartBarrier | undefined;
  #stopping: Promise<void> | undefined;
  #plan: LaunchPlan;
  /** Nodes that are between their last process and the next. */
  #replacing = 0;
  #finish: () => void = () => undefined;

  constructor(plan: LaunchPlan, options: SuperviseOptions) {
    super();
    this.#options = options;
    this.#plan = plan;
    this.#published = new Published(options.sequences ?? (() => new Map()));
    this.#moduleUrls = plan.nodes.map(({ moduleUrl }) => moduleUrl);
    this.#nodes = plan.nodes.map(
      (node) =>
        new ManagedNode({
          plan: node,
          spec: nodeSpec(plan, node, options.root),
          hostPath: options.hostPath,
          ...(options.execArgv === undefined ? {} : { execArgv: options.execArgv }),
          sink: options.sink,
          patience: options.patience ?? DEFAULT_PATIENCE,
          place: options.place ?? (() => []),
          unreadyMs: options.unreadyMs ?? UNREADY_MS,
          onArrived: (name) => {
            this.#barrier?.arrived(name);
            this.#startWaiting();
          },
          onState: (status, reason) => this.#changed(status, reason),
          onExit: (name, end) => void this.emit('exit', name, end),
          onFlood: (name, lines) => void this.emit('flood', name, lines),
        }),
    );
  }

  /** What it runs, with what has been replaced since. */
  get plan(): LaunchPlan {
    return this.#plan;
  }

  /** All nodes in start order. */
  nodes(): NodeStatus[] {
    return this.#nodes.map((node) => node.status);
  }

  /** What is known of a node beyond its status; undefined when there is no such node. */
  record(name: string): NodeRecord | undefined {
    return this.#nodes.find((node) => node.name === name)?.record;
  }

  /**
   * Starts everything and waits until every node has finished, failed for good or been stopped.
   * @returns the exit code: 0, or 1 when a node has failed for good
   */
  async run(): Promise<number> {
    if (this.#started) throw new Error('a supervisor runs once');
    this.#started = true;
    const prepared = this.#options.prepareDomain?.();
    if (prepared) await prepared;
    const killAll = (): void => this.kill();
    // Whatever ends this process short of SIGKILL: no node outlives it.
    process.on('exit', killAll);
    const stopLooking = this.#lookAfterNodes();
    const stopWatching = this.#watchSlots();
    const keeping = setInterval(() => keepModules(this.#moduleUrls), KEEP_MS).unref();
    try {
      await new Promise<void>((resolve) => {
        this.#finish = resolve;
        if (this.#stopping) return resolve();
        this.#startAll();
      });
      await this.#stopping;
      await Promise.all(this.#nodes.map((node) => node.finishForwarding()));
    } finally {
      stopLooking();
      stopWatching();
      clearInterval(keeping);
      this.kill();
      process.off('exit', killAll);
    }
    this.#options.cleanupDomain?.();
    return this.#nodes.some((node) => node.status.state === 'failed' || !node.isOver) ? 1 : 0;
  }

  /** Ends the launch: subscribers before publishers, level by level. Settles when no node is left. */
  stop(reason: string): Promise<void> {
    this.#stopping ??= this.#stopLevels(reason);
    return this.#stopping;
  }

  /**
   * Ends a node's process in order and starts it anew as `node` of `plan` says; the others go on. Settles when it was started,
   * or not because the launch ends.
   */
  async replace(node: NodePlan, plan: LaunchPlan): Promise<void> {
    const managed = this.#nodes.find(({ name }) => name === node.name);
    if (!managed || this.#stopping) return;
    this.#plan = plan;
    this.#replacing++;
    try {
      await managed.stop();
    } finally {
      this.#replacing--;
    }
    if (!this.#stopping) managed.startAs(node, nodeSpec(plan, node, this.#options.root));
  }

  /** Ends every process at once with SIGKILL. `run()` then returns as soon as they are gone. */
  kill(): void {
    this.#barrier?.cancel();
    for (const node of this.#nodes) node.kill();
  }

  #startAll(): void {
    const waiting = this.#nodes.filter((node) => this.#dependenciesOf(node.name).length > 0);
    // Who waits for others is not waited for by them.
    const names = this.#nodes.filter((node) => !waiting.includes(node)).map((node) => node.name);
    this.#barrier = new StartBarrier(
      names,
      (late) => {
        for (const node of this.#nodes) if (late.includes(node.name)) node.leftBehind(this.#barrierMs);
        for (const node of this.#nodes) node.go();
      },
      this.#barrierMs,
    );
    for (const node of waiting) node.wait(awaited(this.#dependenciesOf(node.name)));
    for (const node of this.#nodes) if (!waiting.includes(node)) this.#start(node);
  }

  #start(node: ManagedNode): void {
    if (this.#isAwaitedToPublish(node.name)) this.#published.begin(node.name);
    node.start();
  }

  #dependenciesOf(name: string): readonly Dependency[] {
    return this.#plan.nodes.find((node) => node.name === name)?.life?.dependsOn ?? [];
  }

  #isAwaitedToPublish(name: string): boolean {
    return this.#plan.nodes.some((node) =>
      node.life?.dependsOn.some((each) => each.node === name && each.condition === 'publishing'),
    );
  }

  /** Starts whose conditions hold by now, and gives up whose never will. */
  #startWaiting(): void {
    clearTimeout(this.#lookForMessages);
    if (this.#stopping) return;
    let lookAgain = false;
    for (const node of this.#nodes) {
      if (node.status.state !== 'waiting') continue;
      const dependencies = this.#dependenciesOf(node.name);
      const verdicts = dependencies.map((each) => this.#judge(each));
      const never = dependencies[verdicts.indexOf('never')];
      if (never) node.giveUp(`it waits for ${awaited([never])}, which has ended without`);
      else if (verdicts.every((verdict) => verdict === 'holds')) this.#start(node);
      else
        lookAgain ||= dependencies.some(
          ({ condition }, at) => condition === 'publishing' && verdicts[at] === 'not yet',
        );
    }
    if (lookAgain) this.#lookForMessages = setTimeout(() => this.#startWaiting(), PUBLISHED_MS);
  }

  #judge(dependency: Dependency): Verdict {
    const other = this.#nodes.find((node) => node.name === dependency.node)!;
    const { name, hasStarted, wasReady } = other;
    const slots = this.#plan.nodes
      .find((node) => node.name === name)!
      .ports.filter(({ direction }) => direction === 'publishes')
      .map(({ slot }) => slot);
    const hasPublished =
      dependency.condition === 'publishing' && hasStarted && this.#published.has(name, slots);
    return judge(dependency, { state: other.status.state, hasStarted, wasReady, hasPublished });
  }

  /**
   * Starts, stops or restarts one node of the running launch. A node that was stopped stays so until it is started; its
   * dependencies are not waited for again.
   * @throws BabusError ERR_BABUS_NODE_MISSING; ERR_BABUS_LAUNCHER when the launch is stopping
   */
  control(name: string, action: 'start' | 'stop' | 'restart'): void {
    const node = this.#nodes.find((each) => each.name === name);
    if (!node)
      throw new BabusError(
        'ERR_BABUS_NODE_MISSING',
        `no node '${name}' in domain '${this.#plan.domain}'${didYouMean(
          name,
          this.#nodes.map((each) => each.name),
        )}`,
      );
    if (this.#stopping) throw new BabusError('ERR_BABUS_LAUNCHER', 'the launch is stopping');
    if (action === 'stop') void this.#stopByHand(node);
    else if (action === 'restart') void this.#stopByHand(node).then(() => this.#startByHand(node));
    else this.#startByHand(node);
  }

  async #stopByHand(node: ManagedNode): Promise<void> {
    this.#byHand.add(node.name);
    await node.stop();
  }

  #startByHand(node: ManagedNode): void {
    const { state, pid } = node.status;
    if (this.#stopping || pid !== undefined || state === 'starting') return;
    this.#byHand.delete(node.name);
    if (this.#isAwaitedToPublish(node.name)) this.#published.begin(node.name);
    node.startAgain();
  }

  get #barrierMs(): number {
    return this.#options.barrierMs ?? BARRIER_MS;
  }

  /** @returns what ends it */
  #lookAfterNodes(): () => void {
    let last = performance.now();
    const timer = setInterval(() => {
      const now = performance.now();
      // Signs of life may be waiting to be read when the launcher itself was stopped or busy.
      const late = now - last > 2 * LOOK_MS;
      last = now;
      for (const node of this.#nodes) node.look(now, late);
    }, LOOK_MS).unref();
    return () => clearInterval(timer);
  }

  /** @returns what ends it */
  #watchSlots(): () => void {
    const { expectations = expectationsOf(this.#plan), sequences } = this.#options;
    const watch = new SlotWatch(expectations, (slot, isWell, message) => {
      this.emit('slot', slot, isWell, message);
    });
    if (watch.isEmpty || !sequences) return () => undefined;
    const isReady = (name: string): boolean =>
      !this.#stopping && this.#nodes.some((node) => node.name === name && node.status.state === 'ready');
    const timer = setInterval(
      () => watch.look(performance.now(), sequences(), isReady),
      watch.everyMs,
    ).unref();
    return () => clearInterval(timer);
  }

  async #stopLevels(reason: string): Promise<void> {
    this.emit('stopping', reason);
    this.#barrier?.cancel();
    clearTimeout(this.#lookForMessages);
    for (const node of this.#nodes) node.noMoreRuns();
    const levels = [...new Set(this.#nodes.map((node) => node.level))].sort((a, b) => b - a);
    for (const level of levels)
      await Promise.all(this.#nodes.filter((node) => node.level === level).map((node) => node.stop()));
    this.#finish();
  }

  #changed(status: NodeStatus, reason: string | undefined): void {
    this.emit('state', status, reason);
    if (this.#stopping) return;
    this.#startWaiting();
    if (this.#replacing > 0 || this.#options.staysWithoutNodes === true) return;
    const { node: name, state } = status;
    const isRequired = this.#plan.nodes.find((node) => node.name === name)?.life?.required === true;
    if (isRequired && (state === 'failed' || state === 'finished'))
      void this.stop(`${name}, which is required, has ${state}`);
    else if (this.#nodes.every((node) => node.isOver && !this.#byHand.has(node.name))) this.#finish();
  }
}

function expectationsOf({ slots }: LaunchPlan): SlotExpectation[] {
  return slots.map(({ spec, ...rest }) => ({ slot: spec.name, ...rest }));
}
