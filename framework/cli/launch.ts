import { Writable } from 'node:stream';
import type { Command } from 'commander';
import { BabusError } from '../errors/index.js';
import { controlPath } from '../control/index.js';
import { parseDurationMs } from '../duration.js';
import type { LaunchPlan } from '../launch/index.js';
import { isDetached, launchDetached, reportReadiness } from './detach.js';
import { sharedMemoryRoot } from './domain.js';
import { errorToJson, EXIT, printError } from './errors.js';
import { loadOptions, readsLaunchFile, type LaunchFileOptions } from './launch-file.js';
import { joinDomain } from './join.js';
import { launchReport } from './launch-report.js';
import { printLine } from './stdout.js';
import { superviseLaunch } from './supervise.js';
import { noTop, type StartTop, type TopView } from './top-hook.js';

export interface LaunchOptions extends LaunchFileOptions {
  readonly for?: string;
  readonly top?: boolean;
  readonly json?: boolean;
  readonly args?: boolean;
  readonly join?: boolean;
  readonly detach?: boolean;
  readonly wait: string;
}

const EXAMPLES = `
Examples:
  babus launch patrol.yaml                             until Ctrl-C
  babus launch patrol.yaml camera:=/dev/video0 --top   with an argument and a live table
  babus launch -d patrol.yaml                          in the background; see babus ps, logs, attach and stop
  babus launch --join arm.yaml --domain patrol         more nodes for a launch that runs

Exit codes: 0 stopped or finished; with --detach: all are ready. 1 a node has failed for good, was not ready, or had every
call of its handlers fail. 2 a wrong file or option; nothing was started.`;

/** @param startTop shows the live table of `--top` */
export function registerLaunch(program: Command, startTop: StartTop = noTop): void {
  readsLaunchFile(program.command('launch'))
    .description('start the nodes of a launch file and keep them running until Ctrl-C')
    .option('--for <duration>', 'stop by itself after this time, such as 10s')
    .option('--top', 'show a live table of slots')
    .option('--json', 'print one JSON object a line: changes of state and output of nodes')
    .option('--args', 'print the arguments that the file declares, and end')
    .option('--join', 'add the nodes to a domain that runs already')
    .option('-d, --detach', 'go on in the background; return when all nodes are ready, or one has failed')
    .option('--wait <duration>', 'with --detach: how long to wait for all to be ready', '60s')
    .addHelpText('after', EXAMPLES)
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
  checkDetach(options);
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
  const joined = options.join === true ? await joinDomain(root, plan) : plan;
  if (options.detach === true && !isDetached()) {
    process.exitCode = await detach(joined, options);
    return;
  }
  const top = options.top === true ? await startTop({ root, domain: plan.domain }) : undefined;
  try {
    const out = top ? logOf(top) : process.stdout;
    const report = await launchReport(joined, out, json);
    for (const warning of warnings) report.warn(warning);
    const detached = isDetached();
    process.exitCode = await superviseLaunch({
      plan: joined,
      root,
      report,
      join: options.join === true,
      detached,
      ...(forMs === undefined ? {} : { forMs }),
      onSupervisor: (supervisor) => {
        supervisor.on('stopping', () => top?.freeze());
        if (detached) reportReadiness(supervisor);
      },
    });
  } finally {
    top?.stop();
  }
}

/** @throws BabusError ERR_BABUS_ARGUMENT */
function checkDetach({ detach: isWanted, top, wait }: LaunchOptions): void {
  parseDurationMs(wait);
  if (isWanted === true && top === true)
    throw new BabusError(
      'ERR_BABUS_ARGUMENT',
      '--top draws in this terminal, --detach leaves it: give one of them; babus attach shows a detached launch',
    );
}

/** @returns the exit code */
async function detach(plan: LaunchPlan, { json = false, wait }: LaunchOptions): Promise<number> {
  const detached = await launchDetached(process.argv.slice(2), parseDurationMs(wait));
  const { pid, end } = detached;
  if (json) printLine(JSON.stringify({ event: 'detached', domain: plan.domain, ...detached }));
  if (end === 'over') return detached.code;
  const goesOn = `the launch goes on in the background (process ${pid}); babus attach, logs or stop --domain ${plan.domain}`;
  const text =
    end === 'ready'
      ? `all nodes are ready; ${goesOn}`
      : end === 'failed'
        ? `${detached.node} has failed; ${goesOn}`
        : `not ready after ${wait}: ${detached.waiting.join(', ')}; ${goesOn}`;
  if (!json) printLine(text);
  return end === 'ready' ? EXIT.OK : EXIT.FAILED;
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
