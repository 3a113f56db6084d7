import { isBabusError } from '../errors/index.js';
import type { NativeParticipant, NativeWaiter } from '../native.js';
import type { HandlerRuns } from './handler-run.js';
import { Lane, type LaneObserver, type LaneOptions } from './lane.js';
import type { SlotSubscription } from './subscription.js';

/** Work of one turn of the event loop; then timers, sockets and signals have theirs. */
const MESSAGES_PER_TURN = 64;
const MS_PER_TURN = 8;
/** When a message could not be taken, for example because other readers of this process hold all pins, it is tried again. */
const RETRY_MS = 100;

export interface DispatcherObserver extends LaneObserver {
  /** The next message of a subscription could not be taken. Told once for each cause. */
  takeFailed(lane: Lane, error: unknown): void;
}

/**
 * Hands the messages of all subscriptions of a node to their handlers: oldest publish time first across slots, in order
 * of sequence within one.
 */
export class Dispatcher {
  readonly #waiter: NativeWaiter;
  readonly #lanes: Lane[] = [];
  readonly #runs: HandlerRuns;
  readonly #observer: DispatcherObserver;
  #state: 'waiting' | 'started' | 'stopped' = 'waiting';
  #inTurn = false;
  #turnQueued: NodeJS.Immediate | undefined;
  #retry: NodeJS.Timeout | undefined;
  #whenIdle: (() => void)[] = [];

  constructor(participant: NativeParticipant, runs: HandlerRuns, observer: DispatcherObserver) {
    this.#runs = runs;
    this.#observer = observer;
    this.#waiter = participant.waiter(() => this.#turn(false));
  }

  /** Every subscription is added before start(). */
  add(options: LaneOptions): void {
    this.#lanes.push(new Lane(options, this.#runs, this.#observer));
  }

  /** True for subscriptions whose messages go to a handler. */
  handles(subscription: SlotSubscription<unknown>): boolean {
    return this.#lanes.some((lane) => lane.subscription === subscription);
  }

  /** Begins with what was published since the subscriptions were opened. */
  start(): void {
    this.#state = 'started';
    this.#queueTurn();
  }

  /** Delivers nothing more. Handlers under way go on: see idle(). */
  stop(): void {
    if (this.#state === 'stopped') return;
    this.#state = 'stopped';
    clearImmediate(this.#turnQueued);
    this.#turnQueued = undefined;
    clearTimeout(this.#retry);
    for (const lane of this.#lanes) lane.drop();
    this.#waiter.close();
    this.#checkIdle();
  }

  /** Settles when no handler is under way and, unless stopped, nothing waits for delivery. */
  idle(): Promise<void> {
    const idle = new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    if (this.#state === 'started') this.#queueTurn();
    else this.#checkIdle();
    return idle;
  }

  /** `looking`: what the waiter said last about news may have changed. */
  #turn(looking: boolean): void {
    // A handler that lets the event loop run (a synchronous prompt, a debugger) must not be delivered to from within.
    if (this.#inTurn || this.#state !== 'started') return;
    this.#inTurn = true;
    let done = false;
    try {
      if (looking) this.#waiter.look();
      done = this.#deliverSome();
    } finally {
      this.#inTurn = false;
    }
    if (this.#state !== 'started') return this.#checkIdle();
    if (!done) return this.#queueTurn();
    this.#checkIdle();
  }

  /** @returns true when nothing more can be delivered now, and the waiter is armed */
  #deliverSome(): boolean {
    let endMs = Infinity;
    let delivered = 0;
    for (let looks = 0; looks < MESSAGES_PER_TURN && this.#state === 'started'; looks++) {
      const lane = this.#oldest();
      if (!lane) {
        if (this.#rests()) return true;
        continue;
      }
      // No clock is read here, which would make garbage: heads know when they were taken. The first may have been left from an
      // earlier turn, so the turn's time begins with the second.
      if (delivered === 1) endMs = lane.head!.info.takenMs + MS_PER_TURN;
      if (delivered > 1 && lane.head!.info.takenMs > endMs) return false;
      delivered++;
      const end = lane.deliver();
      if (end) void end.then(() => this.#queueTurn());
      // Another lane may have got an older one than the next of this. With nothing left, rest() looks.
      if (this.#lanes.length > 1 && this.#mayHaveHead()) this.#waiter.look();
    }
    return false;
  }

  #rests(): boolean {
    if (this.#state !== 'started') return false;
    this.#watch();
    return this.#waiter.rest();
  }

  #mayHaveHead(): boolean {
    if (this.#state !== 'started') return false;
    for (const lane of this.#lanes) if (lane.mayHaveHead) return true;
    return false;
  }

  #oldest(): Lane | undefined {
    let oldest: Lane | undefined;
    for (const lane of this.#lanes)
      if (lane.mayHaveHead && this.#fetch(lane) && (!oldest || lane.head!.info.isBefore(oldest.head!.info)))
        oldest = lane;
    return oldest;
  }

  #fetch(lane: Lane): boolean {
    for (let attempt = 0; attempt < MESSAGES_PER_TURN; attempt++) {
      try {
        const fetched = lane.fetch();
        if (fetched || attempt === 0) lane.trouble = undefined;
        return fetched;
      } catch (error) {
        const cause = error instanceof Error ? error.message : String(error);
        if (lane.trouble !== cause) this.#observer.takeFailed(lane, error);
        lane.trouble = cause;
        // A message that is corrupt was passed, the next one may be sound. Anything else is tried again later.
        if (!isBabusError(error) || error.code !== 'ERR_BABUS_MESSAGE_CORRUPT') return false;
      }
    }
    return false;
  }

  /**
   * A lane whose handler is busy leaves messages where they are; the waiter would report them at once, again and again. It
   * looks after that lane again when a run has ended.
   */
  #watch(): void {
    for (const lane of this.#lanes) {
      if (lane.trouble !== undefined) this.#retryLater();
      const wanted = !lane.full && lane.trouble === undefined;
      if (wanted === lane.watched) continue;
      if (wanted) this.#waiter.add(lane.subscription.native);
      else this.#waiter.remove(lane.subscription.native);
      lane.watched = wanted;
    }
  }

  #retryLater(): void {
    this.#retry ??= setTimeout(() => {
      this.#retry = undefined;
      this.#turn(true);
    }, RETRY_MS);
  }

  #queueTurn(): void {
    if (this.#turnQueued || this.#state !== 'started') return this.#checkIdle();
    this.#turnQueued = setImmediate(() => {
      this.#turnQueued = undefined;
      this.#turn(true);
    });
  }

  #checkIdle(): void {
    if (this.#whenIdle.length === 0 || this.#turnQueued) return;
    for (const lane of this.#lanes) {
      if (lane.running > 0) return;
      if (this.#state === 'started' && lane.trouble === undefined && lane.subscription.pending) return;
    }
    const callbacks = this.#whenIdle;
    this.#whenIdle = [];
    for (const callback of callbacks) callback();
  }
}
