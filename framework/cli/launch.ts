import { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { BabusError } from '../errors/index.js';
import { controlPath } from '../control/index.js';
import { parseDurationMs } from '../duration.js';
import type { LaunchPlan, OutputSink, Supervisor } from '../launch/index.js';
import { LaunchDomain, sharedMemoryRoot } from './domain.js';
import { errorToJson, EXIT, printError } from './errors.js';
import { loadOptions, readsLaunchFile, type LaunchFileOptions } from './launch-file.js';
import { LaunchLogs, sinkTo } from './launch-logs.js';
import { launchReport, type LaunchReport } from './launch-report.js';
import { onStdoutClosed, printLine } from './stdout.js';
import { noTop, type StartTop, type TopView } from './top-hook.js';

export interface LaunchOptions extends LaunchFileOptions {
  readonly for?: string;
  readonly top?: boolean;
  readonly json?: boolean;
  readonly args?: boolean;
}

const HOST = fileURLToPath(new URL('../node/host.js', import.meta.url));

/** @param startTop shows the live table of `--top` */
export function registerLaunch(program: Command, startTop: StartTop = noTop): void {
  readsLaunchFile(program.command('launch'))
    .description('start the nodes of a launch file and keep them running until Ctrl-C')
    .option('--for <duration>', 'stop by itself after this time, such as 10s')
    .option('--top', 'show a live table of slots')
    .option('--json', 'print one JSON object a line: changes of state and output of nodes')
    .option('--args', 'print the arguments that the file declares, and end')
    .action((file: string, assignments: readonly string[], options: LaunchOptions) =>
      launch(file, assignments, options, startTop),
    );
}

async function launch(
  file: string,
  assignments: readonly string[],
  options: LaunchOptions,
  startTop: StartTop,
): Promise<void> {
  const forMs = options.for === undefined ? undefined : parseDurationMs(options.for);
  const launching = await import('../launch/index.js');
  if (options.args === true) {
    for (const line of launching.argumentLines(launching.loadArguments(file))) printLine(line);
    return;
  }
  const { json = false } = options;
  if (json && options.top === true)
    throw new BabusError(
      'ERR_BABUS_ARGUMENT',
      '--top draws for people, --json prints for programs: give one of them',
    );
  const { plan, errors, warnings } = await launching.loadLaunch(file, loadOptions(assignments, options));
  if (!plan) {
    for (const error of errors)
      if (json) printLine(JSON.stringify({ event: 'error', ...errorToJson(error) }));
      else printError(error);
    process.exitCode = EXIT.USAGE;
    return;
  }
  const root = sharedMemoryRoot();
  controlPath(root, plan.domain); // Throws before anything starts.
  const top = options.top === true ? await startTop({ root, domain: plan.domain }) : undefined;
  try {
    const out = top ? logOf(top) : process.stdout;
    const report = await launchReport(plan, out, json);
    for (const warning of warnings) report.warn(warning);
    process.exitCode = await supervise(plan, root, report, forMs, top);
  } finally {
    top?.stop();
  }
}

/** The table's log as a stream, which takes no more than standard output does. */
function logOf(top: TopView): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: unknown, _encoding, done) {
      top.log(String(chunk));
      if (process.stdout.writableNeedDrain) whenWritable(done);
      else done();
    },
  });
}

/** A reader that went away takes everything, at once. */
function whenWritable(callback: () => void): void {
  const { stdout } = process;
  const settle = (): void => {
    stdout.off('drain', settle).off('error', settle);
    callback();
  };
  stdout.on('drain', settle).on('error', settle);
}

/** Runs the plan until it ends by itself, by a signal or after `forMs`. @returns the exit code */
async function supervise(
  plan: LaunchPlan,
  root: string,
  report: LaunchReport,
  forMs: number | undefined,
  top: TopView | undefined,
): Promise<number> {
  const { answerControl, Supervisor } = await import('../launch/index.js');
  const domain = new LaunchDomain(root, plan.domain);
  let logs: LaunchLogs | undefined;
  let sink: OutputSink = sinkTo(report.sink);
  const supervisor: Supervisor = new Supervisor(plan, {
    hostPath: HOST,
    root,
    sink: {
      lines: (node, stream, lines) => sink.lines(node, stream, lines),
      onDrain: (callback) => sink.onDrain(callback),
    },
    prepareDomain: async () => {
      domain.prepare();
      logs = LaunchLogs.open(plan, {}, (message) => report.warn({ message }));
      if (logs) {
        logs.follow(supervisor);
        sink = logs.through(report.sink);
      }
      await domain.listen((request) => answerControl(plan, supervisor, request));
    },
    cleanupDomain: () => domain.cleanup(),
  });
  report.follow(supervisor);
  supervisor.on('stopping', () => top?.freeze());
  const release = stopOnSignals(supervisor);
  const timer = forMs === undefined ? undefined : setTimeout(() => void supervisor.stop('time is up'), forMs);
  let code: number = EXIT.FAILED;
  try {
    return (code = await supervisor.run());
  } finally {
    await logs?.close(code);
    clearTimeout(timer);
    release();
    // When it did not come to an orderly end: the socket goes, and the domain if nobody is in it.
    domain.cleanup();
  }
}

/** The first signal stops in order, the second kills. @returns what takes the handlers away again */
function stopOnSignals(supervisor: Supervisor): () => void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) return supervisor.kill();
    stopping = true;
    void supervisor.stop(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  onStdoutClosed(() => void supervisor.stop('nobody reads the output'));
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
