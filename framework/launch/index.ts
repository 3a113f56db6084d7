export type { LaunchArgument } from './arguments.js';
export { loadArguments, loadLaunch, type LoadedLaunch, type LoadOptions } from './load.js';
export { loadNode, type NodeWords } from './load-node.js';
export type { LaunchFile, LeftOut, LogPolicy, NodeEntry, RestartPolicy } from './model.js';
export { nodeSpec, planLaunch, type LaunchPlan, type NodePlan, type PortPlan } from './plan/plan.js';
export { planToMermaid } from './plan/mermaid.js';
export type { Dependency, DependencyCondition, Life } from './dependencies.js';
export type { Demand, Placement } from './placement.js';
export { planChanges, type PlanChanges } from './plan/changes.js';
export { argumentLines, planToJson, planToText } from './plan/print.js';
export { joinPlan } from './join.js';
export type { SlotPlan } from './plan/slots.js';
export type { LaunchWarning } from './problems.js';
export { answerControl } from './answers.js';
export { FLOOD } from './supervise/flood-gate.js';
export type { NodeRecord, NodeState, NodeStatus, Patience } from './supervise/managed-node.js';
export type { Refusal, RunEnd } from './supervise/node-run.js';
export {
  JsonOutput,
  PrefixedOutput,
  wantsColours,
  type OutputSink,
  type OutputStream,
} from './supervise/output.js';
export { Supervisor, type SuperviseOptions, type SupervisorEvents } from './supervise/supervisor.js';
