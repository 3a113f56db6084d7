import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BuildFailure, BuildOptions, BuildResult, Message } from 'esbuild';
import { BabusError, type SourcePosition } from '../errors/index.js';
import { babusPackage } from './babus-package.js';
import { hashOf, type Cache } from './cache.js';
import { compiler, NODE_RESOLUTION } from './compiler.js';
import { hashText, META_DEFINES, nodeImports, type Inputs } from './node-imports.js';
import { tsconfigsOf } from './tsconfig.js';

/** To be raised when the compiled form changes without a change of babus' version. */
const FORMAT = '1';

/**
 * For CommonJS files among a node's own that require packages. At the end, so that the source map stays right: functions
 * and imports are hoisted.
 */
const REQUIRE = `
import { createRequire as __babusCreateRequire } from 'node:module';
function require(id) { return __babusCreateRequire(import.meta.url)(id); }
`;

interface Manifest {
  readonly output: string;
  readonly inputs: Readonly<Record<string, string>>;
}

/**
 * Compiles a .ts or .js module with everything of its own that it imports into one file of the cache, unless that was done
 * before and no input has changed since.
 * @returns URL of the compiled file; its name changes with its content
 * @throws BabusError ERR_BABUS_NODE_MODULE at the place in the source
 */
export async function compileModule(file: string, cache: Cache): Promise<string> {
  const manifestName = manifestNameOf(file);
  const manifest = cache.readJson(manifestName);
  if (isManifest(manifest) && cache.has(manifest.output) && isCurrent(manifest)) {
    for (const used of [manifestName, manifest.output]) cache.keep(used);
    return pathToFileURL(cache.path(manifest.output)).href;
  }

  const inputs: Inputs = new Map();
  for (const tsconfig of tsconfigsOf(file)) addInput(inputs, tsconfig);
  const result = await build(file, cache, inputs);
  for (const input of Object.keys(result.metafile.inputs))
    // Names with a namespace in front are no files.
    if (!/^[\w-]{2,}:/.test(input)) addInput(inputs, resolve(dirname(file), input));
  const sorted = [...inputs].sort(([a], [b]) => (a < b ? -1 : 1));
  const output = `${hashOf(manifestName, JSON.stringify(sorted))}.mjs`;
  cache.write(output, result.outputFiles[0]!.text + (requiresPackages(result) ? REQUIRE : ''));
  cache.write(
    manifestName,
    JSON.stringify({ output, inputs: Object.fromEntries(sorted) } satisfies Manifest),
  );
  return pathToFileURL(cache.path(output)).href;
}

/** Files that a module's compiled form was made from; none for one that was never compiled. */
export function inputsOf(file: string, cache: Cache): string[] {
  const manifest = cache.readJson(manifestNameOf(file));
  return isManifest(manifest) ? Object.keys(manifest.inputs) : [];
}

function manifestNameOf(file: string): string {
  return `${hashOf(FORMAT, babusPackage.version, babusPackage.folder, file)}.json`;
}

function addInput(inputs: Inputs, file: string): void {
  if (!inputs.has(file)) inputs.set(file, hashText(readFileSync(file)));
}

function isManifest(data: unknown): data is Manifest {
  const { output, inputs } = (data ?? {}) as Partial<Manifest>;
  return typeof output === 'string' && typeof inputs === 'object' && inputs !== null;
}

function isCurrent({ inputs }: Manifest): boolean {
  return Object.entries(inputs).every(([file, hash]) => {
    try {
      return hashText(readFileSync(file)) === hash;
    } catch {
      return false; // Gone or unreadable: compiling says which.
    }
  });
}

type Built = BuildResult<{ write: false; metafile: true }>;

async function build(file: string, cache: Cache, inputs: Inputs): Promise<Built> {
  const { build: esbuild } = await compiler();
  const options = {
    ...NODE_RESOLUTION,
    entryPoints: [file],
    absWorkingDir: dirname(file),
    bundle: true,
    format: 'esm',
    target: 'node20',
    define: META_DEFINES,
    // In the file itself, so that code and map cannot come apart; the lines are read from the sources when needed.
    sourcemap: 'inline',
    sourcesContent: false,
    outfile: cache.path('module.mjs'),
    write: false,
    metafile: true,
    logLevel: 'silent',
    plugins: [nodeImports(inputs)],
  } as const satisfies BuildOptions;
  try {
    return await esbuild(options);
  } catch (error) {
    const errors = (error as Partial<BuildFailure>).errors ?? [];
    const first = errors[0];
    if (!first) throw error;
    const others = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
    throw new BabusError('ERR_BABUS_NODE_MODULE', first.text + others, placeOf(first, file), {
      cause: error,
    });
  }
}

function requiresPackages({ metafile }: Built): boolean {
  return Object.values(metafile.inputs).some(({ imports }) =>
    imports.some(({ kind, external }) => kind === 'require-call' && external === true),
  );
}

function placeOf({ location }: Message, entry: string): SourcePosition {
  const file = location ? resolve(dirname(entry), location.file) : entry;
  return { file: shownPath(file), line: location?.line ?? 1, column: (location?.column ?? 0) + 1 };
}

/** A path as short as it can be pasted into a shell of the current folder. */
export function shownPath(file: string): string {
  const short = relative(process.cwd(), file);
  return short.startsWith('..') || short === '' ? file : short;
}
