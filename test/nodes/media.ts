import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export const hasFfmpeg = spawnSync('ffmpeg', ['-version']).status === 0;

function ffmpeg(...args: string[]): Buffer {
  const options = { maxBuffer: 2 ** 28 };
  const { status, stdout, stderr } = spawnSync(
    'ffmpeg',
    ['-nostdin', '-loglevel', 'error', ...args],
    options,
  );
  assert.equal(status, 0, stderr.toString());
  return stdout;
}

/** Makes a picture or video of moving shapes; its format comes from the file's name. */
export function makeMedia(file: string, size: string, frames: number): void {
  const source = ['-f', 'lavfi', '-i', `testsrc=size=${size}:rate=25`];
  ffmpeg(...source, '-frames:v', String(frames), `file:${file}`);
}

/** Adds a tone of half a second. */
export function makeSound(file: string): void {
  ffmpeg('-f', 'lavfi', '-i', 'sine=duration=0.5', file);
}

/** All frames of a file in rgb24, as ffmpeg prints them. */
export function decode(file: string, ...options: string[]): Buffer {
  return ffmpeg('-i', `file:${file}`, ...options, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-');
}

/** The frames of a file, one by one. */
export function frames(file: string, frameBytes: number, ...options: string[]): Buffer[] {
  const all = decode(file, ...options);
  assert.equal(all.length % frameBytes, 0);
  return Array.from({ length: all.length / frameBytes }, (_, n) =>
    all.subarray(n * frameBytes, (n + 1) * frameBytes),
  );
}

/** Process ids of all living ffmpeg that a process started. */
export function ffmpegsOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      const { name, parent: ppid, state } = processStatus(pid);
      return name === 'ffmpeg' && ppid === parent && state !== 'Z';
    });
}

export function isAlive(pid: number): boolean {
  const { state } = processStatus(pid);
  return state !== undefined && state !== 'Z';
}

function processStatus(pid: number): { name?: string; parent?: number; state?: string } {
  let text: string;
  try {
    text = readFileSync(`/proc/${pid}/status`, 'utf8');
  } catch (error) {
    // The process ended meanwhile.
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return {};
    throw error;
  }
  const field = (key: string): string => new RegExp(`^${key}:\\t(\\S*)`, 'm').exec(text)?.[1] ?? '';
  return { name: field('Name'), parent: Number(field('PPid')), state: field('State') };
}
