import type { Command } from 'commander';
import { BabusError, didYouMean, isBabusError } from '../errors/index.js';
import type { LanguageName, WriteReport } from '../schema/generate/index.js';
import { EXIT, printError } from './errors.js';
import { addPackage, demandFolder } from './packages-option.js';
import { printLine } from './stdout.js';
import { watchFolders } from './watch.js';

interface GenOptions {
  readonly lang: string;
  readonly out?: string;
  readonly check?: boolean;
  readonly watch?: boolean;
  readonly json?: boolean;
  readonly package: Record<string, string>;
}

export function registerGen(program: Command): void {
  program
    .command('gen')
    .description('write code from the schema files of a folder')
    .argument('[folder]', 'folder of schema files', 'schemas')
    .option(
      '--lang <names>',
      'languages, separated by commas: ts (beside the schema files), json-schema, c, python, rust, ros2msg',
      'ts',
    )
    .option('--out <folder>', 'folder for all languages but ts')
    .option(
      '--package <name=folder>',
      'where the schemas of another package are; may be repeated',
      addPackage,
      {},
    )
    .option('--watch', 'do it again whenever a schema file changes, until Ctrl-C')
    .option('--check', 'write nothing; end with 1 when something would change')
    .option('--json', 'print one JSON object a run: changed, unchanged and stale files')
    .action(generateCode);
}

async function generateCode(folder: string, options: GenOptions): Promise<void> {
  demandFolder(folder);
  const { LANGUAGE_NAMES, writeGenerated } = await import('../schema/generate/index.js');
  const languages = languagesOf(options, LANGUAGE_NAMES);
  const { out, check = false, package: packages } = options;
  if (check && options.watch === true)
    throw new BabusError('ERR_BABUS_ARGUMENT', '--check and --watch: give one of them');
  const once = (): void =>
    report(
      writeGenerated(folder, { check, packages, languages, ...(out === undefined ? {} : { out }) }),
      options,
    );
  if (options.watch !== true) return once();
  const again = (): void => {
    try {
      process.exitCode = EXIT.OK;
      once();
    } catch (error) {
      if (!isBabusError(error)) throw error;
      printError(error);
    }
  };
  // Watched first, so that no change falls between.
  const ended = watchFolders([folder, ...Object.values(packages)], (name) => /\.ya?ml$/.test(name), again);
  again();
  await ended;
  process.exitCode = EXIT.OK;
}

/** @throws BabusError ERR_BABUS_ARGUMENT */
function languagesOf({ lang, out }: GenOptions, known: readonly LanguageName[]): LanguageName[] {
  const names = [...new Set(lang.split(',').map((name) => name.trim()))];
  for (const name of names)
    if (!(known as readonly string[]).includes(name))
      throw new BabusError(
        'ERR_BABUS_ARGUMENT',
        `--lang ${name}: no such language${didYouMean(name, known)}`,
      );
  const apart = names.find((name) => name !== 'ts');
  if (apart !== undefined && out === undefined)
    throw new BabusError('ERR_BABUS_ARGUMENT', `--lang ${apart}: say where to write it with --out FOLDER`);
  return names as LanguageName[];
}

function report(
  { errors, changed, unchanged, stale }: WriteReport,
  { check = false, json }: GenOptions,
): void {
  for (const error of errors) printError(error);
  if (errors.length > 0) process.exitCode = EXIT.USAGE;
  else if (check && changed.length > 0) process.exitCode = EXIT.FAILED;
  if (json === true) return printLine(JSON.stringify({ changed, unchanged, stale }));
  for (const path of changed) printLine(`${check ? 'would change' : 'wrote'} ${path}`);
  for (const path of stale) printLine(`${path} has no schema any more; delete it if nobody imports it`);
  if (errors.length === 0 && changed.length === 0) printLine(`${unchanged.length} files are up to date`);
}
