import type { Writable } from 'node:stream';
import { formatPosition, printable, type BabusError } from '../errors/index.js';
import { errorToJson, warningToJson } from './errors.js';
import type {
  LaunchPlan,
  LaunchWarning,
  NodeStatus,
  OutputSink,
  RunEnd,
  Supervisor,
} from '../launch/index.js';

/** Tells the user what happens in a launch: for people or, with `--json`, for programs. */
export interface LaunchReport {
  readonly sink: OutputSink;
  warn(warning: LaunchWarning): void;
  /** Something that did not work; the launch goes on. */
  fail(error: BabusError): void;
  /** What the launcher itself does. */
  say(text: string): void;
  follow(supervisor: Supervisor): void;
}

export async function launchReport(plan: LaunchPlan, out: Writable, json: boolean): Promise<LaunchReport> {
  const { FLOOD, JsonOutput, PrefixedOutput, wantsColours } = await import('../launch/index.js');
  if (json) return jsonReport(new JsonOutput(out));
  const names = plan.nodes.map((node) => node.name);
  return textReport(
    FLOOD.linesPerS,
    new PrefixedOutput(out, names, wantsColours(process.stdout, process.env)),
  );
}

function jsonReport(output: OutputSink & { event(event: object): void }): LaunchReport {
  return {
    sink: output,
    warn: (warning) => output.event({ event: 'warning', ...warningToJson(warning) }),
    fail: (error) => output.event({ event: 'error', ...errorToJson(error) }),
    say: (message) => output.event({ event: 'note', message }),
    follow(supervisor) {
      supervisor.on('state', ({ node, state, pid, restarts }, reason) =>
        output.event({
          event: 'state',
          node,
          state,
          ...(pid === undefined ? {} : { pid }),
          restarts,
          ...(reason === undefined ? {} : { reason }),
        }),
      );
      supervisor.on('exit', (node, { code, signal }: RunEnd) =>
        output.event({ event: 'exit', node, code, signal }),
      );
      supervisor.on('flood', (node, lines) => output.event({ event: 'dropped', node, lines }));
      supervisor.on('slot', (slot, isWell, message) =>
        output.event({ event: 'slot', slot, as_expected: isWell, message }),
      );
      supervisor.on('stopping', (reason) => output.event({ event: 'stopping', reason }));
    },
  };
}

function textReport(linesPerS: number, output: OutputSink & { note(text: string): void }): LaunchReport {
  return {
    sink: output,
    warn: ({ message, at }) =>
      output.note(printable(`${at ? `${formatPosition(at)}: ` : ''}warning: ${message}`)),
    fail: ({ message }) => output.note(printable(message)),
    say: (text) => output.note(printable(text)),
    follow(supervisor) {
      supervisor.on('state', (status, reason) => {
        const text = noteOf(status, reason);
        if (text !== undefined) output.note(printable(text));
      });
      supervisor.on('flood', (node, lines) =>
        output.note(
          `${node} prints too much: ${lines} lines were left out (more than ${linesPerS} a second)`,
        ),
      );
      supervisor.on('slot', (slot, _isWell, message) => output.note(`slot ${slot} ${message}`));
      supervisor.on('stopping', (reason) => output.note(`stopping (${reason})`));
    },
  };
}

/** What people are told: what they did not ask for. */
function noteOf({ node, state, restarts }: NodeStatus, reason: string | undefined): string | undefined {
  switch (state) {
    case 'restarting':
      return `${node} ${reason} (restart ${restarts + 1})`;
    case 'failed':
      return `${node} has failed for good: ${reason}`;
    case 'finished':
      return `${node} has finished`;
    case 'waiting':
    case 'stopping':
    case 'ready':
    case 'starting':
      return reason === undefined ? undefined : `${node} ${reason}`;
    case 'stopped':
      return undefined;
  }
}
