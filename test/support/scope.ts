/**
 * What a test makes (folders, processes) belongs to that test when it runs inside one, else to the whole run (made in a
 * `before` hook or at import). hooks.ts moves the scope on and ends it.
 */
let current: string | undefined;

/** Full title of the running test, or undefined between tests. */
export function currentTest(): string | undefined {
  return current;
}

/** Called by the root hooks only. */
export function setCurrentTest(title: string | undefined): void {
  current = title;
}
