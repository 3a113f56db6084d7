import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ControlRequest, LaunchFacts } from '../control/index.js';
import type { LaunchPlan, OutputSink, Supervisor } from '../launch/index.js';
import { native } from '../native.js';
import { LaunchDomain } from './domain.js';
import { EXIT } from './errors.js';
import { LaunchLogs, sinkTo } from './launch-logs.js';
import type { LaunchReport } from './launch-report.js';
import { placeProcess } from './place-process.js';
import { onStdoutClosed } from './stdout.js';

const HOST = fileURLToPath(new URL('../node/host.js', import.meta.url));

export interface SuperviseLaunch {
  readonly plan: LaunchPlan;
  readonly root: string;
  readonly report: LaunchReport;
  /** Stops by itself after so long. */
  readonly forMs?: number;
  /** The domain is somebody else's, and lives. */
  readonly join?: boolean;
  /** Nobody has to read what it prints. */
  readonly detached?: boolean;
  /** Goes on until it is stopped, also when no node is left that runs. */
  readonly staysWithoutNodes?: boolean;
  /** Options of Node for the nodes' processes. */
  readonly execArgv?: readonly string[];
  /** Told of the supervisor before anything starts. */
  readonly onSupervisor?: (supervisor: Supervisor) => void;
}

/** Runs a plan until it ends by itself, by a signal, because somebody asks, or after `forMs`. @returns the exit code */
export async function superviseLaunch(options: SuperviseLaunch): Promise<number> {
  const { plan, root, report, forMs, join = false, detached = false, execArgv } = options;
  const { answerControl, Supervisor } = await import('../launch/index.js');
  const domain = new LaunchDomain(root, plan.domain, join);
  let logs: LaunchLogs | undefined;
  let sink: OutputSink = sinkTo(report.sink);
  const supervisor: Supervisor = new Supervisor(plan, {
    hostPath: HOST,
    place: placeProcess,
    sequences: () =>
      new Map(
        native()
          .inspect(root, plan.domain)
          .slots.map(({ slot, seq }) => [slot, seq]),
      ),
    root,
    ...(execArgv === undefined ? {} : { execArgv }),
    staysWithoutNodes: options.staysWithoutNodes ?? false,
    sink: {
      lines: (node, stream, lines) => sink.lines(node, stream, lines),
      onDrain: (callback) => sink.onDrain(callback),
    },
    prepareDomain: async () => {
      domain.prepare();
      logs = LaunchLogs.open(plan, (message) => report.warn({ message }));
      if (logs) {
        logs.follow(supervisor);
        sink = logs.through(report.sink);
      }
      const facts = factsOf(options, logs);
      await domain.listen((request) =>
        request.ask === 'launch' || request.ask === 'stop-launch'
          ? answerLaunch(facts, supervisor, request)
          : answerControl(supervisor.plan, supervisor, request),
      );
    },
    cleanupDomain: () => domain.cleanup(),
  });
  report.follow(supervisor);
  options.onSupervisor?.(supervisor);
  const release = stopOnSignals(supervisor, detached);
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

function factsOf(
  { plan, join = false, detached = false }: SuperviseLaunch,
  logs: LaunchLogs | undefined,
): LaunchFacts {
  return {
    domain: plan.domain,
    file: resolve(plan.file),
    pid: process.pid,
    started: new Date().toISOString(),
    run: logs?.folder ?? null,
    joined: join,
    detached,
    slots: plan.slots.map(({ spec }) => spec),
  };
}

/** What is asked of the launch as a whole. */
function answerLaunch(
  facts: LaunchFacts,
  supervisor: Supervisor,
  request: Extract<ControlRequest, { ask: 'launch' | 'stop-launch' }>,
): object {
  if (request.ask === 'launch') return facts;
  // Who asked hears of it before the socket goes.
  setImmediate(() => {
    void supervisor.stop('babus stop');
    if (request.force) supervisor.kill();
  });
  return { pid: process.pid };
}

/** The first signal stops in order, the second kills. @returns what takes the handlers away again */
function stopOnSignals(supervisor: Supervisor, detached: boolean): () => void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (stopping) return supervisor.kill();
    stopping = true;
    void supervisor.stop(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const signal of signals) process.on(signal, onSignal);
  onStdoutClosed(() => {
    if (!detached) void supervisor.stop('nobody reads the output');
  });
  return () => {
    for (const signal of signals) process.off(signal, onSignal);
  };
}
