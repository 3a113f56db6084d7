#!/usr/bin/env node
/**
 * Puts what a node process loads into few files, in the places of its entries: each file that Node opens, links and maps costs
 * about half a millisecond of its start. What entries share goes into chunks, so that a process has one copy of each module.
 * All other compiled files stay as they are. Run by `npm run build`, after tsc; from the sources, because tsc leaves compiled
 * files alone that it takes for current.
 */
import { build } from 'esbuild';
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const CHUNK = /^chunk-\w+\.js(\.map)?$/;

const common = {
  absWorkingDir: root,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external', // as babus/schema, of which there is one copy
  sourcemap: true,
  sourcesContent: false,
  logLevel: 'warning',
};

for (const file of readdirSync(`${root}dist/framework`).filter((name) => CHUNK.test(name)))
  rmSync(`${root}dist/framework/${file}`);

// Chunks lie in dist/framework itself: modules in them that look for the package's files start there.
await build({
  ...common,
  entryPoints: {
    index: 'framework/index.ts',
    'schema/index': 'framework/schema/index.ts',
    'node/host': 'framework/node/host.ts',
  },
  outdir: 'dist/framework',
  splitting: true,
  chunkNames: 'chunk-[hash]',
});

await build({ ...common, entryPoints: ['schemas/index.ts'], outfile: 'dist/schemas/index.js' });
