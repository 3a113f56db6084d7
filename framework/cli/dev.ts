import { resolve } from 'node:path';
import type { Command } from 'commander';
import { controlPath } from '../control/index.js';
import type { NodeSources } from '../describe/index.js';
import { isBabusError } from '../errors/index.js';
import type { LaunchPlan, LoadOptions, Supervisor } from '../launch/index.js';
import { sharedMemoryRoot } from './domain.js';
import { errorToJson, EXIT, printError } from './errors.js';
import { FileWatcher } from './file-watcher.js';
import { loadOptions, readsLaunchFile, type LaunchFileOptions } from './launch-file.js';
import { launchReport, type LaunchReport } from './launch-report.js';
import { printLine } from './stdout.js';
import { superviseLaunch } from './supervise.js';

interface DevOptions extends LaunchFileOptions {
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  babus dev patrol.yaml                      save a node's file, and that node is started anew
  babus dev patrol.yaml camera:=pattern

What cannot be compiled, imported or planned is said, and the nodes go on as they are. A change of the slots, their schemas, or of
which nodes there are starts all of them anew. Schema files are compiled by babus gen --watch, in another terminal.

Exit codes: 0 ended by Ctrl-C, 1 a node had failed, 2 a wrong file or option at the start.`;

export function registerDev(program: Command): void {
  readsLaunchFile(program.command('dev'))
    .description('start a launch file and start nodes anew whose sources have changed, until Ctrl-C')
    .option('--json', 'print one JSON object a line: changes of state and output of nodes')
    .addHelpText('after', EXAMPLES)
    .action(dev);
}

async function dev(file: string, assignments: readonly string[], options: DevOptions): Promise<void> {
  const { json = false } = options;
  const load = loadOptions(assignments, options);
  const { loadLaunch } = await import('../launch/index.js');
  const { plan, errors, warnings } = await loadLaunch(file, load);
  if (!plan) {
    for (const error of errors)
      if (json) printLine(JSON.stringify({ event: 'error', ...errorToJson(error) }));
      else printError(error);
    process.exitCode = EXIT.USAGE;
    return;
  }
  const root = sharedMemoryRoot();
  controlPath(root, plan.domain); // Throws before anything starts.
  for (let next: LaunchPlan | undefined = plan; next;) {
    const report = await launchReport(next, process.stdout, json);
    for (const warning of warnings) report.warn(warning);
    const session: DevSession = new DevSession(next, file, load, report);
    await session.watch();
    try {
      process.exitCode = await superviseLaunch({
        plan: next,
        root,
        report,
        staysWithoutNodes: true,
        onSupervisor: (supervisor) => session.follow(supervisor),
      });
    } finally {
      session.close();
    }
    next = session.next;
  }
}

/** One launch, from its start to Ctrl-C or to a change that needs another. */
class DevSession {
  /** The plan of the launch that is to follow. */
  next: LaunchPlan | undefined;
  #plan: LaunchPlan;
  readonly #file: string;
  readonly #load: LoadOptions;
  readonly #report: LaunchReport;
  readonly #watcher: FileWatcher;
  #supervisor: Supervisor | undefined;
  /** By node; kept while a module cannot be read. */
  readonly #sources = new Map<string, NodeSources>();
  #changed = new Set<string>();
  #reloading: Promise<void> | undefined;

  constructor(plan: LaunchPlan, file: string, load: LoadOptions, report: LaunchReport) {
    this.#plan = plan;
    this.#file = file;
    this.#load = load;
    this.#report = report;
    this.#watcher = new FileWatcher((changed) => this.#noticed(changed));
  }

  async watch(): Promise<void> {
    const { sourceFiles } = await import('../describe/index.js');
    for (const { name, use, useFile, moduleUrl } of this.#plan.nodes) {
      try {
        this.#sources.set(name, await sourceFiles({ use, fromFile: useFile }, moduleUrl));
      } catch (error) {
        // Removed since it was planned: those files are watched that were known.
        if (!isBabusError(error)) throw error;
      }
    }
    const files = this.#plan.files.map((file) => resolve(file));
    const sources = [...this.#sources.values()].flatMap(({ compiled, loaded }) => [...compiled, ...loaded]);
    this.#watcher.watch([...files, ...sources]);
  }

  follow(supervisor: Supervisor): void {
    this.#supervisor = supervisor;
    supervisor.on('stopping', () => this.close());
  }

  close(): void {
    this.#watcher.close();
  }

  /** One reload at a time; what changes meanwhile comes with the next. */
  #noticed(changed: ReadonlySet<string>): void {
    for (const path of changed) this.#changed.add(path);
    this.#reloading ??= this.#reloadAll().finally(() => (this.#reloading = undefined));
  }

  async #reloadAll(): Promise<void> {
    while (this.#changed.size > 0 && this.next === undefined) {
      const changed = this.#changed;
      this.#changed = new Set();
      await this.#reload(changed);
    }
  }

  async #reload(changed: ReadonlySet<string>): Promise<void> {
    const { loadLaunch, planChanges } = await import('../launch/index.js');
    const { plan, errors, warnings } = await loadLaunch(this.#file, this.#load);
    this.#watcher.all = !plan;
    if (!plan) {
      for (const error of errors) this.#report.fail(error);
      this.#report.say('the nodes go on as they were');
      return;
    }
    for (const warning of warnings) this.#report.warn(warning);
    const { nodes, relaunch } = planChanges(this.#plan, plan);
    if (relaunch !== undefined) return this.#relaunch(plan, relaunch);
    const anew = plan.nodes.filter(({ name }) => nodes.includes(name) || this.#loads(name, changed));
    this.#plan = plan;
    await this.watch();
    for (const { name } of anew) this.#report.say(`${name} has changed: starting it anew`);
    const supervisor = this.#supervisor!;
    await Promise.all(anew.map((node) => supervisor.replace(node, plan)));
  }

  /** What is not compiled keeps its name when it changes. */
  #loads(node: string, changed: ReadonlySet<string>): boolean {
    return this.#sources.get(node)?.loaded.some((file) => changed.has(file)) ?? false;
  }

  async #relaunch(plan: LaunchPlan, why: string): Promise<void> {
    this.#report.say(`${why}: starting all nodes anew`);
    this.next = plan;
    await this.#supervisor?.stop('relaunch');
  }
}
