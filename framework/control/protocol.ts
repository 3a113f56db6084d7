/**
 * What is said over a launcher's control socket: one JSON object a line, an answer for each request, in order. Plain data, so
 * that the launcher that answers and the tools that ask need not know each other.
 */
import type { ParamValue, PortCounters, SlotSpec } from '../spec.js';

export const NODE_ACTIONS = ['start', 'stop', 'restart'] as const;
export type NodeAction = (typeof NODE_ACTIONS)[number];

/** `id` comes back with the answer. */
export type ControlRequest =
  | { readonly id?: number | string; readonly ask: 'nodes' }
  | { readonly id?: number | string; readonly ask: 'node'; readonly node: string }
  | { readonly id?: number | string; readonly ask: 'slot'; readonly slot: string }
  /** Begins it; what came of it is asked by `node`. */
  | {
      readonly id?: number | string;
      readonly ask: 'control';
      readonly node: string;
      readonly action: NodeAction;
    }
  | { readonly id?: number | string; readonly ask: 'launch' }
  /** Ends the whole launch; at once with `force`. */
  | { readonly id?: number | string; readonly ask: 'stop-launch'; readonly force: boolean };

export type ControlAnswer<T> = { readonly id?: number | string } & (
  { readonly ok: T } | { readonly error: { readonly code: string; readonly message: string } }
);

/** Answer to `launch`: what the launcher that answers runs. */
export interface LaunchFacts {
  readonly domain: string;
  /** Launch file, or the module of `babus run`. */
  readonly file: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly started: string;
  /** Folder of its log files; null when it keeps none. */
  readonly run: string | null;
  /** True when another launch was in the domain before. */
  readonly joined: boolean;
  readonly detached: boolean;
  readonly slots: readonly SlotSpec[];
}

/** Answer to `nodes`: one of these for each node, in start order. */
export interface NodeSummary {
  readonly node: string;
  /** Null while there is no process. */
  readonly pid: number | null;
  readonly state: string;
  readonly restarts: number;
  /** Names of slots. */
  readonly publishes: readonly string[];
  readonly subscribes: readonly string[];
  /** True when a ready node gives no sign of life: its event loop is blocked, or its process is stopped. */
  readonly unresponsive: boolean;
  /** What went wrong in it, over all its runs. */
  readonly counters: NodeTroubles;
}

/** Answer to `node`. */
export interface NodeDetails extends NodeSummary {
  readonly class: string;
  /** As the launch file has it. */
  readonly use: string;
  /** URL of the file that is run. */
  readonly module: string;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly ports: readonly PortDetails[];
  /** Seconds since the process that runs now was started; null without one. */
  readonly uptime_s: number | null;
  /** How the run before ended; null while there was none. */
  readonly last_exit: LastExit | null;
}

export interface PortDetails extends PortCounters {
  readonly port: string;
  readonly direction: 'publishes' | 'subscribes';
  readonly slot: string;
  readonly schema: string;
}

export interface LastExit {
  readonly code: number | null;
  readonly signal: string | null;
  /** In words. */
  readonly reason: string;
  /** When, as ISO 8601. */
  readonly time: string;
}

/** What went wrong in a node, over all its runs in this launch. */
export interface NodeTroubles {
  readonly handler_errors: number;
  readonly quota_errors: number;
  readonly loans_given_back: number;
  readonly take_errors: number;
  readonly event_loop_blocked: number;
  readonly longest_block_ms: number;
  readonly output_lines_dropped: number;
}

/** Answer to `slot`: what the nodes of the launch count at their ends of it, in their present runs. */
export interface SlotEnds {
  readonly publishers: readonly ({ readonly node: string } & PortCounters)[];
  readonly subscribers: readonly ({ readonly node: string } & PortCounters)[];
}
