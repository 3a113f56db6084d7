import { inspect } from 'node:util';
import { BabusError, didYouMean } from '../errors/index.js';
import type { ParamValue, SlotSpec } from '../spec.js';
import {
  MemoryDomain,
  MemoryParticipant,
  slotConfig,
  slotSpec,
  SlotPublisher,
  SlotSubscription,
  type SlotSettings,
} from '../slots/index.js';
import { nodeMeta } from './load-class.js';
import { createLogger, type LogRecord } from './log.js';
import { schemaSummary, type AnySchema } from './metadata.js';
import type { Node } from './node.js';
import { NodeRuntime } from './runtime.js';
import type { InjectionToken } from './tokens.js';

export interface TestNodeOptions {
  /** The node's name; by default that of its class. */
  name?: string;
  /** By their names in launch files. Others take their defaults. */
  params?: Readonly<Record<string, ParamValue>>;
  /** Settings of slots, by port: `{ image: { depth: 2 } }`. Each port has a slot of its own name. */
  slots?: Readonly<Record<string, SlotSettings>>;
  /** Services in place of real ones: `[[Clock, myClock]]`. */
  provide?: readonly (readonly [token: InjectionToken<unknown>, value: unknown])[];
}

/** A message that the node under test published. */
export type Received = Record<string, unknown>;

/** How long a handler may go on after stop(); a test that waits longer has a handler that hangs. */
const STOP_PATIENCE_MS = 5000;

/**
 * Runs a node class inside a unit test: no launch file, no process, no shared memory. Slots are plain memory that behaves as
 * the shared one does, quotas and loss included. Timers run when the test says so.
 *
 *     const t = await testNode(EdgeDetector, { params: { threshold: 10 } });
 *     t.publish('image', { width: 2, height: 2, data: new Uint8Array(4) });
 *     await t.settled();
 *     assert.equal(t.received('edges').length, 1);
 *     await t.stop();
 *
 * @throws BabusError what a launch would have refused: ERR_BABUS_NODE_CLASS, ERR_BABUS_PARAM; and what `onStart()` throws
 */
export async function testNode<N extends Node>(
  cls: new (...args: never[]) => N,
  options: TestNodeOptions = {},
): Promise<TestNode<N>> {
  return TestNode.start(cls, options);
}

/** A node under test: what `testNode()` gives. */
export class TestNode<N extends Node> {
  /** The node itself. */
  readonly node: N;
  /** What the node logged so far. */
  readonly log: readonly LogRecord[];
  readonly #runtime: NodeRuntime;
  readonly #bench: Bench;

  private constructor(runtime: NodeRuntime, bench: Bench) {
    this.node = runtime.node as N;
    this.log = bench.log;
    this.#runtime = runtime;
    this.#bench = bench;
  }

  /** @internal */
  static async start<N extends Node>(
    cls: new (...args: never[]) => N,
    options: TestNodeOptions,
  ): Promise<TestNode<N>> {
    const meta = nodeMeta(cls, cls.name);
    const { name = cls.name, params = {}, slots = {}, provide = [] } = options;
    const bench = new Bench();
    const ports: Record<string, SlotSpec> = {};
    const known = [...meta.subscriptions, ...meta.publishers].map(({ port }) => port);
    for (const port of Object.keys(slots)) if (!known.includes(port)) throw noSuchPort(port, known);
    const specOf = (port: string, schema: AnySchema): SlotSpec =>
      (ports[port] = slotSpec(port, schemaSummary(schema), slots[port]));
    for (const { port, schema } of meta.publishers) bench.tap(specOf(port, schema), schema);
    for (const { port, schema } of meta.subscriptions) bench.feed(specOf(port, schema), schema);
    const runtime = new NodeRuntime({
      cls,
      meta,
      spec: { name, domain: 'test', params, ports },
      participant: bench.join(name),
      log: createLogger((record) => bench.log.push(record)),
      provide,
      scheduler: null,
      logEach: true,
      checking: true,
      onFinish: (error) => bench.finished.settle(error),
    });
    await runtime.begin();
    return new TestNode<N>(runtime, bench);
  }

