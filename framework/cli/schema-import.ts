import { errorToJson, EXIT, printError, printWarning, warningToJson } from './errors.js';
import { printLine } from './stdout.js';

export interface SchemaImportOptions {
  readonly out: string;
  readonly as?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

/** `babus schema import FILE.msg...` */
export async function schemaImport(files: readonly string[], options: SchemaImportOptions): Promise<void> {
  const { importMessages } = await import('../schema/ros/index.js');
  const { out, as, force = false } = options;
  const report = importMessages(files, { out, force, ...(as === undefined ? {} : { packageName: as }) });
  const { written, unchanged, lost, missing, errors } = report;
  if (errors.length > 0) process.exitCode = EXIT.USAGE;
  if (options.json === true) {
    const words = { lost: lost.map(warningToJson), missing, errors: errors.map(errorToJson) };
    return printLine(JSON.stringify({ written, unchanged, ...words }));
  }
  for (const each of lost) printWarning(each.at.file, each);
  for (const error of errors) printError(error);
  for (const path of written) printLine(`wrote ${path}`);
  for (const name of missing) printLine(`${name} is named and not there: import it too`);
  if (errors.length === 0 && written.length === 0) printLine(`${unchanged.length} files are up to date`);
}
