import { didYouMean } from '../../errors/index.js';
import type { NodeDescriptor, NodeSpec, ParamValue, PortSpec, WakeSpec } from '../../spec.js';
import type { LaunchArgument } from '../arguments.js';
import type { LaunchFile, LeftOut, LogPolicy, NodeEntry, RestartPolicy } from '../model.js';
import type { Life } from '../dependencies.js';
import type { Placement } from '../placement.js';
import type { Problems } from '../problems.js';
import { startLevels } from './order.js';
import { planParams } from './params.js';
import { planPorts, type PortUse } from './ports.js';
import { planSlots, type SlotPlan } from './slots.js';

/** One port and the slot it is mapped to. */
export interface PortPlan {
  readonly name: string;
  readonly direction: PortSpec['direction'];
  readonly slot: string;
}

/** One node, ready to be started. */
export interface NodePlan {
  readonly name: string;
  readonly use: string;
  /** The launch file that says so. */
  readonly useFile: string;
  readonly className: string;
  readonly moduleUrl: string;
  readonly params: Readonly<Record<string, ParamValue>>;
  /** Every port of the class. */
  readonly ports: readonly PortPlan[];
  readonly env: Readonly<Record<string, string>>;
  /** Absolute; undefined for the launcher's own. */
  readonly cwd?: string;
  readonly restart: RestartPolicy;
  /** Undefined when the file says nothing. */
  readonly wake?: WakeSpec;
  readonly placement?: Placement;
  /** Undefined for nodes that say nothing about it. */
  readonly life?: Life;
  /** Nodes of a lower level start earlier and stop later. */
  readonly level: number;
  readonly log: LogPolicy;
}

/** Everything a launch does, before it does anything. */
export interface LaunchPlan {
  readonly file: string;
  readonly description?: string;
  readonly domain: string;
  readonly args: readonly LaunchArgument[];
  /** In the order they start. */
  readonly nodes: readonly NodePlan[];
  readonly slots: readonly SlotPlan[];
  readonly leftOut: readonly LeftOut[];
  /** Files that it was read from, the launch file first. */
  readonly files: readonly string[];
  /** Runs of the domain whose logs are kept. */
  readonly runs: number;
}

interface NodeUse {
  readonly entry: NodeEntry;
  readonly descriptor: NodeDescriptor;
  readonly params: Readonly<Record<string, ParamValue>>;
  readonly ports: readonly PortUse[];
}

/**
 * Fourth stage: joins a launch file with what its node classes declare. Pure.
 * @param descriptors by node; a node without one is left out (its problem has been reported), and then the slots are not
 * looked at
 * @returns undefined when something is wrong
 */
export function planLaunch(
  file: LaunchFile,
  descriptors: ReadonlyMap<string, NodeDescriptor>,
  domain: string,
  problems: Problems,
): LaunchPlan | undefined {
  const uses = file.nodes.flatMap((entry): NodeUse[] => {
    const descriptor = descriptors.get(entry.name);
    if (!descriptor) return [];
    const params = planParams(entry, descriptor, problems);
    return [{ entry, descriptor, params, ports: planPorts(entry, descriptor, problems) }];
  });
  if (problems.any || uses.length < file.nodes.length) return undefined;
  const ports = uses.flatMap((use) => use.ports);
  const slots = planSlots(file, ports, problems);
  refuseSilentDependencies(uses, problems);
  if (problems.any) return undefined;
  warnOfSilentSlots(slots, ports, problems);
  const levels = startLevels(
    file.nodes.map((node) => node.name),
    slots,
    new Map(file.nodes.map(({ name, life }) => [name, life.dependsOn.map(({ node }) => node)])),
  );
  return {
    file: file.origin.source.file,
    ...(file.description === undefined ? {} : { description: file.description }),
    domain,
    args: file.args,
    nodes: levels.flatMap((names, level) =>
      names.map((name) =>
        nodePlan(
          uses.find((use) => use.entry.name === name)!,
          level,
        ),
      ),
    ),
    slots,
    leftOut: file.leftOut,
    files: file.files,
    runs: file.runs,
  };
}

/** What the process of a node is told to be. @param root shared-memory root folder */
export function nodeSpec(plan: LaunchPlan, node: NodePlan, root: string): NodeSpec {
  const { name, moduleUrl, className, params, wake } = node;
  const ports = node.ports.map((port) => [port.name, specOf(plan, port.slot)] as const);
  return {
    name,
    domain: plan.domain,
    root,
    moduleUrl,
    className,
    params,
    ports: Object.fromEntries(ports),
    ...(wake === undefined ? {} : { wake }),
  };
}

function specOf(plan: LaunchPlan, slot: string): SlotPlan['spec'] {
  return plan.slots.find(({ spec }) => spec.name === slot)!.spec;
}

function nodePlan({ entry, descriptor, params, ports }: NodeUse, level: number): NodePlan {
  const { name, use, env, cwd, restart, wake, placement, life, log } = entry;
  const { className, moduleUrl } = descriptor;
  return {
    name,
    use,
    useFile: entry.origin.fileOf(['use']),
    className,
    moduleUrl,
    params,
    ports: ports.map(({ port, slot }) => ({ name: port.name, direction: port.direction, slot })),
    env: { ...(log.level === undefined ? {} : { BABUS_LOG: log.level }), ...env },
    ...(cwd === undefined ? {} : { cwd }),
    restart,
    ...(wake === undefined ? {} : { wake }),
    ...(placement === undefined ? {} : { placement }),
    life,
    level,
    log,
  };
}

/** Another launch may publish them, so this is no error. */
function warnOfSilentSlots(slots: readonly SlotPlan[], ports: readonly PortUse[], problems: Problems): void {
  const published = slots.filter((slot) => slot.publishers.length > 0).map((slot) => slot.spec.name);
  for (const { spec, publishers } of slots) {
    if (publishers.length > 0) continue;
    const uses = ports.filter(({ slot }) => slot === spec.name);
    const who = uses.map(({ node, port, isMapped }) =>
      isMapped ? `'${node}'` : `'${node}' (whose port '${port.name}' is not mapped)`,
    );
    const hint = didYouMean(spec.name, published);
    const { origin, steps, isMapped } = uses[0]!;
    problems.warn(
      `slot '${spec.name}' is subscribed to by ${who.join(', ')} ` +
        `and no node of this launch publishes it${hint.startsWith('; did') ? hint : ''}`,
      origin.at(steps, { key: !isMapped }),
    );
  }
}

function refuseSilentDependencies(uses: readonly NodeUse[], problems: Problems): void {
  for (const { entry } of uses)
    for (const { node, condition } of entry.life.dependsOn) {
      const ports = uses.find((use) => use.entry.name === node)?.ports ?? [];
      if (condition !== 'publishing' || ports.some(({ port }) => port.direction === 'publishes')) continue;
      const message = `'${node}' publishes nothing, so nobody can wait for that; wait for it to be ready`;
      problems.add(entry.origin.problem(['depends_on'], message));
    }
}
