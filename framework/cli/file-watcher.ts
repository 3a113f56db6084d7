import { watch, type FSWatcher } from 'node:fs';
import { dirname, join } from 'node:path';

/** Editors save in several steps, and tools many files: one call for all of them. */
const SETTLE_MS = 100;

/** Calls back when files have changed, also when others were renamed over them, as editors do. */
export class FileWatcher {
  /** Told of what has changed; of anything beside the files, too, while `all` is set. */
  readonly #onChange: (changed: ReadonlySet<string>) => void;
  #files: ReadonlySet<string> = new Set();
  readonly #watchers = new Map<string, FSWatcher>();
  #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  /** True: a change of any file in their folders counts. What is missing may come. */
  all = false;

  constructor(onChange: (changed: ReadonlySet<string>) => void) {
    this.#onChange = onChange;
  }

  /** From now on it is these. */
  watch(files: Iterable<string>): void {
    this.#files = new Set(files);
    // Folders are watched and not files: a file that is saved by renaming another over it is a new one.
    const folders = new Set([...this.#files].map(dirname));
    for (const [folder, watcher] of this.#watchers)
      if (!folders.has(folder)) {
        watcher.close();
        this.#watchers.delete(folder);
      }
    for (const folder of folders) this.#watchFolder(folder);
  }

  close(): void {
    clearTimeout(this.#timer);
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watchFolder(folder: string): void {
    if (this.#watchers.has(folder)) return;
    const watcher = watch(folder, (_event, name) => this.#noticed(folder, name));
    // A folder that is removed is watched again once its files are named again.
    watcher.on('error', () => {
      watcher.close();
      this.#watchers.delete(folder);
    });
    this.#watchers.set(folder, watcher);
  }

  #noticed(folder: string, name: string | null): void {
    const path = name === null ? folder : join(folder, name);
    if (name !== null && !this.all && !this.#files.has(path)) return;
    this.#changed.add(path);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const changed = this.#changed;
      this.#changed = new Set();
      this.#onChange(changed);
    }, SETTLE_MS);
  }
}
