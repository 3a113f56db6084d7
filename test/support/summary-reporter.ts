import Mocha from 'mocha';

/** Mocha's `spec` output, then one line with the totals that scripts can rely on: `12 passed, 0 failed, 1 skipped`. */
class SummaryReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    // Registered after Spec's own listener, so that it prints below Mocha's list of failures.
    runner.once(Mocha.Runner.constants.EVENT_RUN_END, () => {
      process.stdout.write(`${summaryLine(this.stats)}\n`);
    });
  }
}

function summaryLine(stats: Readonly<Mocha.Stats>): string {
  return `${stats.passes} passed, ${stats.failures} failed, ${stats.pending} skipped`;
}

// Mocha takes a reporter from a module's default export only.
export default SummaryReporter;
