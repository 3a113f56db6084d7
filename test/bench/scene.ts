import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signalGroup } from '../../framework/process-group.js';

const PREFIX = 'babus-bench-';
/** What a server may take to remove its own files after SIGTERM. */
const STOP_PATIENCE_MS = 3000;
/** Far beyond what any program of a suite takes. */
const WATCHDOG_MS = 90_000;

export interface StartOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdio?: StdioOptions;
}

/** Everything that a run makes and must not leave behind: processes, each the first of a group, and folders. */
export class Scene {
  readonly #children = new Set<ChildProcess>();
  readonly #folders = new Set<string>();

  /** A fresh folder on disk. */
  folder(): string {
    return this.#make(tmpdir());
  }

  /** A fresh shared-memory root. */
  root(): string {
    return this.#make('/dev/shm');
  }

  remove(folder: string): void {
    rmSync(folder, { recursive: true, force: true });
    this.#folders.delete(folder);
  }

  start([program, ...args]: readonly string[], options: StartOptions = {}): ChildProcess {
    const child = spawn(program!, args, {
      detached: true,
      stdio: options.stdio ?? ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...options.env },
    });
    this.#children.add(child);
    child.once('exit', () => {
      this.#children.delete(child);
      if (child.pid !== undefined) signalGroup(child.pid, 'SIGKILL');
    });
    // A program that is not there; whoever waits for its end is told too.
    child.once('error', () => this.#children.delete(child));
    return child;
  }

  /** What a program prints. @throws Error with what it says on stderr when it fails, or does not end */
  async run(command: readonly string[], options: StartOptions = {}): Promise<string> {
    const child = this.start(command, options);
    const texts = { stdout: '', stderr: '' };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (texts.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (texts.stderr += text));
    const watchdog = setTimeout(() => signalGroup(child.pid!, 'SIGKILL'), WATCHDOG_MS);
    try {
      const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
      if (code === 0) return texts.stdout;
      const ended = signal === null ? `ended with ${code}` : `was ended by ${signal}`;
      throw new Error(`${command.join(' ')} ${ended}: ${texts.stderr.trim() || 'it said nothing'}`);
    } finally {
      clearTimeout(watchdog);
    }
  }

  /** Ends a program in order, or by force when it takes too long. */
  async stop(child: ChildProcess): Promise<void> {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    signalGroup(child.pid, 'SIGTERM');
    const force = setTimeout(() => signalGroup(child.pid!, 'SIGKILL'), STOP_PATIENCE_MS);
    await ended;
    clearTimeout(force);
  }

  /** Ends and removes everything. */
  async clear(): Promise<void> {
    await Promise.all([...this.#children].map((child) => this.stop(child)));
    for (const folder of this.#folders) this.remove(folder);
  }

  #make(parent: string): string {
    const folder = mkdtempSync(join(parent, PREFIX));
    this.#folders.add(folder);
    return folder;
  }
}