  /**
   * Publishes a message on a port that the node subscribes to. It is delivered soon: see settled().
   * @returns its sequence number
   * @throws BabusError ERR_BABUS_VALUE when it does not fit the port's schema, ERR_BABUS_PORT for an unknown port
   */
  publish(port: string, value: object): number {
    return this.#bench.feeds.get(port)?.publish(value) ?? this.#refusePort(port, this.#bench.feeds);
  }

  /**
   * Plain copies of all messages that the node published on a port so far.
   * @throws BabusError ERR_BABUS_PORT for an unknown port
   */
  received(port: string): readonly Received[] {
    return this.#bench.taps.get(port) ?? this.#refusePort(port, this.#bench.taps);
  }

  /** Settles when everything published was delivered and no handler is under way. */
  async settled(): Promise<void> {
    await this.#runtime.idle();
  }

  /** Runs an `@every` method once, as its timer would. @throws BabusError ERR_BABUS_ARGUMENT for any other method */
  async tick(method: string): Promise<void> {
    await this.#runtime.timers.run(method);
  }

  /** Settles once the node has called its `finish()`; rejects with the error it gave. Stopping the node is left to the test. */
  async finished(): Promise<void> {
    await this.#bench.finished.outcome();
  }

  /** Ends the node: handlers under way, then `onStop()`. @throws what `onStop()` throws */
  async stop(): Promise<void> {
    try {
      await this.#runtime.stop(STOP_PATIENCE_MS);
    } finally {
      this.#bench.leave();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  #refusePort(port: string, known: ReadonlyMap<string, unknown>): never {
    throw noSuchPort(port, [...known.keys()]);
  }
}

function noSuchPort(port: string, known: readonly string[]): BabusError {
  return new BabusError(
    'ERR_BABUS_PORT',
    `there is no port '${port}' of that direction${didYouMean(port, known)}`,
  );
}

/** Whether a node has called its `finish()`. No promise of it lies about that could reject unobserved. */
class Finished {
  #outcome: { readonly error: Error | undefined } | undefined;
  readonly #waiting: (() => void)[] = [];

  settle(given: unknown): void {
    const isError = given === undefined || given instanceof Error;
    this.#outcome = { error: isError ? given : new Error(inspect(given)) };
    for (const wake of this.#waiting) wake();
  }

  async outcome(): Promise<void> {
    if (!this.#outcome) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    if (this.#outcome?.error) throw this.#outcome.error;
  }
}

/** The other ends of a node's slots. */
class Bench {
  readonly log: LogRecord[] = [];
  readonly feeds = new Map<string, SlotPublisher<unknown>>();
  readonly taps = new Map<string, Received[]>();
  readonly finished = new Finished();
  readonly #domain = new MemoryDomain();
  readonly #participants: MemoryParticipant[] = [];

  join(name: string): MemoryParticipant {
    const participant = new MemoryParticipant(this.#domain, name);
    this.#participants.push(participant);
    return participant;
  }

  feed(spec: SlotSpec, schema: AnySchema): void {
    const publisher = this.join('feed').publisher(slotConfig(spec));
    this.feeds.set(spec.name, new SlotPublisher(publisher, schema));
  }

  /** Copies each message at its commit, so that none is lost however many there are. */
  tap(spec: SlotSpec, schema: AnySchema): void {
    const received: Received[] = [];
    const subscription = new SlotSubscription<unknown>(
      this.join('tap').subscription(slotConfig(spec)),
      schema,
      spec.pinsPerReader,
    );
    this.taps.set(spec.name, received);
    this.#domain.slot(slotConfig(spec)).listeners.add(() => {
      const message = subscription.latest();
      if (!message) return;
      received.push((message.view as { clone(): Received }).clone());
      message.release();
    });
  }

  leave(): void {
    for (const participant of this.#participants) participant.leave();
  }
}
