import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import { Channel } from '../../channel.js';
import type { FromNode, ToNode } from '../../spec.js';
import { PIPES_MS } from './run-output.js';
import { Valve } from './valve.js';

/** Failures to start that no restart mends. */
const HOPELESS: ReadonlySet<string> = new Set([
  'ERR_BABUS_NODE_CLASS',
  'ERR_BABUS_NODE_MODULE',
  'ERR_BABUS_PARAM',
  'ERR_BABUS_PORT',
  'ERR_BABUS_SCHEMA_MISMATCH',
  'ERR_BABUS_SLOT_CONFIG',
]);

/** Signs of life have a few kilobytes. */
const MAX_LINE_BYTES = 256 * 1024;

/** Reading what one node says must not keep the launcher from the others. */
const BYTES_PER_WINDOW = 64 * 1024;

export interface TalkEvents {
  readonly onAttached: () => void;
  readonly onReady: () => void;
  readonly onFailed: () => void;
  readonly onHealth: (health: unknown) => void;
  readonly onGarbage: () => void;
}

/** What one process of a node and the launcher say to each other. The node's own code may send what it likes. */
export class NodeTalk {
  isAttached = false;
  wasReady = false;
  isHopeless = false;
  /** What the node said was wrong, or why its process could not be started. */
  complaint: string | undefined;
  readonly #events: TalkEvents;
  #socket: Duplex | undefined;
  #channel: Channel | undefined;
  #mayGo = false;
  #wasGarbage = false;

  constructor(events: TalkEvents) {
    this.#events = events;
  }

  /** False when the node cannot be told anything. */
  get isOpen(): boolean {
    return this.#channel?.isOpen === true;
  }

  listen(socket: Duplex): void {
    this.#socket = socket;
    const events = {
      onMessage: (message: unknown) => this.#hear(message),
      onGarbage: () => this.#hearGarbage(),
      onClose: () => undefined,
    };
    this.#channel = new Channel(socket, events, MAX_LINE_BYTES);
    new Valve(socket, BYTES_PER_WINDOW);
  }

  send(message: ToNode): void {
    void this.#channel?.send(message);
  }

  /** Lets the node begin, as soon as it has attached. */
  go(): void {
    if (this.#mayGo) return;
    this.#mayGo = true;
    if (this.isAttached) this.send({ type: 'go' });
  }

  /** Settles when everything was heard that the process said before it ended; something else may hold its end open. */
  async readOut(): Promise<void> {
    if (!this.#socket || this.#socket.closed) return;
    const timer = setTimeout(() => this.close(), PIPES_MS);
    await once(this.#socket, 'close');
    clearTimeout(timer);
  }

  close(): void {
    this.#channel?.close();
  }

  #hear(message: unknown): void {
    const said = (message ?? {}) as Partial<FromNode>;
    if (said.type === 'attached') this.#attached();
    else if (said.type === 'ready') this.#ready();
    else if (said.type === 'health') this.#events.onHealth(said.health);
    else if (said.type === 'failed') this.#failed(said);
  }

  #attached(): void {
    if (this.isAttached) return;
    this.isAttached = true;
    if (this.#mayGo) this.send({ type: 'go' });
    this.#events.onAttached();
  }

  #ready(): void {
    if (this.wasReady) return;
    this.wasReady = true;
    this.#events.onReady();
  }

  #failed({ message, code }: { readonly message?: unknown; readonly code?: unknown }): void {
    this.complaint = typeof message === 'string' ? message : inspect(message);
    this.isHopeless = typeof code === 'string' && HOPELESS.has(code);
    this.#events.onFailed();
  }

  #hearGarbage(): void {
    if (this.#wasGarbage) return;
    this.#wasGarbage = true;
    this.#events.onGarbage();
  }
}
