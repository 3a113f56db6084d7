import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

export interface Rotation {
  /** A file is not written to beyond this. */
  readonly maxBytes: number;
  /** How many files are kept, the one that is written to included. */
  readonly maxFiles: number;
}

/** So much may wait to be written; what comes on top is left out, because a slow disk must not slow a node. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
const BATCH_BYTES = 256 * 1024;
const RETRY_MS = 1000;
/** A disk that is too slow all the time is no news each time. */
const TELL_EVERY_MS = 5000;

/** What becomes of lines that cannot be written. */
export interface RotatingFileEvents {
  /** Writing fails, for the first time since it last went well. */
  readonly onFailing: (error: Error) => void;
  /** Writing goes well again, or went well all the time but not fast enough; so many lines were left out. */
  readonly onMended: (linesLost: number) => void;
}

/**
 * Lines in a file that is replaced when it is full: `camera.jsonl` becomes `camera.1.jsonl`, that one `camera.2.jsonl`. Never
 * throws, never makes its caller wait, and holds no more than a few megabytes.
 */
export class RotatingFile {
  readonly #path: string;
  readonly #rotation: Rotation;
  readonly #events: RotatingFileEvents;
  #handle: FileHandle | undefined;
  #bytes = 0;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #writing: Promise<void> | undefined;
  #lost = 0;
  #isFailing = false;
  #toldMs = -Infinity;
  readonly #closing = new AbortController();

  /** @param path whose last part is `.jsonl`; the file is made with the first line */
  constructor(path: string, rotation: Rotation, events: RotatingFileEvents) {
    this.#path = path;
    this.#rotation = rotation;
    this.#events = events;
  }

  write(line: string): void {
    if (this.#closing.signal.aborted) return;
    const bytes = Buffer.from(`${line}\n`);
    if (this.#waitingBytes + bytes.length > MAX_WAITING_BYTES) {
      this.#lost++;
      return;
    }
    this.#waiting.push(bytes);
    this.#waitingBytes += bytes.length;
    this.#writing ??= this.#writeAll();
  }

  /** Writes what is left, once; settles when the file is closed. */
  async close(): Promise<void> {
    this.#closing.abort();
    await this.#writing;
    const handle = this.#handle;
    this.#handle = undefined;
    await handle?.close().catch((error: Error) => this.#failed(error));
  }

  async #writeAll(): Promise<void> {
    // So that what is written in one go is one call.
    await new Promise((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batch = this.#nextBatch();
      try {
        await this.#append(batch);
        this.#written();
      } catch (error) {
        this.#lost += batch.length;
        this.#failed(error as Error);
        if (this.#closing.signal.aborted) this.#dropAll();
        else await delay(RETRY_MS, undefined, { signal: this.#closing.signal }).catch(() => undefined);
      }
    }
    this.#writing = undefined;
  }

  /** Lines that go into one file; the first one in any case. */
  #nextBatch(): Buffer[] {
    const room = Math.min(BATCH_BYTES, this.#rotation.maxBytes - this.#bytes);
    let count = 0;
    let bytes = 0;
    for (const line of this.#waiting) {
      if (count > 0 && bytes + line.length > room) break;
      count++;
      bytes += line.length;
    }
    this.#waitingBytes -= bytes;
    return this.#waiting.splice(0, count);
  }

  async #append(batch: readonly Buffer[]): Promise<void> {
    const data = Buffer.concat(batch);
    if (this.#bytes > 0 && this.#bytes + data.length > this.#rotation.maxBytes) await this.#rotate();
    const handle = (this.#handle ??= await open(this.#path, 'a', 0o600));
    try {
      await handle.appendFile(data);
      this.#bytes += data.length;
    } catch (error) {
      // Half a line would spoil the next one; a folder that comes back has other files.
      await handle.truncate(this.#bytes).catch(() => undefined);
      this.#handle = undefined;
      await handle.close().catch(() => undefined);
      throw error;
    }
  }

  async #rotate(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
    const { maxFiles } = this.#rotation;
    await rm(rotatedPath(this.#path, maxFiles - 1), { force: true });
    for (let index = maxFiles - 2; index >= 0; index--) await this.#moveOn(index);
    this.#bytes = 0;
  }

  async #moveOn(index: number): Promise<void> {
    try {
      await rename(rotatedPath(this.#path, index), rotatedPath(this.#path, index + 1));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }

  #written(): void {
    if (!this.#isFailing && (this.#lost === 0 || performance.now() - this.#toldMs < TELL_EVERY_MS)) return;
    const lost = this.#lost;
    this.#lost = 0;
    this.#isFailing = false;
    this.#toldMs = performance.now();
    this.#events.onMended(lost);
  }

  #failed(error: Error): void {
    if (this.#isFailing) return;
    this.#isFailing = true;
    this.#events.onFailing(error);
  }

  #dropAll(): void {
    this.#waiting = [];
    this.#waitingBytes = 0;
  }
}

/** Name of the file that was replaced `index` times: 0 is the one that is written to. */
export function rotatedPath(path: string, index: number): string {
  return index === 0 ? path : path.replace(/\.jsonl$/, `.${index}.jsonl`);
}
