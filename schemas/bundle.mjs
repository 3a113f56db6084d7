#!/usr/bin/env node
/**
 * Puts the compiled standard schemas into one module, in the place of their index: a process that needs one of them would else
 * read a file for each. Run by `npm run build`, after tsc.
 */
import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

const index = fileURLToPath(new URL('../dist/schemas/index.js', import.meta.url));

await build({
  entryPoints: [index],
  outfile: index,
  allowOverwrite: true,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  packages: 'external', // there is one copy of babus/schema
  sourcemap: true,
  logLevel: 'warning',
});
