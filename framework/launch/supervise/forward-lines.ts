import type { Readable } from 'node:stream';
import type { FloodGate } from './flood-gate.js';
import { LineSplitter } from './line-splitter.js';
import type { OutputSink, OutputStream } from './output.js';

/** A node that prints more waits: reading it must not keep the launcher from the others. */
const BYTES_PER_WINDOW = 256 * 1024;
const WINDOW_MS = 100;

/**
 * Reads what a node prints, line by line. When the sink is full, this node's pipe is left unread, so that the node waits and
 * nobody else does, and nothing piles up here. What the gate does not let through is left out.
 * @returns settled when the stream has ended and all of it was handed on
 */
export async function forwardLines(
  from: Readable,
  node: string,
  stream: OutputStream,
  sink: OutputSink,
  gate: FloodGate,
): Promise<void> {
  const splitter = new LineSplitter();
  const valve = new Valve(from);
  const send = (lines: readonly string[]): void => {
    const passed = gate.pass(lines);
    if (passed.length === 0 || sink.lines(node, stream, passed)) return;
    valve.shut('full');
    sink.onDrain(() => valve.open('full'));
  };
  from.setEncoding('utf8').on('data', (chunk: string) => {
    valve.count(chunk.length);
    send(splitter.push(chunk));
  });
  await new Promise<void>((resolve) => {
    // 'close' comes after 'end', and alone when a read fails or the stream is destroyed.
    from.on('error', () => from.destroy()).on('close', resolve);
  });
  valve.close();
  send(splitter.flush());
}

/** Lets a stream flow while nothing is against it. */
class Valve {
  readonly #from: Readable;
  readonly #against = new Set<'full' | 'flood'>();
  #read = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Readable) {
    this.#from = from;
  }

  shut(because: 'full' | 'flood'): void {
    this.#against.add(because);
    this.#from.pause();
  }

  open(because: 'full' | 'flood'): void {
    this.#against.delete(because);
    if (this.#against.size === 0) this.#from.resume();
  }

  count(bytes: number): void {
    this.#read += bytes;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#read = 0;
      if (this.#against.has('flood')) this.open('flood');
    }, WINDOW_MS);
    if (this.#read > BYTES_PER_WINDOW) this.shut('flood');
  }

  close(): void {
    clearTimeout(this.#timer);
  }
}
