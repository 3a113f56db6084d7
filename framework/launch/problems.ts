import type { BabusError } from '../errors/index.js';

/** What a stage found wrong with a launch file. A stage reports all it finds; the next one starts only from a clean one. */
export class Problems {
  readonly #errors = new Map<string, BabusError>();
  readonly warnings: string[] = [];

  /** The same message twice (two nodes that use one broken module) is one cause. */
  add(...errors: readonly BabusError[]): void {
    for (const error of errors) if (!this.#errors.has(error.message)) this.#errors.set(error.message, error);
  }

  warn(message: string): void {
    this.warnings.push(message);
  }

  get any(): boolean {
    return this.#errors.size > 0;
  }

  /** In the order of the file; errors without a place come first. */
  get errors(): BabusError[] {
    return [...this.#errors.values()].sort(
      (a, b) => (a.at?.line ?? 0) - (b.at?.line ?? 0) || (a.at?.column ?? 0) - (b.at?.column ?? 0),
    );
  }
}
