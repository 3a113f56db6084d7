import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { CLI } from './repo.js';
import { currentTest } from './scope.js';
import { until, watchdog, WATCHDOG_MS } from './watchdog.js';

export interface SpawnOptions {
  readonly cwd?: string;
  /** Added to this process's environment; undefined takes a variable away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Written to the child's standard input, which is then closed. */
  readonly input?: string;
  /** A process group of its own: `kill` then reaches the whole group. */
  readonly detached?: boolean;
  /** Opens an IPC channel (`child.send`, `child.on('message')`). */
  readonly ipc?: boolean;
  /** Opens a channel of babus' own, a socket pair at the descriptor after the standard ones. */
  readonly channel?: boolean;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** How long output that is on its way may arrive after the end of a child. */
const DRAIN_MS = 2_000;

/** A child process whose output is kept and which does not outlive the test that started it. */
export class TestProcess {
  /** Everything the child wrote so far. */
  stdout = '';
  stderr = '';
  /** Settles once the child has ended and its output is complete; never rejects. */
  readonly exited: Promise<Exit>;
  private over = false;

  constructor(
    readonly child: ChildProcess,
    readonly command: string,
    /** The test that started it, undefined for the whole run. */
    readonly owner: string | undefined,
    private readonly ownGroup: boolean,
  ) {
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.exited = new Promise((resolve) => {
      child.once('error', (error) => {
        this.stderr += `${error.message}\n`;
        this.end();
        resolve({ code: null, signal: null });
      });
      child.once('exit', () => this.closeOutputSoon());
      child.once('close', (code, signal) => {
        this.end();
        resolve({ code, signal });
      });
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error(`${this.command} did not start: ${this.stderr}`);
    return this.child.pid;
  }

  /** True until the child has ended and closed its output. */
  get running(): boolean {
    return !this.over;
  }

  /** Sends a signal to the child, or to its group when it has one of its own; nothing when it has ended. */
  kill(signal: NodeJS.Signals = 'SIGTERM'): void {
    if (this.over || this.child.pid === undefined) return;
    try {
      process.kill(this.ownGroup ? -this.child.pid : this.child.pid, signal);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }

  /** The end of the process, or an error with its output when it does not come. */
  exit(timeoutMs = WATCHDOG_MS): Promise<Exit> {
    return watchdog(this.exited, `the end of ${this.command}`, timeoutMs).catch((error: unknown) => {
      throw new Error(`${(error as Error).message}\n${this.output()}`, { cause: error });
    });
  }

  /**
   * Waits until the standard output so far matches.
   *
   * @throws Error with the output when the child ends without a match, or never matches
   */
  async waitForOutput(pattern: RegExp): Promise<RegExpMatchArray> {
    const what = `${String(pattern)} in the output of ${this.command}`;
    const match = await until(() => {
      const found = this.stdout.match(pattern);
      if (!found && this.over) throw new Error(`ended without ${what}\n${this.output()}`);
      return found;
    }, what);
    return match;
  }

  /** Both streams, for messages of failed tests. */
  output(): string {
    return `--- stdout\n${this.stdout}--- stderr\n${this.stderr}---`;
  }

  /** A grandchild that holds the pipes would keep `close` from ever coming; it is found as a leak of the run instead. */
  private closeOutputSoon(): void {
    setTimeout(() => {
      this.child.stdout?.destroy();
      this.child.stderr?.destroy();
    }, DRAIN_MS).unref();
  }

  private end(): void {
    this.over = true;
    processes.delete(this);
  }
}

const processes = new Set<TestProcess>();

/** Starts any program without a shell. */
export function spawnTracked(
  file: string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): TestProcess {
  const { cwd, input, detached = false, ipc = false, channel = false } = options;
  const fourth: StdioOptions = channel ? ['pipe'] : ipc ? ['ipc'] : [];
  const child = spawn(file, args, {
    ...(cwd === undefined ? {} : { cwd }),
    env: { ...process.env, ...options.env },
    detached,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe', ...fourth],
  });
  const tracked = new TestProcess(child, [file, ...args].join(' '), currentTest(), detached);
  processes.add(tracked);
  // A child that ends before it has read its input is no failure of the test.
  child.stdin?.on('error', (error) => (tracked.stderr += `${error.message}\n`)).end(input);
  return tracked;
}

/** Starts a JavaScript file with the running Node. */
export function spawnNode(
  script: string,
  args: readonly string[] = [],
  options: SpawnOptions = {},
): TestProcess {
  return spawnTracked(process.execPath, [script, ...args], options);
}

/** Starts the `babus` command line; colours are off unless the options' `env` says otherwise. */
export function spawnCli(args: readonly string[], options: SpawnOptions = {}): TestProcess {
  return spawnNode(CLI, args, { ...options, env: { NO_COLOR: '1', FORCE_COLOR: undefined, ...options.env } });
}

export interface CliResult extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command line to its end. */
export async function runCli(args: readonly string[], options: SpawnOptions = {}): Promise<CliResult> {
  const running = spawnCli(args, options);
  const exit = await running.exit();
  return { ...exit, stdout: running.stdout, stderr: running.stderr };
}

/**
 * Ends with SIGKILL what the given test left running, or everything without one.
 *
 * @returns one line for each process that had to be killed
 */
export async function killLeftProcesses(test?: string): Promise<string[]> {
  const left = [...processes].filter((each) => test === undefined || each.owner === test);
  for (const each of left) each.kill('SIGKILL');
  await Promise.all(left.map((each) => watchdog(each.exited, `the end of ${each.command}`)));
  return left.map(
    (each) => `process ${each.child.pid}: ${each.command} (started by: ${each.owner ?? 'a hook'})`,
  );
}

// Nothing survives a run that is broken off (process.exit, Ctrl-C).
process.on('exit', () => {
  for (const each of processes) each.kill('SIGKILL');
});
