import { watch } from 'node:fs';

/** Editors save in several steps, and generators many files: one run for all of them. */
const SETTLE_MS = 50;

/**
 * Calls back after files of the folders have changed, also when they are replaced as a whole, until Ctrl-C (or SIGTERM).
 * @param isSource tells by a file's name whether its change matters
 * @returns when it ended
 */
export async function watchFolders(
  folders: readonly string[],
  isSource: (name: string) => boolean,
  onChange: () => void,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  // Folders are watched and not files: a file that is saved by renaming another over it is a new one.
  const watchers = folders.map((folder) =>
    watch(folder, (_event, name) => {
      if (name !== null && !isSource(name)) return;
      clearTimeout(timer);
      timer = setTimeout(onChange, SETTLE_MS);
    }),
  );
  await new Promise<void>((resolve, reject) => {
    for (const watcher of watchers) watcher.on('error', reject);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  }).finally(() => {
    clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  });
}
