import type {
  ControlRequest,
  NodeAction,
  NodeDetails,
  NodeSummary,
  PortDetails,
  SlotEnds,
} from '../control/index.js';
import { BabusError, didYouMean } from '../errors/index.js';
import type { LaunchPlan, NodePlan, PortPlan } from './plan/plan.js';
import type { NodeRecord, NodeStatus } from './supervise/managed-node.js';

/** What the answers are made of: a supervisor. */
export interface Supervised {
  nodes(): readonly NodeStatus[];
  record(node: string): NodeRecord | undefined;
  control(node: string, action: NodeAction): void;
}

/** The launcher's side of the control socket. @throws BabusError ERR_BABUS_NODE_MISSING */
export function answerControl(
  plan: LaunchPlan,
  supervised: Supervised,
  request: Exclude<ControlRequest, { ask: 'launch' | 'stop-launch' }>,
): readonly NodeSummary[] | NodeDetails | SlotEnds {
  switch (request.ask) {
    case 'nodes':
      return supervised.nodes().map((status) => summaryOf(supervised, planOf(plan, status.node), status));
    case 'control':
      supervised.control(request.node, request.action);
      return detailsOf(plan, supervised, request.node);
    case 'node':
      return detailsOf(plan, supervised, request.node);
    case 'slot':
      return endsOf(plan, supervised, request.slot);
  }
}

function summaryOf(supervised: Supervised, node: NodePlan, status: NodeStatus): NodeSummary {
  const { pid = null, state, restarts, unresponsive } = status;
  return {
    node: node.name,
    pid,
    state,
    restarts,
    publishes: slotsOf(node, 'publishes'),
    subscribes: slotsOf(node, 'subscribes'),
    unresponsive,
    counters: supervised.record(node.name)!.troubles,
  };
}

function detailsOf(plan: LaunchPlan, supervised: Supervised, name: string): NodeDetails {
  const node = planOf(plan, name);
  const status = supervised.nodes().find((each) => each.node === name)!;
  const record = supervised.record(name)!;
  return {
    ...summaryOf(supervised, node, status),
    class: node.className,
    use: node.use,
    module: node.moduleUrl,
    params: node.params,
    ports: node.ports.map((port) => portOf(plan, port, record)),
    uptime_s: record.uptimeMs === undefined ? null : Math.round(record.uptimeMs / 100) / 10,
    last_exit: record.lastExit ?? null,
  };
}

function portOf(plan: LaunchPlan, { name, direction, slot }: PortPlan, record: NodeRecord): PortDetails {
  const schema = plan.slots.find(({ spec }) => spec.name === slot)!.spec.schema.name;
  return { port: name, direction, slot, schema, ...record.port(name) };
}

function endsOf(plan: LaunchPlan, supervised: Supervised, slot: string): SlotEnds {
  const ends = (direction: PortPlan['direction']): SlotEnds['publishers'] =>
    plan.nodes.flatMap((node) =>
      node.ports
        .filter((port) => port.slot === slot && port.direction === direction)
        .map((port) => ({ node: node.name, ...supervised.record(node.name)!.port(port.name) })),
    );
  return { publishers: ends('publishes'), subscribers: ends('subscribes') };
}

function slotsOf(node: NodePlan, direction: PortPlan['direction']): string[] {
  return [...new Set(node.ports.filter((port) => port.direction === direction).map((port) => port.slot))];
}

function planOf(plan: LaunchPlan, name: string): NodePlan {
  const node = plan.nodes.find((each) => each.name === name);
  if (node) return node;
  const names = plan.nodes.map((each) => each.name);
  throw new BabusError(
    'ERR_BABUS_NODE_MISSING',
    `no node '${name}' in domain '${plan.domain}'${didYouMean(name, names)}`,
  );
}
