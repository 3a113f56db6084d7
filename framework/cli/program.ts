import { Command, CommanderError } from 'commander';
import { babusPackage } from '../describe/babus-package.js';
import { COMMANDS } from './commands.js';
import { EXIT, exitCodeOf, printError } from './errors.js';
import { onStdoutClosed } from './stdout.js';

/** Runs the command line and sets the exit code; the process ends when nothing is left to do. */
export async function run(argv: readonly string[]): Promise<void> {
  onStdoutClosed(() => process.exit(EXIT.OK));
  const program = new Command('babus')
    .description('Typed nodes that pass messages through shared memory.')
    .version(babusPackage.version)
    .exitOverride()
    .showHelpAfterError("(run 'babus --help' for the commands and options)");
  for (const register of COMMANDS) register(program);
  try {
    await program.parseAsync(argv);
  } catch (error) {
    // Commander has printed its own messages.
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? EXIT.OK : EXIT.USAGE;
    else {
      printError(error);
      process.exitCode = exitCodeOf(error);
    }
  }
}
