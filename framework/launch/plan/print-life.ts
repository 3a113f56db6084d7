import { formatDuration } from '../../duration.js';
import type { Life } from '../dependencies.js';

/** Keys as in launch files. */
export function lifeToJson({ dependsOn, startTimeoutMs, stopTimeoutMs, required }: Life): object {
  return {
    ...(dependsOn.length > 0 && {
      depends_on: Object.fromEntries(dependsOn.map(({ node, condition }) => [node, condition])),
    }),
    ...(startTimeoutMs !== undefined && { start_timeout: formatDuration(startTimeoutMs) }),
    ...(stopTimeoutMs !== undefined && { stop_timeout: formatDuration(stopTimeoutMs) }),
    ...(required && { required }),
  };
}

export function lifeLines({ dependsOn, startTimeoutMs, stopTimeoutMs, required }: Life): string[] {
  const parts = [
    ...(dependsOn.length > 0
      ? [`after ${dependsOn.map(({ node, condition }) => `${node} (${condition})`).join(', ')}`]
      : []),
    ...(startTimeoutMs === undefined ? [] : [`ready within ${formatDuration(startTimeoutMs)}`]),
    ...(stopTimeoutMs === undefined ? [] : [`stops within ${formatDuration(stopTimeoutMs)}`]),
    ...(required ? ['required'] : []),
  ];
  return parts.length === 0 ? [] : [`    ${parts.join('; ')}`];
}
