import type { Command } from 'commander';
import { BabusError } from '../errors/index.js';
import { errorToJson, EXIT, printError, printWarning, warningToJson } from './errors.js';
import { loadOptions, readsLaunchFile, type LaunchFileOptions } from './launch-file.js';
import { printLine } from './stdout.js';

interface CheckOptions extends LaunchFileOptions {
  readonly json?: boolean;
  readonly mermaid?: boolean;
}

export function registerCheck(program: Command): void {
  readsLaunchFile(program.command('check'))
    .description('check a launch file and the nodes it names, and print the plan; starts nothing')
    .option('--json', 'print one JSON object: the plan, warnings and errors')
    .option('--mermaid', 'print the graph of nodes and slots as a Mermaid flowchart')
    .action(check);
}

async function check(file: string, assignments: readonly string[], options: CheckOptions): Promise<void> {
  const { loadLaunch, planToJson, planToMermaid, planToText } = await import('../launch/index.js');
  const { json = false, mermaid = false } = options;
  if (json && mermaid)
    throw new BabusError('ERR_BABUS_ARGUMENT', '--json and --mermaid are two forms: give one of them');
  const { plan, errors, warnings } = await loadLaunch(file, loadOptions(assignments, options));
  if (!plan) process.exitCode = EXIT.USAGE;
  if (json) {
    const shown = plan ? { plan: planToJson(plan) } : {};
    printLine(
      JSON.stringify({
        ok: plan !== undefined,
        ...shown,
        warnings: warnings.map(warningToJson),
        errors: errors.map(errorToJson),
      }),
    );
    return;
  }
  for (const warning of warnings) printWarning(file, warning);
  for (const error of errors) printError(error);
  if (plan) process.stdout.write(mermaid ? planToMermaid(plan) : planToText(plan));
}
