import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Supervisor,
  type LaunchPlan,
  type Life,
  type NodePlan,
  type NodeState,
  type OutputSink,
  type OutputStream,
  type RestartPolicy,
  type SuperviseOptions,
} from '../../../../framework/launch/index.js';
import type { ParamValue, SlotSpec } from '../../../../framework/spec.js';
import { REPO, until } from '../../../support/index.js';

export const FAKE_HOST = join(REPO, 'test/framework/launch/fixtures/fake-host.mjs');

/** What a node of these tests does: see fixtures/fake-host.mjs. */
export interface FakeNode {
  readonly name: string;
  readonly params?: Readonly<Record<string, ParamValue>>;
  readonly level?: number;
  readonly restart?: Partial<RestartPolicy>;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly life?: Partial<Life>;
  /** Slots that it publishes. */
  readonly publishes?: readonly string[];
}

export function fakePlan(nodes: readonly FakeNode[]): LaunchPlan {
  return {
    file: 'test.yaml',
    domain: 'test',
    args: [],
    slots: nodes.flatMap(({ name, publishes = [] }) =>
      publishes.map((slot) => ({ spec: { name: slot } as SlotSpec, publishers: [name], subscribers: [] })),
    ),
    leftOut: [],
    files: ['test.yaml'],
    runs: 20,
    nodes: nodes.map(
      ({ name, params = {}, level = 0, restart = {}, env = {}, cwd, life, publishes = [] }): NodePlan => ({
        name,
        use: './fake',
        useFile: 'test.yaml',
        className: 'Fake',
        moduleUrl: 'file:///fake.js',
        params,
        ports: publishes.map((slot) => ({ name: slot, direction: 'publishes', slot })),
        ...(life && { life: { dependsOn: [], required: false, ...life } }),
        env,
        ...(cwd === undefined ? {} : { cwd }),
        restart: { policy: 'on-failure', delayMs: 1, backoff: 1, windowMs: 60_000, ...restart },
        level,
        log: { inFiles: false, maxBytes: 100_000, maxFiles: 2 },
      }),
    ),
  };
}

/** Keeps the lines of nodes in memory; can be made to refuse more. */
export class MemorySink implements OutputSink {
  readonly #lines: { node: string; stream: OutputStream; line: string }[] = [];
  readonly #waiting = new Set<() => void>();
  /** Node whose lines are not taken any more. */
  full: string | undefined;

  lines(node: string, stream: OutputStream, lines: readonly string[]): boolean {
    for (const line of lines) this.#lines.push({ node, stream, line });
    return this.full !== node;
  }

  onDrain(callback: () => void): void {
    this.#waiting.add(callback);
  }

  drain(): void {
    this.full = undefined;
    for (const callback of this.#waiting) callback();
    this.#waiting.clear();
  }

  of(node: string, stream: OutputStream = 'stdout'): string[] {
    return this.#lines.filter((each) => each.node === node && each.stream === stream).map(({ line }) => line);
  }
}

/** A supervisor over fake nodes, and all that it said. */
export class Bench {
  readonly sink = new MemorySink();
  readonly supervisor: Supervisor;
  /** `state node` and `exit node code|signal`, in order. */
  readonly events: string[] = [];
  /** `node: reason`, in order. */
  readonly reasons: string[] = [];

  constructor(nodes: readonly FakeNode[], options: Partial<SuperviseOptions> = {}) {
    this.supervisor = new Supervisor(fakePlan(nodes), {
      hostPath: FAKE_HOST,
      root: '/nowhere',
      sink: this.sink,
      patience: { stopMs: 60_000, termMs: 60_000 },
      ...options,
    });
    this.supervisor.on('state', ({ node, state }, reason) => {
      this.events.push(`${state} ${node}`);
      if (reason !== undefined) this.reasons.push(`${node}: ${reason}`);
    });
    this.supervisor.on('exit', (node, { code, signal }) =>
      this.events.push(`exit ${node} ${signal ?? code}`),
    );
  }

  state(node: string): NodeState {
    return this.status(node).state;
  }

  status(node: string): ReturnType<Supervisor['nodes']>[number] {
    return this.supervisor.nodes().find((each) => each.node === node)!;
  }

  /** Waits until a node is in a state. */
  async reaches(node: string, state: NodeState): Promise<void> {
    await until(() => this.state(node) === state, `${node} to be ${state}`);
  }
}

/** False once the process has ended; its parent need not have looked. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The state follows the command in brackets, which may hold brackets itself.
    return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3) !== 'Z';
  } catch (error) {
    if (['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}
