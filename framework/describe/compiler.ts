import { isBuiltin } from 'node:module';
import type { BuildOptions, PluginBuild, ResolveOptions } from 'esbuild';

/** Makes esbuild resolve packages as Node does: no bundlers' conditions and fields. */
export const NODE_RESOLUTION = {
  platform: 'node',
  conditions: ['node-addons'],
  mainFields: ['main'],
} as const satisfies BuildOptions;

let started = false;

/** esbuild, loaded when something has to be compiled: mostly the cache has it all. */
export async function compiler(): Promise<typeof import('esbuild')> {
  started = true;
  return import('esbuild');
}

/** Ends esbuild's helper process, if one was started. The next compile starts another. */
export async function stopCompiler(): Promise<void> {
  if (!started) return;
  started = false;
  await (await import('esbuild')).stop();
}

/** Where a package path such as `my-robot/nodes/arm` leads from a folder; undefined when nowhere. */
export async function resolvePackagePath(path: string, folder: string): Promise<string | undefined> {
  if (isBuiltin(path)) return undefined;
  const { build } = await compiler();
  let found: string | undefined;
  const plugin = {
    name: 'resolve',
    setup(setup: PluginBuild) {
      setup.onStart(async () => {
        found = await resolveWith(setup, path, { resolveDir: folder, kind: 'import-statement' });
      });
    },
  };
  const nothing = { contents: '' };
  await build({ ...NODE_RESOLUTION, stdin: nothing, write: false, logLevel: 'silent', plugins: [plugin] });
  return found;
}

/** esbuild's answer inside a plugin; undefined when it finds nothing. */
export async function resolveWith(
  setup: PluginBuild,
  path: string,
  options: ResolveOptions,
): Promise<string | undefined> {
  const result = await setup.resolve(path, options);
  return result.errors.length === 0 && result.namespace === 'file' ? result.path : undefined;
}
