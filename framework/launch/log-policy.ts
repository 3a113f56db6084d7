import type { LogLevel } from '../log-line.js';
import { LOG_DEFAULTS, type LogPolicy } from './model.js';

/** `log` of a launch file or of a node, its shape checked. */
export type LogData =
  | 'off'
  | {
      readonly level?: LogLevel;
      readonly max_bytes?: number;
      readonly max_files?: number;
      /** Of a launch file alone. */
      readonly runs?: number;
    };

/** @param data of a node, joined with what its groups and its file say */
export function readLog(data: LogData | undefined): LogPolicy {
  if (data === undefined) return LOG_DEFAULTS;
  if (data === 'off') return { ...LOG_DEFAULTS, inFiles: false };
  const { level, max_bytes: maxBytes, max_files: maxFiles } = data;
  return {
    ...LOG_DEFAULTS,
    ...(level === undefined ? {} : { level }),
    ...(maxBytes === undefined ? {} : { maxBytes }),
    ...(maxFiles === undefined ? {} : { maxFiles }),
  };
}
