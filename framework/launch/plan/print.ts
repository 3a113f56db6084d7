import { formatDuration } from '../../duration.js';
import type { WakeSpec } from '../../spec.js';
import { formatPosition } from '../../errors/index.js';
import type { LaunchArgument } from '../arguments.js';
import type { LeftOut } from '../model.js';
import type { LaunchPlan, NodePlan } from './plan.js';
import { lifeLines, lifeToJson } from './print-life.js';
import { placementToJson, placementToText } from './print-placement.js';
import type { SlotPlan } from './slots.js';

/** A plan as plain data for programs, keys as in launch files. */
export function planToJson(plan: LaunchPlan): object {
  return {
    file: plan.file,
    files: plan.files,
    domain: plan.domain,
    args: plan.args,
    nodes: plan.nodes.map(nodeToJson),
    order: startOrder(plan),
    slots: plan.slots.map(({ spec, expectedRateHz, deadlineMs, publishers, subscribers }) => ({
      slot: spec.name,
      schema: spec.schema.name,
      depth: spec.depth,
      max_bytes: spec.maxBytes,
      max_readers: spec.maxReaders,
      pins_per_reader: spec.pinsPerReader,
      max_publishers: spec.maxPublishers,
      loans_per_publisher: spec.loansPerPublisher,
      ...(spec.prefault === true ? { prefault: true } : {}),
      ...(spec.validate === true ? { validate: 'always' } : {}),
      ...(expectedRateHz === undefined ? {} : { expected_rate: expectedRateHz }),
      ...(deadlineMs === undefined ? {} : { deadline: formatDuration(deadlineMs) }),
      publishers,
      subscribers,
    })),
    left_out: plan.leftOut.map(({ kind, name, why, at: { file, line, column } }) => ({
      kind,
      name,
      why,
      file,
      line,
      column,
    })),
  };
}

/** Names of nodes that start together, in the order of their start. */
function startOrder({ nodes }: LaunchPlan): string[][] {
  const order: string[][] = [];
  for (const { name, level } of nodes) (order[level] ??= []).push(name);
  return order;
}

function nodeToJson(node: NodePlan): object {
  const {
    name,
    use,
    className,
    moduleUrl,
    params,
    ports,
    env,
    cwd,
    restart,
    wake,
    placement,
    life,
    level,
    log,
  } = node;
  return {
    name,
    use,
    class: className,
    module: moduleUrl,
    params,
    ports: Object.fromEntries(ports.map((port) => [port.name, port.slot])),
    env,
    ...(cwd === undefined ? {} : { cwd }),
    restart: {
      policy: restart.policy,
      delay: formatDuration(restart.delayMs),
      backoff: restart.backoff,
      ...(restart.max === undefined ? {} : { max: restart.max }),
      window: formatDuration(restart.windowMs),
    },
    ...(wake === undefined ? {} : { wake: wakeToJson(wake) }),
    ...(placement === undefined ? {} : placementToJson(placement)),
    ...(life === undefined ? {} : lifeToJson(life)),
    level,
    log: log.inFiles ? { max_bytes: log.maxBytes, max_files: log.maxFiles } : 'off',
  };
}

function wakeToJson({ mode, spinUs, spinWhile }: WakeSpec): object {
  return {
    mode,
    ...(spinUs === undefined ? {} : { spin: formatDuration(spinUs / 1000) }),
    ...(spinWhile === undefined ? {} : { spin_while: spinWhile }),
  };
}

/** A plan for people. */
export function planToText(plan: LaunchPlan): string {
  const lines = [`${plan.file}: domain ${plan.domain}`];
  if (plan.description !== undefined) lines.push(plan.description);
  if (plan.args.length > 0) lines.push('', 'arguments', ...argumentLines(plan.args));
  lines.push('', 'nodes, in the order they start');
  for (const node of plan.nodes) lines.push(...nodeLines(node, plan));
  if (plan.slots.length > 0) lines.push('', 'slots', ...table(plan.slots.map(slotCells)));
  if (plan.leftOut.length > 0) lines.push('', 'left out', ...table(plan.leftOut.map(leftOutCells)));
  return `${lines.join('\n')}\n`;
}

/** Arguments of a launch file, one a line: value, what it may be, what it is for. */
export function argumentLines(args: readonly LaunchArgument[]): string[] {
  return table(args.map((argument) => [`${argument.name}:=${valueOf(argument)}`, notesOf(argument)]));
}

function valueOf({ value }: LaunchArgument): string {
  return value === undefined ? '' : String(value);
}

function notesOf({ type, choices, description, value, default: fallback }: LaunchArgument): string {
  const notes = [
    ...(value === undefined ? ['required'] : []),
    ...(type === undefined || choices ? [] : [type]),
    ...(choices ? [`one of ${choices.join(', ')}`] : []),
    ...(fallback !== undefined && fallback !== value ? [`default ${String(fallback)}`] : []),
  ];
  const texts = [...(notes.length === 0 ? [] : [`(${notes.join('; ')})`]), description ?? ''];
  return texts.join(' ').trim();
}

function nodeLines(node: NodePlan, plan: LaunchPlan): string[] {
  const ports = node.ports.map(({ name, direction, slot }) => {
    const { spec } = plan.slots.find((each) => each.spec.name === slot)!;
    return ['', name, direction === 'publishes' ? '->' : '<-', slot, spec.schema.name];
  });
  const params = Object.entries(node.params).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [
    `  ${node.name}  ${node.use} (${node.className})`,
    ...(params.length === 0 ? [] : [`    params ${params.join(' ')}`]),
    ...(node.life === undefined ? [] : lifeLines(node.life)),
    ...(node.placement ? [`    runs with ${placementToText(node.placement)}`] : []),
    ...table(ports),
  ];
}

function slotCells({ spec, expectedRateHz, deadlineMs, publishers, subscribers }: SlotPlan): string[] {
  const expected = [
    ...(expectedRateHz === undefined ? [] : [`${expectedRateHz}/s`]),
    ...(deadlineMs === undefined ? [] : [`within ${formatDuration(deadlineMs)}`]),
  ];
  return [
    spec.name,
    spec.schema.name,
    `depth ${spec.depth}`,
    `max ${spec.maxBytes} B${expected.length === 0 ? '' : `, expected ${expected.join(', ')}`}`,
    `${publishers.join(', ') || '(nobody)'} -> ${subscribers.join(', ') || '(nobody)'}`,
  ];
}

function leftOutCells({ kind, name, why, at }: LeftOut): string[] {
  return [kind === 'node' ? name : `include ${name}`, why, formatPosition(at)];
}

/** Columns as wide as their widest cell, indented by two. */
function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd(),
  );
}
