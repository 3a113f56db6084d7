import { open, stat, type FileHandle } from 'node:fs/promises';
import { parseLogLine, type LogLine } from '../log-line.js';
import { rotatedPath } from './rotating-file.js';

const CHUNK_BYTES = 64 * 1024;
const LINE_END = 0x0a;

/** Reads the log of one node in a run, from its oldest file on, and what comes later; files may be rotated meanwhile. */
export class LogCursor {
  readonly #path: string;
  #handle: FileHandle | undefined;
  #inode = 0;
  #offset = 0;
  /** A line that is not complete yet. */
  #rest = Buffer.alloc(0);
  #lines: LogLine[] = [];

  /** @param path of the file that is written to; there need not be one yet */
  constructor(path: string) {
    this.#path = path;
  }

  /** The next line, which stays the next one; undefined when there is none for now. */
  async peek(): Promise<LogLine | undefined> {
    while (this.#lines.length === 0) if (!(await this.#readOn())) return undefined;
    return this.#lines[0];
  }

  /** Goes behind the line that peek() has returned. */
  step(): void {
    this.#lines.shift();
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  /** @returns false at the end of all that was written so far */
  async #readOn(): Promise<boolean> {
    if (!this.#handle && !(await this.#openAt(await this.#oldest()))) return false;
    if (await this.#readChunk()) return true;
    const index = await this.#ownIndex();
    if (index === 0) return false;
    // Put aside. What was written to it since is read first: nothing more comes after that.
    if (await this.#readChunk()) return true;
    await this.close();
    return this.#openAt(index === undefined ? await this.#oldest() : index - 1);
  }

  async #readChunk(): Promise<boolean> {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
    const { bytesRead } = await this.#handle!.read(chunk, 0, CHUNK_BYTES, this.#offset);
    if (bytesRead === 0) return false;
    this.#offset += bytesRead;
    const data = Buffer.concat([this.#rest, chunk.subarray(0, bytesRead)]);
    const end = data.lastIndexOf(LINE_END) + 1;
    this.#rest = data.subarray(end);
    const texts = data.subarray(0, end).toString('utf8').split('\n');
    this.#lines = texts.map(parseLogLine).filter((line) => line !== undefined);
    return true;
  }

  async #openAt(index: number): Promise<boolean> {
    try {
      this.#handle = await open(rotatedPath(this.#path, index), 'r');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
      throw error;
    }
    this.#inode = (await this.#handle.stat()).ino;
    this.#offset = 0;
    this.#rest = Buffer.alloc(0);
    return true;
  }

  async #oldest(): Promise<number> {
    let index = 0;
    while ((await inodeOf(rotatedPath(this.#path, index + 1))) !== undefined) index++;
    return index;
  }

  /** Which of the files the open one is by now; undefined when it was removed. While it is open, no other has its inode. */
  async #ownIndex(): Promise<number | undefined> {
    for (let index = 0; ; index++) {
      const inode = await inodeOf(rotatedPath(this.#path, index));
      if (inode === this.#inode) return index;
      // In the middle of a rotation the first place is empty.
      if (inode === undefined && index > 0) return undefined;
    }
  }
}

async function inodeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).ino;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
