import { basename } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { BabusError, didYouMean, isBabusError } from '../errors/index.js';
import type { NodeDescriptor } from '../spec.js';
import { bestEffort, openCache, type Cache } from './cache.js';
import { compileModule, shownPath } from './compile.js';
import { stopCompiler } from './compiler.js';
import { describeModule } from './describe.js';
import type { ClassReport } from './report.js';
import { resolveModule, type ResolvedModule } from './resolve.js';

export interface DescribeOptions {
  /** How long one module's import may take, in milliseconds. Default 10 000. */
  readonly deadlineMs?: number;
  /** How many modules are compiled and imported at a time. Default 3. */
  readonly parallel?: number;
  /** Default: the user's cache, `openCache()`. */
  readonly cache?: Cache;
}

/** What `use:` of a node says, and the launch file that says it. */
export interface NodeRequest {
  readonly use: string;
  readonly fromFile: string;
}

const DEFAULT_DEADLINE_MS = 10_000;
const DEFAULT_PARALLEL = 3;

/**
 * Finds, compiles and describes the modules of several nodes, each module once.
 * @returns for each request, in order, its class's descriptor or the reason why there is none
 * @throws BabusError ERR_BABUS_SYSTEM when there is no place for the cache
 */
export async function describeNodes(
  requests: readonly NodeRequest[],
  options: DescribeOptions = {},
): Promise<(NodeDescriptor | BabusError)[]> {
  const cache = options.cache ?? openCache();
  const deadlineMs = options.deadlineMs ?? DEFAULT_DEADLINE_MS;
  const limit = limiter(options.parallel ?? DEFAULT_PARALLEL);
  const modules = new Map<string, Promise<DescribedModule>>();
  const describeOne = async ({ use, fromFile }: NodeRequest): Promise<NodeDescriptor | BabusError> => {
    try {
      const found = await resolveModule(use, fromFile);
      let described = modules.get(found.file);
      if (!described) {
        described = limit(() => describeFile(found, cache, deadlineMs));
        modules.set(found.file, described);
      }
      const { moduleUrl, classes, exports } = await described;
      return { ...chooseClass(classes, exports, use, found), moduleUrl };
    } catch (error) {
      if (isBabusError(error)) return error;
      throw error;
    }
  };
  try {
    return await Promise.all(requests.map(describeOne));
  } finally {
    await stopCompiler();
    cache.prune();
  }
}

/**
 * Keeps compiled modules from being removed as unused while nodes run from them: a restarted node imports its own again. To be
 * called every few days.
 */
export function keepModules(moduleUrls: readonly string[]): void {
  bestEffort(() => {
    const cache = openCache();
    for (const url of moduleUrls) {
      const file = fileURLToPath(url);
      if (cache.holds(file)) cache.keep(basename(file));
    }
  });
}

interface DescribedModule {
  readonly moduleUrl: string;
  readonly classes: readonly ClassReport[];
  readonly exports: readonly string[];
}

async function describeFile(
  { file, compile }: ResolvedModule,
  cache: Cache,
  deadlineMs: number,
): Promise<DescribedModule> {
  const moduleUrl = compile ? await compileModule(file, cache) : pathToFileURL(file).href;
  const { classes, exports } = await describeModule(moduleUrl, shownPath(file), cache, deadlineMs);
  return { moduleUrl, classes, exports };
}

function chooseClass(
  classes: readonly ClassReport[],
  exports: readonly string[],
  use: string,
  { file, className }: ResolvedModule,
): ClassReport {
  const names = classes.map((each) => each.className);
  const chosen =
    className === undefined && classes.length === 1
      ? classes[0]
      : classes.find((each) => each.className === className);
  if (chosen) return chosen;
  throw new BabusError(
    'ERR_BABUS_NODE_MODULE',
    `${shownPath(file)}: ${whyNone(names, exports, use, className)}`,
  );
}

function whyNone(
  names: readonly string[],
  exports: readonly string[],
  use: string,
  className: string | undefined,
): string {
  if (names.length === 0) {
    const found = exports.length === 0 ? 'it exports nothing' : `it exports ${exports.join(', ')}`;
    return `exports no node class: a class with @node() that extends Node (${found})`;
  }
  if (className !== undefined) return `exports no node class '${className}'${didYouMean(className, names)}`;
  return `exports ${names.length} node classes: ${names.join(', ')}; choose one: use: ${use}#${names[0]}`;
}

/** Runs tasks at most `parallel` at a time, in the order they come. */
function limiter(parallel: number): <T>(task: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (task) => {
    if (running >= parallel) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await task();
    } finally {
      // The place goes straight to the next one in line.
      const next = waiting.shift();
      if (next) next();
      else running--;
    }
  };
}
