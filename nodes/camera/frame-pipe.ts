import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * A pipe whose bytes arrive where its reader wants them: the kernel copies them straight into the frame, with no buffer in
 * between. Only Node's sockets can do that, so it is a pair of those. While no frame is asked for nothing is read, and the
 * writing process waits.
 */
export class FramePipe {
  readonly #socket: Socket;
  // Node asks for the next buffer when a read ends, before the next frame is known: each frame's first byte comes in here.
  readonly #firstByte = new Uint8Array(1);
  #frame: Uint8Array = this.#firstByte;
  #filled = 0;
  #error: Error | undefined;
  #settle: (() => void) | undefined;

  private constructor(path: string) {
    this.#socket = connect({
      path,
      onread: { buffer: () => this.#nextBuffer(), callback: (bytes) => this.#take(bytes) },
    });
    this.#socket.pause();
    this.#socket.on('error', (error) => (this.#error = error));
    this.#socket.on('close', () => this.#settle?.());
  }

  /** Makes a pipe. Its other end is for the process that writes frames; close it here once that process has it. */
  static async open(): Promise<{ pipe: FramePipe; writeEnd: Socket }> {
    // Nobody else can enter the folder, and it is gone before any frame comes.
    const folder = await mkdtemp(join(tmpdir(), 'babus-camera-'));
    const server = createServer({ pauseOnConnect: true });
    try {
      const path = join(folder, 'frames');
      server.listen(path);
      await once(server, 'listening');
      const pipe = new FramePipe(path);
      const connected = await Promise.all([once(server, 'connection'), once(pipe.#socket, 'connect')]);
      const [writeEnd] = connected[0] as [Socket];
      return { pipe, writeEnd };
    } finally {
      server.close();
      await rm(folder, { recursive: true });
    }
  }

  /**
   * Fills `frame`. One call at a time.
   * @returns how many bytes came: fewer than the frame takes when the pipe has ended
   * @throws Error when the pipe fails
   */
  async read(frame: Uint8Array): Promise<number> {
    this.#frame = frame;
    this.#filled = 0;
    if (!this.#socket.destroyed)
      await new Promise<void>((resolve) => {
        this.#settle = resolve;
        this.#socket.resume();
      });
    if (this.#error) throw this.#error;
    return this.#filled;
  }

  /** Whether something of what is being read is there. */
  get hasBegun(): boolean {
    return this.#filled > 0;
  }

  /** Ends the pipe, and a read() that is under way. Nothing is written into its frame any more. */
  close(): void {
    this.#socket.destroy();
  }

  #nextBuffer(): Uint8Array {
    const isBetweenFrames = this.#filled === 0 || this.#filled === this.#frame.length;
    return isBetweenFrames ? this.#firstByte : this.#frame.subarray(this.#filled);
  }

  /** @returns false to stop reading */
  #take(bytes: number): boolean {
    if (this.#filled === 0) this.#frame.set(this.#firstByte);
    this.#filled += bytes;
    if (this.#filled < this.#frame.length) return true;
    this.#settle?.();
    return false;
  }
}
