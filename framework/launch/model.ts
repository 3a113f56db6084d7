import type { LogLevel } from '../log-line.js';
import type { WakeSpec } from '../spec.js';
import type { YamlPath } from '../yaml/index.js';
import type { LaunchArgument } from './arguments.js';
import type { BabusError, ErrorCode, SourcePosition } from '../errors/index.js';
import type { Origin } from './origin.js';
import type { Life } from './dependencies.js';
import type { Placement } from './placement.js';

/** When and how a node is started again; durations in milliseconds. */
export interface RestartPolicy {
  readonly policy: 'never' | 'on-failure' | 'always';
  /** Wait before the first restart, and before each restart of a run that had been ready. */
  readonly delayMs: number;
  /** Factor on the delay for each end in a row before the node was ready. */
  readonly backoff: number;
  /** Restarts allowed within `windowMs`. Undefined: see `framework/launch/supervise/restarts.ts`. */
  readonly max?: number;
  readonly windowMs: number;
}

export const RESTART_DEFAULTS: RestartPolicy = {
  policy: 'on-failure',
  delayMs: 200,
  backoff: 2,
  windowMs: 60_000,
};

/** A value for a parameter, not yet checked against the node's class, and where it came from. */
export interface GivenParam {
  readonly value: unknown;
  /** Of the value in its file; the last step is the parameter's name. */
  readonly path: YamlPath;
  readonly source: ParamSource;
  /** True for text that may be read as another type. @param steps below the value */
  readonly isText: (steps: YamlPath) => boolean;
}

/** What gives values: a file, or words of the command line. */
export interface ParamSource {
  error(code: ErrorCode, path: YamlPath, message: string, options?: { key?: boolean }): BabusError;
}

export type GivenParams = ReadonlyMap<string, GivenParam>;

/** What is kept of what a node says. */
export interface LogPolicy {
  /** Lowest level of the node's own log. Undefined: as BABUS_LOG of its environment says, else info. */
  readonly level?: LogLevel;
  /** False: on the screen alone, in no file. */
  readonly inFiles: boolean;
  /** A log file is not written to beyond this. */
  readonly maxBytes: number;
  /** How many files are kept of the node, in each run. */
  readonly maxFiles: number;
}

export const LOG_DEFAULTS: LogPolicy = { inFiles: true, maxBytes: 10_000_000, maxFiles: 5 };

/** How many runs of a domain are kept with their logs. */
export const DEFAULT_RUNS = 20;

/** One node as the file has it: checked for itself, not yet against its class. */
export interface NodeEntry {
  /** From the root, without a leading slash: `front/camera`. */
  readonly name: string;
  /** What relative names of the node are in: `front`; empty for the root. */
  readonly namespace: string;
  readonly origin: Origin;
  readonly use: string;
  readonly params: GivenParams;
  /** Port → slot, for the ports that are mapped. Slots are named from the root, without a leading slash. */
  readonly ports: Readonly<Record<string, string>>;
  readonly env: Readonly<Record<string, string>>;
  /** Absolute. */
  readonly cwd?: string;
  readonly restart: RestartPolicy;
  /** Undefined when the file says nothing. */
  readonly wake?: WakeSpec;
  readonly placement?: Placement;
  readonly life: Life;
  readonly log: LogPolicy;
}

/** Settings of one slot, for those that the file gives. */
export interface SlotSettings {
  /** `std/` may be left out. */
  readonly schema?: string;
  /** Messages a second. */
  readonly expected_rate?: number;
  /** A duration. */
  readonly deadline?: string;
  readonly depth?: number;
  readonly max_bytes?: number;
  readonly max_readers?: number;
  readonly pins_per_reader?: number;
  readonly max_publishers?: number;
  readonly loans_per_publisher?: number;
  readonly prefault?: boolean;
  readonly validate?: 'always' | 'never';
  readonly access?: { readonly group: string | number; readonly mode?: 'read' | 'write' };
}

export interface SlotEntry {
  /** From the root, without a leading slash. */
  readonly name: string;
  readonly origin: Origin;
  readonly settings: SlotSettings;
}

/** A node or an included file that is no part of this launch. */
export interface LeftOut {
  readonly kind: 'node' | 'include';
  /** As `NodeEntry` has it; the file of an include. */
  readonly name: string;
  /** Such as `if: sim is false`. */
  readonly why: string;
  readonly at: SourcePosition;
}

/** A launch file with all that it includes, right in itself. */
export interface LaunchFile {
  readonly origin: Origin;
  readonly description?: string;
  /** Undefined when the file names none. */
  readonly domain?: string;
  readonly args: readonly LaunchArgument[];
  /** Runs whose logs are kept. */
  readonly runs: number;
  readonly slots: readonly SlotEntry[];
  readonly nodes: readonly NodeEntry[];
  readonly leftOut: readonly LeftOut[];
  /** The file itself and those that it includes. */
  readonly files: readonly string[];
}
