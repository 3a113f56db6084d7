'use strict';

// Mocha adds `spec` below to the files named on the command line, so leave it out when some are named there.
const named = process.argv.slice(2).some((word) => /\.test\.js$|^(\.\/)?dist\/test\b/.test(word));

module.exports = {
  ...(named ? {} : { spec: ['dist/test/**/*.test.js'] }),
  require: ['./dist/test/support/hooks.js'],
  reporter: './dist/test/support/summary-reporter.js',
  // A watchdog against hangs, not a measure of speed: long enough for a loaded machine with one slow core.
  timeout: 60_000,
  forbidOnly: Boolean(process.env.CI),
};
