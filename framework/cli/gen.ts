import { existsSync, statSync } from 'node:fs';
import type { Command } from 'commander';
import { BabusError } from '../errors/index.js';
import { EXIT, printError } from './errors.js';
import { printLine } from './stdout.js';

interface GenOptions {
  readonly check?: boolean;
  readonly json?: boolean;
  readonly package?: Record<string, string>;
}

export function registerGen(program: Command): void {
  program
    .command('gen')
    .description('write TypeScript types, views and loans beside the schema files of a folder')
    .argument('[folder]', 'folder of schema files', 'schemas')
    .option(
      '--package <name=folder>',
      'where the schemas of another package are; may be repeated',
      addPackage,
      {},
    )
    .option('--check', 'write nothing; end with 1 when something would change')
    .option('--json', 'print one JSON object: changed, unchanged and stale files')
    .action(generateCode);
}

/** @throws BabusError ERR_BABUS_ARGUMENT */
function addPackage(text: string, packages: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=');
  if (at <= 0 || at === text.length - 1)
    throw new BabusError(
      'ERR_BABUS_ARGUMENT',
      `--package ${text}: must be name=folder, such as my_robot=../robot/schemas`,
    );
  return { ...packages, [text.slice(0, at)]: text.slice(at + 1) };
}

async function generateCode(folder: string, options: GenOptions): Promise<void> {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new BabusError(
      'ERR_BABUS_ARGUMENT',
      `${folder}: no such folder; name the one that holds your schema files`,
    );
  const { writeGenerated } = await import('../schema/generate/index.js');
  const check = options.check === true;
  const report = writeGenerated(folder, { check, packages: options.package ?? {} });
  for (const error of report.errors) printError(error);
  if (report.errors.length > 0) process.exitCode = EXIT.USAGE;
  else if (check && report.changed.length > 0) process.exitCode = EXIT.FAILED;
  const { changed, unchanged, stale } = report;
  if (options.json === true) return printLine(JSON.stringify({ changed, unchanged, stale }));
  for (const path of changed) printLine(`${check ? 'would change' : 'wrote'} ${path}`);
  for (const path of stale) printLine(`${path} has no schema any more; delete it if nobody imports it`);
  if (report.errors.length === 0 && changed.length === 0)
    printLine(`${unchanged.length} files are up to date`);
}
