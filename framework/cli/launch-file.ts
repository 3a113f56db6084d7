import type { Command } from 'commander';

/** Options of the commands that read a launch file. */
export interface LaunchFileOptions {
  readonly domain?: string;
  readonly params: readonly string[];
  readonly set: readonly string[];
}

/** Adds a launch file, its arguments and what goes before what stands in it to a command. */
export function readsLaunchFile(command: Command): Command {
  const append = (value: string, values: readonly string[]): string[] => [...values, value];
  return command
    .argument('<file>', 'launch file')
    .argument('[assignments...]', 'values for its arguments: name:=value')
    .option('--domain <name>', "domain to use instead of the file's")
    .option(
      '--params <file>',
      'YAML file with parameters for nodes, by their names; may be repeated',
      append,
      [],
    )
    .option('--set <node.param=value>', 'value for a parameter of a node; may be repeated', append, []);
}

/** What `loadLaunch()` is told. */
export function loadOptions(
  assignments: readonly string[],
  { domain, params, set }: LaunchFileOptions,
): { assignments: readonly string[]; params: readonly string[]; set: readonly string[]; domain?: string } {
  return { assignments, params, set, ...(domain === undefined ? {} : { domain }) };
}
