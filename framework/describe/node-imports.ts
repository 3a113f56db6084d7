import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Loader, OnLoadResult, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from 'esbuild';
import { isBabusSpecifier, resolveBabus } from './babus-package.js';
import { resolveWith } from './compiler.js';

/** What was read to compile a module: file → hash of the text that went in. */
export type Inputs = Map<string, string>;

/** What `import.meta` means in compiled files, which lie elsewhere than their sources. */
export const META_DEFINES = {
  'import.meta.url': '__babus_meta.url',
  'import.meta.dirname': '__babus_meta.dirname',
  'import.meta.filename': '__babus_meta.filename',
} as const;

const META = 'babus-meta:';

const LOADERS: Readonly<Record<string, Loader>> = {
  '.ts': 'ts',
  '.mts': 'ts',
  '.cts': 'ts',
  '.tsx': 'tsx',
  '.js': 'js',
  '.mjs': 'js',
  '.cjs': 'js',
};

/**
 * Rules for what goes into a compiled node: its own files, read here so that the hashes are of what was compiled. Packages
 * stay outside and are named by file: URL, since the cache has no node_modules; `babus` is always the running package.
 */
export function nodeImports(inputs: Inputs): Plugin {
  return {
    name: 'node-imports',
    setup(setup) {
      setup.onResolve({ filter: /^babus-meta:/ }, ({ path }) => ({
        path: path.slice(META.length),
        namespace: 'meta',
        sideEffects: false,
      }));
      setup.onLoad({ filter: /./, namespace: 'meta' }, ({ path }) => ({ contents: metaOf(path) }));
      setup.onResolve({ filter: /^\.\.?\// }, preferSource);
      setup.onResolve({ filter: /^[^./]/ }, (args) => resolveBare(setup, args));
      setup.onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: 'file' }, ({ path }) => load(path, inputs));
    },
  };
}

function metaOf(path: string): string {
  const { href } = pathToFileURL(path);
  return [
    `export const url = ${JSON.stringify(href)};`,
    `export const filename = ${JSON.stringify(path)};`,
    `export const dirname = ${JSON.stringify(dirname(path))};`,
  ].join('\n');
}

/** `./x.js` means x.ts when both are there: the .js beside it is likely an old output. */
function preferSource({ path, resolveDir, importer }: OnResolveArgs): OnResolveResult | undefined {
  if (!/\.m?js$/.test(path) || !/\.m?ts$/.test(importer)) return undefined;
  const source = resolve(resolveDir, path.replace(/js$/, 'ts'));
  return existsSync(source) ? { path: source } : undefined;
}

async function resolveBare(setup: PluginBuild, args: OnResolveArgs): Promise<OnResolveResult | undefined> {
  // Set by the nested resolve below, which comes through here again.
  if (args.pluginData === META) return undefined;
  if (isBuiltin(args.path)) return { path: args.path, external: true };
  const file = isBabusSpecifier(args.path)
    ? resolveBabus(args.path)
    : await resolveWith(setup, args.path, {
        resolveDir: args.resolveDir,
        importer: args.importer,
        kind: args.kind,
        pluginData: META,
      });
  if (file === undefined)
    return { errors: [{ text: `there is no package path '${args.path}' as seen from here` }] };
  // Sources behind an alias of tsconfig.json, and data: Node could not import them.
  if (!/^\.([cm]?js|node)$/.test(extname(file))) return { path: file };
  return { path: args.kind === 'require-call' ? file : pathToFileURL(file).href, external: true };
}

function load(path: string, inputs: Inputs): OnLoadResult {
  const text = readFileSync(path, 'utf8');
  inputs.set(path, hashText(text));
  // At the end, so that lines and columns stay: imports are hoisted.
  const usesMeta = /\bimport\.meta\.(url|dirname|filename)\b/.test(text);
  const contents = usesMeta ? `${text}\nimport * as __babus_meta from ${JSON.stringify(META + path)};` : text;
  return { contents, loader: LOADERS[extname(path)] ?? 'js', resolveDir: dirname(path) };
}

/** Hash of one file's content. */
export function hashText(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32);
}
