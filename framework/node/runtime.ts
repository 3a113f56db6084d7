import { BabusError, didYouMean } from '../errors/index.js';
import type { NativeParticipant } from '../native.js';
import { wallClockMs } from '../schema/index.js';
import type { NodeHealth, NodeSpec, PortCounters, SlotSpec } from '../spec.js';
import {
  checkSchema,
  Dispatcher,
  HandlerRuns,
  monotonicMs,
  slotConfig,
  SlotPublisher,
  SlotSubscription,
  type MessageHandler,
} from '../slots/index.js';
import { doubleValue } from './construction.js';
import { constructNode, Services, type Provision } from './inject.js';
import { Logger } from './log.js';
import type { AnySchema, FieldMeta, NodeMeta, SubscriptionMeta } from './metadata.js';
import type { Node } from './node.js';
import { resolveParams } from './param-value.js';
import { Reports } from './reports.js';
import { TimerSet } from './timer-set.js';
import { Clock, NodeInfo } from './tokens.js';
import { eventLoop, type Scheduler } from './timer.js';

export type NodeClass = new () => Node;

export interface RuntimeOptions {
  readonly cls: NodeClass;
  readonly meta: NodeMeta;
  /** What the node is to be; its module is loaded already. */
  readonly spec: Pick<NodeSpec, 'name' | 'domain' | 'params' | 'ports'>;
  readonly participant: NativeParticipant;
  readonly log: Logger;
  /** Services in place of, or beside, the ones always there. */
  readonly provide?: readonly Provision[];
  /** Null: timers run by runTimer() alone. */
  readonly scheduler?: Scheduler | null;
  /** Log every failure of a handler at length, not the first one and then numbers. */
  readonly logEach?: boolean;
  /** Views are made anew for each message, and fail when they are used too late. */
  readonly checking?: boolean;
  /** Called once, when the node wants to end: with an error, or undefined when all is well. */
  readonly onFinish: (error: unknown) => void;
}

/** A node at work: joins its class, its slots, its handlers and its timers. */
export class NodeRuntime {
  readonly runs = new HandlerRuns();
  readonly timers: TimerSet;
  readonly subscriptions = new Map<string, SlotSubscription<unknown>>();
  readonly publishers = new Map<string, SlotPublisher<unknown>>();
  readonly node: Node;
  readonly #options: RuntimeOptions;
  readonly #dispatcher: Dispatcher;
  readonly #reports: Reports;
  /** By field key. */
  readonly #values = new Map<string | symbol, unknown>();

  #begun = false;

