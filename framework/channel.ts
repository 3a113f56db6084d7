/**
 * The line between the launcher and one node process: a socket pair that carries one JSON object a line, both ways. Not Node's
 * own IPC channel, where a byte that is no message ends the process that reads it, and a line may grow without end.
 */
import type { Duplex } from 'node:stream';

/** The node's file descriptor of the channel. */
export const CHANNEL_FD = 3;
/** Variable that tells a process that it has a channel: any program may be started with some descriptor 3. */
export const CHANNEL_VARIABLE = 'BABUS_CHANNEL_FD';

/** What a channel tells its owner. */
export interface ChannelEvents {
  /** Any JSON value: the other side may send what it likes. */
  readonly onMessage: (message: unknown) => void;
  /** A line that is no JSON, or too long, came and was left out. */
  readonly onGarbage: () => void;
  /** Once: the other side has closed its end or is gone. */
  readonly onClose: () => void;
}

const LINE_END = 0x0a;

export class Channel {
  readonly #socket: Duplex;
  readonly #events: ChannelEvents;
  readonly #maxLineBytes: number;
  /** Pieces of the line that is not complete yet. */
  #pieces: Buffer[] = [];
  #bytes = 0;
  #isTooLong = false;

  /** @param maxLineBytes longer lines are left out, and never kept */
  constructor(socket: Duplex, events: ChannelEvents, maxLineBytes: number) {
    this.#socket = socket;
    this.#events = events;
    this.#maxLineBytes = maxLineBytes;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    // What is wrong with it does not matter: 'close' follows.
    socket.on('error', () => socket.destroy()).on('close', events.onClose);
  }

  /** False once nothing more can be sent. */
  get isOpen(): boolean {
    return this.#socket.writable;
  }

  /** Settles when the message is on its way, or the other side is gone. Never rejects. */
  send(message: object): Promise<void> {
    if (!this.isOpen) return Promise.resolve();
    return new Promise((resolve) => this.#socket.write(`${JSON.stringify(message)}\n`, () => resolve()));
  }

  /** Lets go of the other side. */
  close(): void {
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    let start = 0;
    for (let end; (end = chunk.indexOf(LINE_END, start)) !== -1; start = end + 1) {
      this.#keep(chunk.subarray(start, end));
      this.#endLine();
    }
    this.#keep(chunk.subarray(start));
  }

  #keep(piece: Buffer): void {
    this.#bytes += piece.length;
    if (this.#bytes <= this.#maxLineBytes) {
      this.#pieces.push(piece);
      return;
    }
    this.#isTooLong = true;
    this.#pieces = [];
  }

  #endLine(): void {
    const line = this.#isTooLong ? undefined : Buffer.concat(this.#pieces).toString('utf8');
    this.#pieces = [];
    this.#bytes = 0;
    this.#isTooLong = false;
    const message = parse(line);
    if (message === undefined) this.#events.onGarbage();
    else this.#events.onMessage(message);
  }
}

/** @returns undefined for what is no JSON */
function parse(line: string | undefined): unknown {
  if (line === undefined) return undefined;
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
