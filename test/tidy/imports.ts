import { builtinModules } from 'node:module';
import { dirname, join } from 'node:path/posix';
import * as rules from './rules.js';
import { isUnder, type SourceText } from './tree.js';
import { importsOf, parse } from './typescript.js';

/** An import of one file, resolved as far as the tree goes. */
export interface Edge {
  readonly from: string;
  readonly line: number;
  readonly specifier: string;
  readonly typeOnly: boolean;
  /** Path of the imported file within the repository, without extension; undefined for packages and builtins. */
  readonly target?: string | undefined;
}

export type ImportGraph = readonly Edge[];

/** Every import of the TypeScript files among `files`. */
export function importGraph(files: readonly SourceText[]): ImportGraph {
  return files
    .filter(({ path }) => path.endsWith('.ts') && !rules.SPECIMENS.test(path))
    .flatMap((file) =>
      importsOf(parse(file)).map((each) => ({
        ...each,
        from: module(file.path),
        ...resolve(file.path, each),
      })),
    );
}

function resolve(path: string, { specifier }: { specifier: string }): { target?: string } {
  if (!specifier.startsWith('.')) return {};
  return { target: module(join(dirname(path), specifier)) };
}

function module(path: string): string {
  return path.replace(/\.(ts|js)$/, '');
}

/** Imports that a file's layer does not allow, and files without a layer. */
export function layerViolations(files: readonly SourceText[]): string[] {
  const graph = importGraph(files);
  const homeless = files
    .filter(({ path }) => /^(framework|nodes|schemas|test)\/.*\.ts$/.test(path) && !layerOf(module(path)))
    .map(({ path }) => `${path}: belongs to no layer; give it one in test/tidy/rules.ts`);
  return [...homeless, ...graph.flatMap(judge)];
}

function judge(edge: Edge): string[] {
  const own = layerOf(edge.from);
  if (!own) return [];
  const where = `${edge.from}.ts:${edge.line}: ${own.path} may not import '${edge.specifier}'`;
  if (edge.target === undefined) return judgeName(edge, own, where);
  const target = layerOf(edge.target);
  if (!target) return [`${where}: it leads out of the layers`];
  const secret = rules.PRIVATE.find(({ path }) => isUnder(target.path, [path]));
  if (secret && !isUnder(own.path, [secret.path, ...secret.except]))
    return [`${where}: nothing imports ${secret.path}`];
  const allowed = [own.path, ...own.imports];
  return isUnder(target.path, allowed) || isUnder(edge.target, allowed) ? [] : [`${where}: ${own.because}`];
}

function judgeName({ specifier }: Edge, own: rules.Layer, where: string): string[] {
  if (specifier.startsWith('node:')) return [];
  if (builtinModules.includes(specifier)) return [`${where}: write 'node:${specifier}'`];
  if (specifier.startsWith('/') || specifier.includes(':')) return [`${where}: it is no package`];
  const name = packageOf(specifier);
  if (name !== 'babus') return [];
  const allowed = (own.babus ?? []).some((entry) =>
    entry.endsWith('/*') ? specifier.startsWith(entry.slice(0, -1)) : specifier === entry,
  );
  return allowed ? [] : [`${where}: ${own.because}`];
}

function layerOf(target: string): rules.Layer | undefined {
  return rules.LAYERS.filter(({ path }) => isUnder(target, [path])).sort(
    (a, b) => b.path.length - a.path.length,
  )[0];
}

export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** Packages used in framework/ outside their home, or without one. */
export function packageViolations(files: readonly SourceText[]): string[] {
  return importGraph(files)
    .filter((edge) => isUnder(edge.from, ['framework']) && isPackage(edge))
    .flatMap(({ from, line, specifier }) => {
      const homes = rules.PACKAGE_HOMES[packageOf(specifier)];
      const where = `${from}.ts:${line}: imports '${specifier}'`;
      if (!homes) return [`${where}, which has no home in framework/; give it one in test/tidy/rules.ts`];
      return isUnder(from, homes) ? [] : [`${where}, whose home is ${homes.join(', ')}`];
    });
}

/** True for an import of a package other than babus itself. */
export function isPackage({ target, specifier }: Pick<Edge, 'target' | 'specifier'>): boolean {
  const byName = target === undefined && !specifier.includes(':') && !builtinModules.includes(specifier);
  return byName && packageOf(specifier) !== 'babus';
}

/** Cycles of imports among the files of framework/, each once, types included. */
export function cycleViolations(files: readonly SourceText[]): string[] {
  const next = targetsByFile(importGraph(files).filter(({ from }) => isUnder(from, ['framework'])));
  const found = new Set<string>();
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) found.add(rotated(path.slice(start)).join(' → '));
    if (start >= 0 || done.has(file)) return;
    for (const target of next.get(file) ?? []) visit(target, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  return [...found].map(
    (cycle) => `${cycle} → …: these files import each other; move what they share into one below them`,
  );
}

/** The same cycle always starts with the same file. */
function rotated(cycle: readonly string[]): string[] {
  const first = cycle.indexOf([...cycle].sort()[0]!);
  return [...cycle.slice(first), ...cycle.slice(0, first)];
}

function targetsByFile(graph: ImportGraph): Map<string, string[]> {
  const next = new Map<string, string[]>();
  for (const { from, target } of graph)
    if (target !== undefined) next.set(from, [...(next.get(from) ?? []), target]);
  return next;
}

/** What an entry loads at run time, directly or not, though it must not. */
export function loadViolations(files: readonly SourceText[]): string[] {
  const graph = importGraph(files).filter(({ typeOnly }) => !typeOnly);
  const next = new Map<string, Edge[]>();
  for (const edge of graph) next.set(edge.from, [...(next.get(edge.from) ?? []), edge]);
  return rules.NEVER_LOADED.flatMap((rule) =>
    [...next.keys()]
      .filter((from) => isUnder(from, [rule.from]))
      .flatMap((entry) => forbiddenLoads(entry, next, rule)),
  );
}

function forbiddenLoads(
  entry: string,
  next: ReadonlyMap<string, readonly Edge[]>,
  { never, because }: (typeof rules.NEVER_LOADED)[number],
): string[] {
  const violations: string[] = [];
  const seen = new Set([entry]);
  const queue: { file: string; path: string }[] = [{ file: entry, path: entry }];
  for (let at = queue.shift(); at; at = queue.shift())
    for (const { target, specifier } of next.get(at.file) ?? []) {
      const name = target ?? packageOf(specifier);
      if (seen.has(name)) continue;
      seen.add(name);
      const path = `${at.path} → ${name}`;
      if (isUnder(name, never)) violations.push(`${path}: must not be loaded there, because ${because}`);
      else if (target !== undefined) queue.push({ file: target, path });
    }
  return violations;
}