  /**
   * Opens the node's slots and constructs it: from now on it misses nothing. Nothing of it runs before begin().
   * @throws BabusError ERR_BABUS_PARAM, ERR_BABUS_PORT, ERR_BABUS_NODE_CLASS, what slots throw, and what the constructor throws;
   *   the caller then lets the participant leave
   */
  constructor(options: RuntimeOptions) {
    this.#options = options;
    const { meta, participant, log } = options;
    this.#reports = new Reports(log, options.logEach, once(options.onFinish));
    this.timers = new TimerSet(this.runs, this.#reports);
    this.#checkPorts();
    const params = this.#fillParams();
    this.#openPorts();
    this.#dispatcher = new Dispatcher(participant, this.runs, this.#reports);
    this.node = this.#construct(params);
    for (const port of meta.subscriptions) this.#connect(port);
    for (const timer of meta.timers) {
      this.timers.add(timer, this.#method(timer.method));
      if (timer.exitOnError) this.#reports.exitAfter(timer.method);
    }
  }

  /** Runs `onStart()`, then begins to deliver and starts the timers. @throws what `onStart()` throws */
  async begin(): Promise<void> {
    this.#begun = true;
    await this.node.onStart?.();
    this.#dispatcher.start();
    const { scheduler } = this.#options;
    if (scheduler !== null) this.timers.start(scheduler ?? eventLoop);
  }

  /** Settles when everything published was delivered and no handler is under way. */
  async idle(): Promise<void> {
    do {
      await this.#dispatcher.idle();
      await this.timers.idle();
    } while (this.#busy());
  }

  /**
   * Stops timers and delivery, waits for handlers under way, runs `onStop()` if the node had begun, then
   * closes publishers and subscriptions.
   * @param patienceMs how long handlers, and then `onStop()`, may take each; longer ones are left behind, and the log says so
   * @throws what `onStop()` throws
   */
  async stop(patienceMs: number): Promise<void> {
    this.timers.stop();
    this.#dispatcher.stop();
    const { log } = this.#options;
    const handlers = Promise.all([this.#dispatcher.idle(), this.timers.idle()]);
    if (!(await settlesWithin(handlers, patienceMs)))
      log.warn(`a handler is still under way after ${patienceMs} ms; stopping without it`);
    try {
      const onStop = (async () => (this.#begun ? this.node.onStop?.() : undefined))();
      if (!(await settlesWithin(onStop, patienceMs)))
        log.warn(`onStop() is still under way after ${patienceMs} ms; leaving without it`);
    } finally {
      this.timers.report();
      this.#reports.flush();
      for (const end of [...this.publishers.values(), ...this.subscriptions.values()]) end.close();
    }
  }

  health(): NodeHealth {
    const ports: Record<string, PortCounters> = {};
    for (const [port, { published }] of this.publishers) ports[port] = { messages: published, missed: 0 };
    for (const [port, { received, missed }] of this.subscriptions)
      ports[port] = { messages: received, missed };
    return { counters: { ...this.#reports.counters, handlerCalls: this.#handlerCalls() }, ports };
  }

  /** To be told when the event loop goes on after it stood still. */
  blocked(ms: number): void {
    this.#reports.blocked(ms);
  }

  #handlerCalls(): number {
    let calls = this.timers.calls;
    for (const subscription of this.subscriptions.values()) calls += subscription.received;
    return calls;
  }

  #busy(): boolean {
    for (const subscription of this.subscriptions.values())
      if (this.#dispatcher.handles(subscription) && subscription.pending) return true;
    return this.timers.running > 0;
  }

  #checkPorts(): void {
    const { meta, spec } = this.#options;
    const known = [...meta.subscriptions, ...meta.publishers].map(({ port }) => port);
    for (const port of Object.keys(spec.ports))
      if (!known.includes(port))
        throw new BabusError(
          'ERR_BABUS_PORT',
          `${spec.name}: the node has no port '${port}'${didYouMean(port, known)}`,
        );
  }

  #fillParams(): NodeSpec['params'] {
    const { meta, spec } = this.#options;
    const specs = Object.fromEntries(meta.params.map((param) => [param.name, param.spec]));
    const params = resolveParams(spec.name, specs, spec.params);
    for (const { name, field } of meta.params) this.#values.set(field.key, params[name]);
    return params;
  }

  #openPorts(): void {
    const { meta, participant, checking = false } = this.#options;
    for (const { port, schema, field } of meta.publishers) {
      const slot = this.#slot(port, schema);
      const end = participant.publisher(slotConfig(slot));
      if (slot.prefault === true) end.prefault();
      const publisher = new SlotPublisher(end, schema, this.runs, { validate: slot.validate === true });
      this.publishers.set(port, publisher);
      this.#values.set(field.key, publisher);
    }
    for (const { port, schema, field, history } of meta.subscriptions) {
      const slot = this.#slot(port, schema);
      const subscription = new SlotSubscription(
        participant.subscription(slotConfig(slot)),
        schema,
        slot.pinsPerReader,
        { checking },
      );
      if (history !== undefined) subscription.beginWith(history);
      this.subscriptions.set(port, subscription);
      if (field) this.#values.set(field.key, subscription);
    }
  }

  #slot(port: string, schema: AnySchema): SlotSpec {
    const { name, ports } = this.#options.spec;
    const slot = Object.hasOwn(ports, port) ? ports[port] : undefined;
    if (!slot) throw new BabusError('ERR_BABUS_PORT', `${name}: port '${port}' has no slot`);
    checkSchema(slot, schema);
    return slot;
  }

  #construct(params: NodeSpec['params']): Node {
    const { cls, meta, spec, log, provide = [], onFinish } = this.#options;
    const { name, domain } = spec;
    const services = new Services([
      [Clock, { monotonicMs, wallMs: wallClockMs } satisfies Clock],
      [Logger, log],
      [NodeInfo, { name, domain, params } satisfies NodeInfo],
      ...provide,
    ]);
    const node = constructNode(cls, services, { name, log, finish: once(onFinish), values: this.#values });
    const fields = [...meta.publishers, ...meta.subscriptions, ...meta.params].map(({ field }) => field);
    for (const field of fields) if (field?.setAfterConstruction) this.#setField(node, field);
    return node;
  }

  #setField(node: Node, { key }: FieldMeta): void {
    const fields = node as unknown as Record<string, unknown>;
    if (fields[key] !== undefined) throw doubleValue(node.name, key);
    fields[key] = this.#values.get(key);
  }

  #connect({ port, method, latest, concurrency, exitOnError }: SubscriptionMeta): void {
    if (method === undefined) return;
    const subscription = this.subscriptions.get(port)!;
    if (concurrency > subscription.pinsPerReader)
      throw new BabusError(
        'ERR_BABUS_NODE_CLASS',
        `${this.node.constructor.name}.${method}: concurrency ${concurrency} needs as many pins, and ${subscription.slot} gives a ` +
          `reader ${subscription.pinsPerReader}; raise slots.${subscription.slot}.pins_per_reader`,
      );
    const handler = this.#method(method) as MessageHandler;
    this.#dispatcher.add({ subscription, handler, latest, concurrency });
    subscription.nameHandler(method);
    this.#reports.name(subscription, method);
    if (exitOnError) this.#reports.exitAfter(method);
  }

  #method(name: string): (...args: never[]) => unknown {
    const method = (this.node as unknown as Record<string, (...args: never[]) => unknown>)[name]!;
    return method.bind(this.node);
  }
}

function once<A>(callback: (argument: A) => void): (argument: A) => void {
  let called = false;
  return (argument) => {
    if (called) return;
    called = true;
    callback(argument);
  };
}

/** False when the promise needs longer. */
async function settlesWithin(promise: Promise<unknown>, ms: number): Promise<boolean> {
  let timeout: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timeout = setTimeout(() => resolve(false), ms);
  });
  try {
    return await Promise.race([promise.then(() => true), late]);
  } finally {
    clearTimeout(timeout);
  }
}
