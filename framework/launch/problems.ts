import { formatPosition, type BabusError, type SourcePosition } from '../errors/index.js';

/** Something that is allowed and probably not meant. */
export interface LaunchWarning {
  readonly message: string;
  readonly at?: SourcePosition;
}

/** Begins what an error in an included file says about who includes it. */
const INCLUDED = ' (included from ';

/** The end of messages about a file that is included from these places, the nearest first. */
export function includedFrom(places: readonly SourcePosition[]): string {
  return places.length === 0 ? '' : `${INCLUDED}${places.map(formatPosition).join(', from ')})`;
}

/** What a stage found wrong with a launch file. A stage reports all it finds; the next one starts only from a clean one. */
export class Problems {
  readonly #errors = new Map<string, BabusError>();
  readonly #warnings = new Map<string, LaunchWarning>();
  /** In the order in which they were read. */
  readonly #files: string[] = [];
  #added = 0;

  reads(file: string): void {
    if (!this.#files.includes(file)) this.#files.push(file);
  }

  /** The same message twice (a broken module of two nodes, a file that is included twice) is one cause. */
  add(...errors: readonly BabusError[]): void {
    this.#added += errors.length;
    for (const error of errors) {
      const [cause = ''] = error.message.split(INCLUDED);
      if (!this.#errors.has(cause)) this.#errors.set(cause, error);
    }
  }

  warn(message: string, at?: SourcePosition): void {
    const warning = at ? { message, at } : { message };
    const key = JSON.stringify(warning);
    if (!this.#warnings.has(key)) this.#warnings.set(key, warning);
  }

  get files(): readonly string[] {
    return this.#files;
  }

  get any(): boolean {
    return this.#added > 0;
  }

  /** How many were added, those with a known cause too. */
  get added(): number {
    return this.#added;
  }

  /** Errors without a place come first, then file by file, the launch file itself before those that it includes. */
  get errors(): BabusError[] {
    return [...this.#errors.values()].sort((a, b) => this.#compare(a.at, b.at));
  }

  /** In the same order. */
  get warnings(): LaunchWarning[] {
    return [...this.#warnings.values()].sort((a, b) => this.#compare(a.at, b.at));
  }

  #compare(a: SourcePosition | undefined, b: SourcePosition | undefined): number {
    return (
      this.#rank(a) - this.#rank(b) || (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0)
    );
  }

  #rank(at: SourcePosition | undefined): number {
    return at ? this.#files.indexOf(at.file) : -1;
  }
}
