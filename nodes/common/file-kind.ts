import { stat } from 'node:fs/promises';

export type FileKind =
  'missing' | 'regular file' | 'folder' | 'FIFO' | 'socket' | 'character device' | 'block device';

/** What lies at a path, links followed, and for a device the number of its driver in the kernel's list. */
export interface FoundFile {
  readonly kind: FileKind;
  readonly major: number;
}

/** @throws Error when that cannot be told: no permission, a wrong path */
export async function fileKind(path: string): Promise<FoundFile> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (found === undefined) return { kind: 'missing', major: 0 };
  // Of the 32 bits that Linux uses in practice, as glibc's major() takes them.
  const major = Math.floor(found.rdev / 256) & 0xfff;
  if (found.isCharacterDevice()) return { kind: 'character device', major };
  if (found.isBlockDevice()) return { kind: 'block device', major };
  if (found.isDirectory()) return { kind: 'folder', major };
  if (found.isFIFO()) return { kind: 'FIFO', major };
  if (found.isSocket()) return { kind: 'socket', major };
  return { kind: 'regular file', major };
}
