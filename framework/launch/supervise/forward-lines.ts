import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import type { FloodGate } from './flood-gate.js';
import { LineSplitter } from './line-splitter.js';
import type { NodeOutput } from './node-output.js';
import type { OutputStream } from './output.js';
import { Valve } from './valve.js';

/** A node that prints more waits: reading it must not keep the launcher from the others. */
const BYTES_PER_WINDOW = 256 * 1024;

/**
 * Reads what a run of a node prints, line by line. While its output is full, the pipe is left unread, so that the node waits and
 * nobody else does, and nothing piles up here. What the gate does not let through is left out.
 */
export class LineForwarder {
  /** Settles when the stream has ended and all of it was handed on. */
  readonly done: Promise<void>;
  readonly #from: Readable;
  readonly #stream: OutputStream;
  readonly #output: NodeOutput;
  readonly #gate: FloodGate;
  readonly #valve: Valve;
  readonly #splitter = new LineSplitter();
  #isWaiting = false;
  #isDiscarding = false;

  constructor(from: Readable, stream: OutputStream, output: NodeOutput, gate: FloodGate) {
    this.#from = from;
    this.#stream = stream;
    this.#output = output;
    this.#gate = gate;
    this.#valve = new Valve(from, BYTES_PER_WINDOW);
    this.done = this.#forward();
    this.#waitIfFull();
  }

  /** True while the stream is left unread, because there is no room for its lines. */
  get isWaiting(): boolean {
    return this.#isWaiting;
  }

  /** True while the stream is left unread, for that reason or another. */
  get isPaused(): boolean {
    return this.#from.isPaused();
  }

  /** Reads the rest without handing it on: the gate, which is shut by now, counts it. */
  discard(): void {
    this.#isDiscarding = true;
    this.#isWaiting = false;
    this.#valve.open('full');
  }

  /** Reads nothing more. */
  destroy(): void {
    this.#from.destroy();
  }

  async #forward(): Promise<void> {
    const decoder = new StringDecoder('utf8');
    this.#from.on('data', (chunk: Buffer) => {
      if (this.#isWaiting) this.#putBack(chunk);
      else this.#send(this.#splitter.push(decoder.write(chunk)));
    });
    await new Promise<void>((resolve) => {
      // 'close' comes after 'end', and alone when a read fails or the stream is destroyed.
      this.#from.on('error', () => this.#from.destroy()).on('close', resolve);
    });
    this.#send([...this.#splitter.push(decoder.end()), ...this.#splitter.flush()]);
  }

  /** Node resumes the pipes of a process that has ended, paused or not. */
  #putBack(chunk: Buffer): void {
    this.#from.pause();
    this.#from.unshift(chunk);
  }

  #send(lines: readonly string[]): void {
    const passed = this.#gate.pass(lines);
    if (passed.length > 0) this.#output.write(this.#stream, passed);
    this.#waitIfFull();
  }

  #waitIfFull(): void {
    if (!this.#output.isFull || this.#isWaiting || this.#isDiscarding) return;
    this.#isWaiting = true;
    this.#valve.shut('full');
    this.#output.onDrain(() => {
      this.#isWaiting = false;
      this.#valve.open('full');
    });
  }
}
