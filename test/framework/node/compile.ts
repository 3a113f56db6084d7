import { build } from 'esbuild';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import { REPO, tempDir } from '../../support/index.js';

/** One way in which people compile nodes. */
export interface Mode {
  readonly compiler: 'tsc' | 'esbuild';
  readonly experimentalDecorators: boolean;
  readonly useDefineForClassFields: boolean;
}

export const MODES: readonly Mode[] = (['tsc', 'esbuild'] as const).flatMap((compiler) =>
  [true, false].flatMap((experimentalDecorators) =>
    [true, false].map((useDefineForClassFields) => ({
      compiler,
      experimentalDecorators,
      useDefineForClassFields,
    })),
  ),
);

export function modeName({ compiler, experimentalDecorators, useDefineForClassFields }: Mode): string {
  const decorators = experimentalDecorators ? 'legacy' : 'standard';
  return `${compiler}, ${decorators} decorators, ${useDefineForClassFields ? 'defined' : 'assigned'} fields`;
}

/** Compiles a fixture into a folder from where `babus` is the one under test, and imports it. */
export async function importCompiled(fixture: string, mode: Mode): Promise<Record<string, unknown>> {
  const source = join(REPO, 'test/framework/node/fixtures', fixture);
  const folder = tempDir();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(REPO, join(folder, 'node_modules/babus'));
  const outfile = join(folder, 'module.mjs');
  if (mode.compiler === 'tsc') writeFileSync(outfile, transpile(readFileSync(source, 'utf8'), mode));
  else await bundle(source, outfile, mode);
  return (await import(pathToFileURL(outfile).href)) as Record<string, unknown>;
}

function transpile(text: string, { experimentalDecorators, useDefineForClassFields }: Mode): string {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      experimentalDecorators,
      useDefineForClassFields,
    },
  });
  return outputText;
}

async function bundle(source: string, outfile: string, mode: Mode): Promise<void> {
  const { experimentalDecorators, useDefineForClassFields } = mode;
  await build({
    entryPoints: [source],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
    tsconfigRaw: { compilerOptions: { experimentalDecorators, useDefineForClassFields } },
  });
}
