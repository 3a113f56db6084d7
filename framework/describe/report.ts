import type { NodeDescriptor } from '../spec.js';

/** One node class as a module declares it. */
export type ClassReport = Omit<NodeDescriptor, 'moduleUrl'>;

/** What the child process that imported a module writes to its parent, as JSON. */
export type ModuleReport =
  | {
      readonly ok: true;
      readonly classes: readonly ClassReport[];
      /** Names of all exports, for the message when none is a node class. */
      readonly exports: readonly string[];
      /** Files that were loaded with the module: when one changes, the report is out of date. */
      readonly files: readonly string[];
    }
  | { readonly ok: false; readonly code?: string; readonly message: string; readonly stack: string };

/** The child's file descriptor for its report: standard output belongs to the module. */
export const REPORT_FD = 3;
/** A pipe whose end means that the parent is gone. */
export const LIFELINE_FD = 4;
