import { durationProblem, parseDurationMs } from '../duration.js';
import type { YamlPath } from '../yaml/index.js';
import type { Origin } from './origin.js';
import type { Problems } from './problems.js';

/** Milliseconds of a duration of a launch file; undefined when there is none, or what is there is none. */
export function readDuration(
  origin: Origin,
  steps: YamlPath,
  text: string | undefined,
  problems: Problems,
): number | undefined {
  if (text === undefined) return undefined;
  const problem = durationProblem(text);
  if (problem === undefined) return parseDurationMs(text);
  problems.add(origin.problem(steps, problem));
  return undefined;
}
