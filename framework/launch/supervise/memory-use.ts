import { readFileSync } from 'node:fs';

/** Memory that a process has for itself alone, in bytes: not what it shares, such as slots. Undefined when it has ended. */
export function ownMemoryBytes(pid: number): number | undefined {
  try {
    const kilobytes = /^RssAnon:\s+([0-9]+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    // It ended meanwhile, which is told in another way.
    return undefined;
  }
}
