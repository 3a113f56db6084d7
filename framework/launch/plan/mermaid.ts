import type { LaunchPlan } from './plan.js';

/**
 * A plan as a Mermaid flowchart: nodes are rounded, slots are boxes with their schema, arrows are ports. Nodes that are left out
 * have a dashed border, slots that nobody publishes a bold one.
 */
export function planToMermaid(plan: LaunchPlan): string {
  // Names may hold slashes and be words of Mermaid's; so each has a number in its place.
  const nodes = new Map(plan.nodes.map(({ name }, index) => [name, `n${index}`]));
  const lines = ['flowchart LR'];
  for (const [name, id] of nodes) lines.push(`  ${id}([${name}])`);
  for (const [index, { spec, publishers, subscribers }] of plan.slots.entries()) {
    const slot = `s${index}`;
    const mark = publishers.length === 0 ? ':::silent' : '';
    lines.push(`  ${slot}["${spec.name}<br>${spec.schema.name}"]${mark}`);
    for (const name of publishers) lines.push(`  ${nodes.get(name)!} --> ${slot}`);
    for (const name of subscribers) lines.push(`  ${slot} --> ${nodes.get(name)!}`);
  }
  const leftOut = plan.leftOut.filter(({ kind }) => kind === 'node');
  for (const [index, { name }] of leftOut.entries()) lines.push(`  x${index}([${name}]):::leftOut`);
  if (plan.slots.some(({ publishers }) => publishers.length === 0))
    lines.push('  classDef silent stroke-width:3px');
  if (leftOut.length > 0) lines.push('  classDef leftOut stroke-dasharray:4');
  return `${lines.join('\n')}\n`;
}
