import { randomBytes } from 'node:crypto';

/** Carries the run's id to every process started below this one. */
export const RUN_ID_VARIABLE = 'BABUS_TEST_RUN';

/**
 * Names this test run in files and in the environment of its children, so that two runs at once never take each other's
 * things for leaks. A run inside a run (tests of the tests) extends the id of the outer one.
 */
export const RUN_ID = [process.env[RUN_ID_VARIABLE], randomBytes(4).toString('hex')]
  .filter(Boolean)
  .join('.');

process.env[RUN_ID_VARIABLE] = RUN_ID;

/** Start of the name of every file and folder that tests make outside the repository. */
export const RUN_PREFIX = `babus-test-${RUN_ID}-`;

/** True for the run's own id and for those of runs inside it. */
export function isOfThisRun(id: string): boolean {
  return id === RUN_ID || id.startsWith(`${RUN_ID}.`);
}
