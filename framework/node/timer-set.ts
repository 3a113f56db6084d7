import { BabusError, didYouMean } from '../errors/index.js';
import { HandlerRun, isThenable, type HandlerRuns } from '../slots/index.js';
import type { TimerMeta } from './metadata.js';
import type { Reports } from './reports.js';
import { Tally } from './tally.js';
import { PeriodicTimer, type Scheduler } from './timer.js';

/** The `@every` methods of a node. */
export class TimerSet {
  readonly #timers = new Map<string, TimerMethod>();
  readonly #scheduled: PeriodicTimer[] = [];

  constructor(
    private readonly runs: HandlerRuns,
    private readonly reports: Reports,
  ) {}

  /** Methods under way. */
  get running(): number {
    return [...this.#timers.values()].filter((timer) => timer.running !== undefined).length;
  }

  /** Times that a method was called. */
  get calls(): number {
    let calls = 0;
    for (const timer of this.#timers.values()) calls += timer.calls;
    return calls;
  }

  add(meta: TimerMeta, method: () => unknown): void {
    this.#timers.set(meta.method, new TimerMethod(meta, method, this.runs, this.reports));
  }

  start(scheduler: Scheduler): void {
    for (const timer of this.#timers.values()) {
      const tick = (): void => {
        timer.late(periodic.skipped);
        void timer.run();
      };
      const periodic: PeriodicTimer = new PeriodicTimer(timer.meta.periodMs, tick, scheduler);
      this.#scheduled.push(periodic);
      periodic.start();
    }
  }

  stop(): void {
    for (const periodic of this.#scheduled) periodic.stop();
  }

  /** One tick, now. @throws BabusError ERR_BABUS_ARGUMENT for a method without `@every` */
  async run(method: string): Promise<void> {
    const timer = this.#timers.get(method);
    if (!timer)
      throw new BabusError(
        'ERR_BABUS_ARGUMENT',
        `'${method}' is no @every method${didYouMean(method, [...this.#timers.keys()])}`,
      );
    await timer.run();
  }

  async idle(): Promise<void> {
    for (const timer of this.#timers.values()) if (timer.running) await timer.running;
  }

  /** Says which ticks were left out, as far as that was not said. */
  report(): void {
    for (const { leftOut } of this.#timers.values()) leftOut.flush();
  }
}

class TimerMethod {
  /** Of the run under way. */
  running: Promise<void> | undefined;
  calls = 0;
  readonly leftOut: Tally;
  /** Ticks left out because the event loop came too late, so far. */
  #late = 0;
  readonly #run = new HandlerRun();
  #isAsync: boolean;

  constructor(
    readonly meta: TimerMeta,
    private readonly method: () => unknown,
    private readonly runs: HandlerRuns,
    private readonly reports: Reports,
  ) {
    this.#isAsync = method.constructor.name === 'AsyncFunction';
    this.leftOut = new Tally((ticks) => reports.ticksLeftOut(meta.method, ticks));
  }

  /** Tells how many ticks the event loop came too late for, since the start. */
  late(ticks: number): void {
    this.leftOut.add(ticks - this.#late);
    this.#late = ticks;
  }

  /** @returns a promise when the run goes on */
  run(): Promise<void> | undefined {
    if (this.running) {
      this.leftOut.add(1);
      return undefined;
    }
    this.calls++;
    let result: unknown;
    try {
      result = this.runs.call(this.#run, this.#isAsync, this.method, undefined, undefined);
    } catch (error) {
      this.reports.timerFailed(this.meta.method, error);
    }
    if (!isThenable(result)) {
      this.#ended();
      return undefined;
    }
    this.#isAsync = true;
    return (this.running = this.#settle(result));
  }

  async #settle(result: PromiseLike<unknown>): Promise<void> {
    try {
      await result;
    } catch (error) {
      this.reports.timerFailed(this.meta.method, error);
    }
    this.running = undefined;
    this.#ended();
  }

  #ended(): void {
    const left = this.runs.end(this.#run);
    if (left) this.reports.loansDiscardedBy(this.meta.method, left);
  }
}
