import { formatDuration } from '../../duration.js';
import type { SlotEntry } from '../model.js';
import type { Problems } from '../problems.js';
import { readDuration } from '../read-duration.js';

/** What a launch file expects of a slot's messages. */
export function readExpectations(
  { settings, origin }: SlotEntry,
  problems: Problems,
): { expectedRateHz?: number; deadlineMs?: number } {
  const { expected_rate: expectedRateHz, deadline } = settings;
  const deadlineMs = readDuration(origin, ['deadline'], deadline, problems);
  const periodMs = expectedRateHz === undefined ? 0 : 1000 / expectedRateHz;
  if (deadlineMs !== undefined && deadlineMs < periodMs)
    problems.add(
      origin.problem(
        ['deadline'],
        `${formatDuration(deadlineMs)} is shorter than the time between two messages at the expected_rate of ${expectedRateHz} a second`,
      ),
    );
  return {
    ...(expectedRateHz === undefined ? {} : { expectedRateHz }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
  };
}
