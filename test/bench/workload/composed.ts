/**
 * `node composed.js FILE ROOT SECONDS name:=value ...`: all nodes of a launch file in this one process, each with a place of its
 * own in the domain, as their processes would have.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { loadLaunch, nodeSpec, type LaunchPlan } from '../../../framework/launch/index.js';
import { stopCompiler } from '../../../framework/describe/index.js';
import { native } from '../../../framework/native.js';
import { loadClass } from '../../../framework/node/load-class.js';
import { createLogger, formatRecord } from '../../../framework/node/log.js';
import { NodeRuntime } from '../../../framework/node/runtime.js';

const STOP_PATIENCE_MS = 2000;
const log = createLogger((record) => console.error(formatRecord(record)), 'warn');

const [file, root, seconds, ...assignments] = process.argv.slice(2);
native().dieWithParent();
const { plan, errors } = await loadLaunch(file!, { assignments });
if (!plan) throw new AggregateError(errors, `${file} cannot be launched`);
await stopCompiler();
const nodes = await Promise.all(plan.nodes.map((node) => attach(plan, node)));
for (const { runtime } of nodes) await runtime.begin();
await sleep(Number(seconds) * 1000);
for (const { runtime } of nodes) await runtime.stop(STOP_PATIENCE_MS);
for (const { participant } of nodes) participant.leave();

async function attach(of: LaunchPlan, node: LaunchPlan['nodes'][number]) {
  const spec = nodeSpec(of, node, root!);
  const { cls, meta } = await loadClass(spec.moduleUrl, spec.className);
  const { domain, name } = spec;
  const participant = new (native().Participant)({ root: root!, domain, name, create: true });
  const onFinish = (error: unknown): void => log.error({ error }, `${name} wants to end`);
  return { participant, runtime: new NodeRuntime({ cls, meta, spec, participant, log, onFinish }) };
}
