import { readdir, readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from 'babus';
import type { DiskUsage } from 'babus/schemas';
import type { Mount } from './mounts.js';

/** Reads the kernel's files. What cannot be read is said once and left out; all the rest is read as ever. */
export class Reader {
  readonly #unreadable = new Set<string>();
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  /** What `parse` makes of a file, or `otherwise`. */
  async file<T>(path: string, parse: (text: string) => T, otherwise: T): Promise<T> {
    return this.#attempt(path, async () => parse(await readFile(path, 'utf8')), otherwise);
  }

  /** The same, for files that need not be there: then nothing is said. */
  async fileIfThere<T>(path: string, parse: (text: string) => T, otherwise: T): Promise<T> {
    const text = async (): Promise<T> => parse(await readFile(path, 'utf8'));
    return this.#attempt(path, () => text().catch(unlessMissing(otherwise)), otherwise);
  }

  /** Paths of what is in a folder, in the order of the numbers in the names. Nothing when there is no such folder. */
  async folder(path: string, names: RegExp): Promise<string[]> {
    const list = (): Promise<string[]> => readdir(path).catch(unlessMissing<string[]>([]));
    const all = await this.#attempt(path, list, []);
    const order = new Intl.Collator('en', { numeric: true }).compare;
    return all
      .filter((name) => names.test(name))
      .sort(order)
      .map((name) => join(path, name));
  }

  /** @returns undefined when that cannot be told, or there is nothing to fill */
  async usage({ mountPoint, device, fileSystem }: Mount): Promise<DiskUsage | undefined> {
    const found = await this.#attempt(mountPoint, () => statfs(mountPoint, { bigint: true }), undefined);
    if (found === undefined || found.blocks === 0n) return undefined;
    return {
      mount_point: mountPoint,
      device,
      file_system: fileSystem,
      total_bytes: found.blocks * found.bsize,
      available_bytes: found.bavail * found.bsize,
    };
  }

  async #attempt<T>(path: string, read: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await read();
    } catch (error) {
      if (!this.#unreadable.has(path)) this.#log.warn(`${path} is left out: ${(error as Error).message}`);
      this.#unreadable.add(path);
      return otherwise;
    }
  }
}

function unlessMissing<T>(otherwise: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return otherwise;
    throw error;
  };
}
