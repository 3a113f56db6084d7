import type { BabusError } from '../errors/index.js';

/** What a stage found wrong with a launch file. A stage reports all it finds; the next one starts only from a clean one. */
export class Problems {
  readonly #errors = new Map<string, BabusError>();
  /** In the order in which they were read. */
  readonly #files: string[] = [];
  readonly warnings: string[] = [];

  reads(file: string): void {
    if (!this.#files.includes(file)) this.#files.push(file);
  }

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

  /** Errors without a place come first, then file by file, the launch file itself before those that it includes. */
  get errors(): BabusError[] {
    const errors = [...this.#errors.values()];
    return errors.sort(
      (a, b) =>
        this.#rank(a) - this.#rank(b) ||
        (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
        (a.at?.column ?? 0) - (b.at?.column ?? 0),
    );
  }

  #rank({ at }: BabusError): number {
    return at ? this.#files.indexOf(at.file) : -1;
  }
}
