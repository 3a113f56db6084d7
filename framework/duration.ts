import { BabusError } from './errors/index.js';

const UNIT_MS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Timers of JavaScript take at most 2^31 - 1 ms and fire at once above that, so longer durations are refused. */
export const MAX_DURATION_MS = 24 * 24 * 3_600_000;

/**
 * Milliseconds of a duration such as `500ms`, `1s`, `1.5m`, `2h`, `50us`. The unit is required: a bare number is the most
 * common way to be wrong by a factor of a thousand.
 * @throws BabusError ERR_BABUS_ARGUMENT when the text is no duration or longer than 24 days
 */
export function parseDurationMs(text: string): number {
  const problem = durationProblem(text);
  if (problem !== undefined) throw new BabusError('ERR_BABUS_ARGUMENT', problem);
  return toMs(text);
}

/** What is wrong with a duration, or undefined when nothing is. For callers that know where the text stands. */
export function durationProblem(text: string): string | undefined {
  if (/^[0-9]+(\.[0-9]+)?$/.test(text)) return `'${text}' has no unit; write ${text}s or ${text}ms`;
  const ms = toMs(text);
  if (Number.isNaN(ms))
    return `'${text}' is not a duration; write a number with a unit (us, ms, s, m, h), such as 500ms`;
  if (ms > MAX_DURATION_MS) return `'${text}' is too long; at most 24 days (576h)`;
  return undefined;
}

/** A short text of a duration: `500ms`, `1.5s`, `2m`. */
export function formatDuration(ms: number): string {
  for (const unit of ['h', 'm', 's'] as const) {
    const amount = ms / UNIT_MS[unit]!;
    if (amount >= 1 && Number.isInteger(amount * 10)) return `${amount}${unit}`;
  }
  return ms >= 1 || ms === 0 ? `${ms}ms` : `${ms * 1000}us`;
}

function toMs(text: string): number {
  const match = /^([0-9]+(?:\.[0-9]+)?)(us|ms|s|m|h)$/.exec(text);
  return match ? Number(match[1]) * UNIT_MS[match[2]!]! : NaN;
}
