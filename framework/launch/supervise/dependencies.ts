import type { Dependency } from '../dependencies.js';
import type { NodeState } from './managed-node.js';

/** What is known of a node that others wait for. Each happened at some time in this launch, and holds from then on. */
export interface Progress {
  readonly state: NodeState;
  /** A process of it has opened its ports. */
  readonly hasStarted: boolean;
  readonly wasReady: boolean;
  /** There are new messages in each slot that it publishes. */
  readonly hasPublished: boolean;
}

export type Verdict = 'holds' | 'not yet' | 'never';

/** Whether a condition holds, may still come to hold, or will not. A node that somebody stopped may be started again. */
export function judge({ condition }: Dependency, progress: Progress): Verdict {
  if (isMet(condition, progress)) return 'holds';
  const { state } = progress;
  return state === 'failed' || state === 'finished' ? 'never' : 'not yet';
}

function isMet(condition: Dependency['condition'], progress: Progress): boolean {
  switch (condition) {
    case 'started':
      return progress.hasStarted;
    case 'ready':
      return progress.wasReady;
    case 'publishing':
      return progress.hasPublished;
    case 'exited':
      return progress.state === 'finished';
  }
}

/** `camera to be ready, calibration to have exited` */
export function awaited(dependencies: readonly Dependency[]): string {
  const words = {
    started: 'to be started',
    ready: 'to be ready',
    publishing: 'to publish',
    exited: 'to have exited',
  };
  return dependencies.map(({ node, condition }) => `${node} ${words[condition]}`).join(', ');
}
