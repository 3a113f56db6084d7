import type { Command } from 'commander';
import { errorToJson, EXIT, printError, printWarning, warningToJson } from './errors.js';
import { loadOptions, readsLaunchFile, type LaunchFileOptions } from './launch-file.js';
import { printLine } from './stdout.js';

interface CheckOptions extends LaunchFileOptions {
  readonly json?: boolean;
}

export function registerCheck(program: Command): void {
  readsLaunchFile(program.command('check'))
    .description('check a launch file and the nodes it names, and print the plan; starts nothing')
    .option('--json', 'print one JSON object: the plan, warnings and errors')
    .action(check);
}

async function check(file: string, assignments: readonly string[], options: CheckOptions): Promise<void> {
  const { loadLaunch, planToJson, planToText } = await import('../launch/index.js');
  const { json = false } = options;
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
  if (plan) process.stdout.write(planToText(plan));
}
