import { resolve } from 'node:path';
import type { LaunchPlan, NodeStatus, OutputSink, RunEnd, Supervisor } from '../launch/index.js';
import { isBabusError } from '../errors/index.js';
import type { LogLevel } from '../log-line.js';
import { parseSaid, pruneRuns, RunFolder, RunLogs, saidText, stateFolder } from '../logs/index.js';

/** The files that a launch keeps, beside what it shows. */
export class LaunchLogs {
  readonly folder: string;
  readonly #run: RunFolder;
  readonly #logs: RunLogs;
  readonly #pids = new Map<string, number>();
  #isClosed = false;

  private constructor(run: RunFolder, plan: LaunchPlan, warn: (message: string) => void) {
    this.#run = run;
    this.folder = run.folder;
    const kept = plan.nodes.filter(({ log }) => log.inFiles);
    this.#logs = new RunLogs(
      run.folder,
      new Map(kept.map(({ name, log }) => [name, log])),
      (level, message) => {
        this.note(level, {}, message);
        warn(message);
      },
    );
  }

  /**
   * Makes the folder of the run. Old runs are removed meanwhile.
   * @param warn tells the user
   * @returns undefined when there is no place for it, which is told: a launch goes on without log files
   */
  static open(plan: LaunchPlan, warn: (message: string) => void): LaunchLogs | undefined {
    const state = stateFolder();
    try {
      const nodes = plan.nodes.map(({ name }) => name);
      const run = RunFolder.make(state, { domain: plan.domain, file: resolve(plan.file), nodes });
      void pruneRuns(state, plan.domain, plan.runs);
      return new LaunchLogs(run, plan, warn);
    } catch (error) {
      if (!isBabusError(error) && (error as NodeJS.ErrnoException).syscall === undefined) throw error;
      warn(`no log files are kept: ${(error as Error).message}`);
      return undefined;
    }
  }

  /** Notes what the launcher does. */
  follow(supervisor: Supervisor): void {
    supervisor.on('state', (status, reason) => {
      if (status.pid !== undefined) this.#pids.set(status.node, status.pid);
      const { node, state, pid, restarts } = status;
      const fields = { node, state, ...(pid === undefined ? {} : { node_pid: pid }), restarts };
      this.note(levelOf(status, reason), fields, reason ?? `${node} is ${state}`);
    });
    supervisor.on('exit', (node, { code, signal }: RunEnd) =>
      this.note('info', { node, code, signal }, `${node} has ended`),
    );
    supervisor.on('flood', (node, lines) =>
      this.note('warn', { node, lines }, `${node} prints too much: ${lines} lines were left out`),
    );
    supervisor.on('slot', (slot, isWell, message) =>
      this.note(isWell ? 'info' : 'warn', { slot }, `slot ${slot} ${message}`),
    );
    supervisor.on('stopping', (reason) => this.note('info', {}, `stopping (${reason})`));
  }

  note(level: LogLevel, fields: object, message: string): void {
    if (!this.#isClosed) this.#logs.launcher(level, fields, message);
  }

  /** What nodes print goes to the files, and on to `screen`, which alone decides how fast. */
  through(screen: OutputSink): OutputSink {
    return sinkTo(screen, (node, stream, said) =>
      this.#logs.node(node, stream, said, this.#pids.get(node) ?? 0),
    );
  }

  /** The launch has ended. */
  async close(exitCode: number): Promise<void> {
    this.note('info', { exit_code: exitCode }, `ended with ${exitCode}`);
    this.#isClosed = true;
    await this.#logs.close();
    this.#run.end(exitCode);
  }
}

/** Shows records of nodes' logs as people read them. */
export function sinkTo(
  screen: OutputSink,
  keep: (node: string, stream: 'stdout' | 'stderr', said: ReturnType<typeof parseSaid>[]) => void = () =>
    undefined,
): OutputSink {
  return {
    lines(node, stream, lines) {
      const said = lines.map(parseSaid);
      keep(node, stream, said);
      return screen.lines(node, stream, said.flatMap(saidText));
    },
    onDrain: (callback) => screen.onDrain(callback),
  };
}

function levelOf({ state }: NodeStatus, reason: string | undefined): LogLevel {
  if (state === 'failed') return 'error';
  return state === 'restarting' || reason !== undefined ? 'warn' : 'info';
}
