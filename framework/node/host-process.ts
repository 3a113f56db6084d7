import { inspect } from 'node:util';
import { isBabusError } from '../errors/index.js';
import type { NativeParticipant, ParticipantOptions } from '../native.js';
import type { FromNode, NodeSpec, ToNode } from '../spec.js';
import { HealthSigns } from './health-signs.js';
import { loadClass } from './load-class.js';
import type { Logger } from './log.js';
import { NodeRuntime } from './runtime.js';

/** What a node process does to the world, so that it can be tried without one. */
export interface HostEnvironment {
  readonly log: Logger;
  join(options: ParticipantOptions): NativeParticipant;
  /** To the supervisor; returns once it is on its way. */
  send(message: FromNode): Promise<void>;
  exit(code: number): void;
  /** Views fail when they are used too late. */
  readonly checking?: boolean;
}

/** How long handlers under way, and then onStop(), may take when the node is told to stop. Below the launcher's patience. */
const STOP_PATIENCE_MS = 2000;

/** A launcher's log and `node info` show what went wrong; nobody reads a complaint that is longer. */
const MAX_COMPLAINT_CHARS = 16 * 1024;

/** The life of a node process: told to start, attached, told to go, ready or failed, told to stop, gone. */
export class HostProcess {
  readonly #environment: HostEnvironment;
  readonly #gate = new Gate();
  #participant: NativeParticipant | undefined;
  #health: HealthSigns | undefined;
  #starting: Promise<NodeRuntime | undefined> | undefined;
  /** What it is that takes so long, for the log. */
  #underWay = 'the import of its module';
  #ending = false;
  #left = false;

  constructor(environment: HostEnvironment) {
    this.#environment = environment;
  }

  /** Messages of the supervisor. */
  receive(message: unknown): void {
    const { type } = (message ?? {}) as Partial<ToNode>;
    if (type === 'start' && !this.#starting)
      this.#starting = this.#start((message as { spec: NodeSpec }).spec);
    else if (type === 'go') this.#gate.open();
    else if (type === 'stop') void this.stop(0, patienceOf(message as { withinMs?: number }));
    else
      this.#environment.log.warn(`a message of type ${String(type)} was not expected here and is left aside`);
  }

  /** Ends the node in order, and the process with `status`, or 1 when onStop() failed. */
  async stop(status = 0, patienceMs = STOP_PATIENCE_MS): Promise<void> {
    if (this.#ending) return;
    this.#ending = true;
    this.#gate.shut();
    let code = status;
    try {
      const runtime = await this.#started(patienceMs);
      await runtime?.stop(patienceMs);
    } catch (error) {
      code = 1;
      this.#environment.log.error({ error }, 'onStop failed');
    }
    this.#leave(code);
  }

  /** For what nobody caught, outside of handlers: the state of the node is not known any more. */
  crash(error: unknown): void {
    this.#environment.log.error({ error }, 'uncaught error outside of a handler; the node ends');
    this.#ending = true;
    this.#leave(1);
  }

  /** Gives everything in shared memory back. */
  leave(): void {
    const participant = this.#participant;
    this.#participant = undefined;
    participant?.leave();
  }

  /** The node, once it has started; undefined when it fails to, or takes too long. */
  async #started(patienceMs: number): Promise<NodeRuntime | undefined> {
    let timeout: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timeout = setTimeout(() => {
        this.#environment.log.warn(
          `${this.#underWay} is still under way after ${patienceMs} ms; leaving without it`,
        );
        resolve(undefined);
      }, patienceMs);
    });
    const runtime = await Promise.race([this.#starting, late]);
    clearTimeout(timeout);
    return runtime;
  }

  async #start(spec: NodeSpec): Promise<NodeRuntime | undefined> {
    try {
      const runtime = await this.#attach(spec);
      if (await this.#gate.opened()) await this.#begin(runtime);
      return runtime;
    } catch (error) {
      await this.#fail(error);
      return undefined;
    }
  }

  async #attach(spec: NodeSpec): Promise<NodeRuntime> {
    const { moduleUrl, className, root, domain, name, wake } = spec;
    const { cls, meta } = await loadClass(moduleUrl, className);
    const participant = this.#environment.join({
      root,
      domain,
      name,
      create: true,
      ...(wake === undefined ? {} : { wake }),
    });
    this.#participant = participant;
    const { log, checking = false } = this.#environment;
    const onFinish = (error: unknown): void => this.#finish(error);
    const runtime = new NodeRuntime({ cls, meta, spec, participant, log, checking, onFinish });
    await this.#environment.send({ type: 'attached' });
    return runtime;
  }

  async #begin(runtime: NodeRuntime): Promise<void> {
    this.#underWay = 'onStart()';
    await runtime.begin();
    if (this.#ending) return;
    await this.#environment.send({ type: 'ready' });
    this.#health = new HealthSigns(runtime, (message) => this.#environment.send(message));
    if (!this.#ending) this.#health.start();
  }

  #finish(error: unknown): void {
    if (error !== undefined) this.#environment.log.error({ error }, 'the node cannot go on');
    void this.stop(error === undefined ? 0 : 1);
  }

  async #fail(error: unknown): Promise<void> {
    const known = isBabusError(error);
    const said = known
      ? error.message
      : `the node failed to start: ${error instanceof Error ? error.stack : inspect(error)}`;
    const message = said.slice(0, MAX_COMPLAINT_CHARS);
    await this.#environment.send(
      known ? { type: 'failed', code: error.code, message } : { type: 'failed', message },
    );
    this.#ending = true;
    this.#leave(1);
  }

  #leave(code: number): void {
    if (this.#left) return;
    this.#left = true;
    this.#health?.end();
    let status = code;
    try {
      this.leave();
    } catch (error) {
      status = 1;
      this.#environment.log.error({ error }, 'leaving the domain failed');
    }
    this.#environment.exit(status);
  }
}

/** Somewhat less than the launcher's own patience, so that what is left undone is said. */
function patienceOf({ withinMs }: { readonly withinMs?: number }): number {
  return withinMs === undefined ? STOP_PATIENCE_MS : withinMs * 0.8;
}

/** Is opened or shut, once. */
class Gate {
  #settle: (open: boolean) => void = () => undefined;
  readonly #opened = new Promise<boolean>((resolve) => (this.#settle = resolve));

  open(): void {
    this.#settle(true);
  }

  shut(): void {
    this.#settle(false);
  }

  /** Settles with whether it was opened before it was shut. */
  opened(): Promise<boolean> {
    return this.#opened;
  }
}
