import { basename } from 'node:path';
import { describeNodes, type NodeRequest } from '../describe/index.js';
import { BabusError, isBabusError } from '../errors/index.js';
import type { NodeDescriptor } from '../spec.js';
import { givenByWords, resolveArguments, type LaunchArgument } from './arguments.js';
import { assembleLaunch } from './assemble.js';
import type { LaunchFile } from './model.js';
import { overrideParams } from './override-params.js';
import { parseLaunch } from './parse.js';
import { onlineCpus } from './cpus.js';
import { planLaunch, type LaunchPlan } from './plan/plan.js';
import { checkDependencies } from './plan/check-dependencies.js';
import { checkPlacement } from './plan/starvation.js';
import { Problems, type LaunchWarning } from './problems.js';

export interface LoadOptions {
  /** `name:=value` words. */
  readonly assignments?: readonly string[];
  /** Files of parameters for nodes, by their names; go before those of the launch file. */
  readonly params?: readonly string[];
  /** `NODE.PARAM=VALUE` words; go before files of parameters. */
  readonly set?: readonly string[];
  /** Goes before the file's own domain. */
  readonly domain?: string;
  /** Default `process.env`. */
  readonly env?: NodeJS.ProcessEnv;
  /** Numbers of the processors there are. Default: those of this machine. */
  readonly cpus?: readonly number[];
  /** Default: `describeNodes` of framework/describe. */
  readonly describe?: (requests: readonly NodeRequest[]) => Promise<(NodeDescriptor | BabusError)[]>;
}

export interface LoadedLaunch {
  /** Undefined when there are errors. */
  readonly plan?: LaunchPlan;
  /** The file's arguments, as far as they could be read. */
  readonly args: readonly LaunchArgument[];
  /** All errors of the first stage that has any, in the order of the file. */
  readonly errors: readonly BabusError[];
  readonly warnings: readonly LaunchWarning[];
}

/** Reads a launch file up to the plan: parse, fill in, validate, join files, describe its nodes, plan. Starts no node. */
export async function loadLaunch(file: string, options: LoadOptions = {}): Promise<LoadedLaunch> {
  const problems = new Problems();
  let args: readonly LaunchArgument[] = [];
  let plan: LaunchPlan | undefined;
  try {
    const env = options.env ?? process.env;
    const assembled = assembleLaunch(file, givenByWords(options.assignments ?? []), env, problems);
    const { launch } = assembled;
    args = assembled.args;
    if (launch) {
      const domain = domainOf(launch, options.domain, env);
      const nodes = overrideParams(
        launch,
        { files: options.params ?? [], words: options.set ?? [] },
        problems,
      );
      checkDependencies(
        nodes,
        launch.leftOut.filter(({ kind }) => kind === 'node').map(({ name }) => name),
        problems,
      );
      checkPlacement(nodes, options.cpus ?? onlineCpus(), problems);
      const descriptors = await describeAll(launch, options.describe ?? describeNodes, problems);
      plan = planLaunch({ ...launch, nodes, files: problems.files }, descriptors, domain, problems);
    }
  } catch (error) {
    if (!isBabusError(error)) throw error;
    problems.add(error);
  }
  return { ...(plan ? { plan } : {}), args, errors: problems.errors, warnings: problems.warnings };
}

/** The arguments that a launch file declares, with their defaults. @throws BabusError when the file is not valid */
export function loadArguments(file: string, env: NodeJS.ProcessEnv = process.env): readonly LaunchArgument[] {
  const problems = new Problems();
  const source = parseLaunch(file, '', problems);
  const args = problems.any ? [] : resolveArguments(source, new Map(), env, problems);
  const [first] = problems.errors;
  if (first) throw first;
  return args;
}

/** @throws BabusError ERR_BABUS_NAME for a bad name on the command line or in the environment */
function domainOf(launch: LaunchFile, option: string | undefined, env: NodeJS.ProcessEnv): string {
  if (option !== undefined) return checkedDomain(option, '--domain');
  if (launch.domain !== undefined) return launch.domain;
  const variable = env['BABUS_DOMAIN'];
  if (variable !== undefined && variable !== '') return checkedDomain(variable, 'BABUS_DOMAIN');
  const name = basename(launch.origin.source.file).replace(/(\.launch)?\.(ya?ml|json)$/, '');
  return name.replace(/[^A-Za-z0-9_-]/g, '_').slice(0, 48) || 'launch';
}

function checkedDomain(name: string, where: string): string {
  if (/^[A-Za-z0-9_-]{1,48}$/.test(name)) return name;
  throw new BabusError(
    'ERR_BABUS_NAME',
    `${where}: '${name}' is not a domain name (1 to 48 letters, digits, _ and -)`,
  );
}

async function describeAll(
  launch: LaunchFile,
  describe: NonNullable<LoadOptions['describe']>,
  problems: Problems,
): Promise<Map<string, NodeDescriptor>> {
  const found = await describe(
    launch.nodes.map(({ use, origin }) => ({ use, fromFile: origin.fileOf(['use']) })),
  );
  const descriptors = new Map<string, NodeDescriptor>();
  const reported = new Set<BabusError>();
  for (const [index, { name, origin }] of launch.nodes.entries()) {
    const result = found[index]!;
    if (!isBabusError(result)) descriptors.set(name, result);
    // Two nodes of one broken module get the same error object: one cause.
    else if (!reported.has(result)) {
      reported.add(result);
      problems.add(origin.error(result.code, ['use'], result.message));
    }
  }
  return descriptors;
}
