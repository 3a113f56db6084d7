import { AsyncLocalStorage } from 'node:async_hooks';

/** One run of a handler. Reused for the next run of the same handler once this one has ended. */
export class HandlerRun {
  /** Loans taken in this run and not given back yet. */
  openLoans = 0;
}

/** A publisher, as far as the end of a run concerns it. */
export interface LoanHolder {
  readonly slot: string;
  /** Gives back what `run` left open. @returns how many loans */
  discardOpen(run: HandlerRun): number;
}

/** What a run left open on one publisher. */
export interface LeftOpen {
  readonly slot: string;
  readonly loans: number;
}

/**
 * Knows which handler of a node runs now, so that a loan belongs to the run that took it and can be given back when the run
 * ends without it.
 *
 * A synchronous handler costs two assignments. One that returns a promise is followed past its awaits by AsyncLocalStorage,
 * from its second run on: only then is it known to be one. Loans taken outside of any run, such as in a stream's callback,
 * are their taker's own business.
 */
export class HandlerRuns {
  readonly #holders = new Set<LoanHolder>();
  #current: HandlerRun | undefined;
  #afterAwait: AsyncLocalStorage<HandlerRun> | undefined;

  register(holder: LoanHolder): void {
    this.#holders.add(holder);
  }

  unregister(holder: LoanHolder): void {
    this.#holders.delete(holder);
  }

  /** The run that the caller is part of. */
  current(): HandlerRun | undefined {
    return this.#current ?? this.#afterAwait?.getStore();
  }

  /** Calls a handler as `run`, and throws what it throws. `isAsync`: it is known to return promises. */
  call<A, B>(
    run: HandlerRun,
    isAsync: boolean,
    handler: (a: A, b: B) => unknown,
    first: A,
    second: B,
  ): unknown {
    const outer = this.#current;
    this.#current = run;
    try {
      if (!isAsync) return handler(first, second);
      this.#afterAwait ??= new AsyncLocalStorage();
      return this.#afterAwait.run(run, handler, first, second);
    } finally {
      this.#current = outer;
    }
  }

  /** To be called when a run has ended. @returns what it left open and was given back, undefined (as a rule) for nothing */
  end(run: HandlerRun): LeftOpen[] | undefined {
    if (run.openLoans === 0) return undefined;
    const left: LeftOpen[] = [];
    for (const holder of this.#holders) {
      const loans = holder.discardOpen(run);
      if (loans > 0) left.push({ slot: holder.slot, loans });
    }
    return left;
  }
}

/** Whether a handler returned a promise. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
