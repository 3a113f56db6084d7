import type { CheckedView } from './checked-view.js';
import { HandlerRun, isThenable, type HandlerRuns, type LeftOpen } from './handler-run.js';
import type { SharedPin } from './held.js';
import { MessageInfo, type Info } from './info.js';
import type { DeliveryTarget, SlotSubscription } from './subscription.js';

/** What a subscription's messages are handed to. */
export type MessageHandler = (view: never, info: Info) => unknown;

export interface LaneOptions {
  readonly subscription: SlotSubscription<unknown>;
  readonly handler: MessageHandler;
  /** Deliver the newest message and pass over those before it. */
  readonly latest: boolean;
  /** Runs of the handler that may be under way at once; more than one gives up their order. */
  readonly concurrency: number;
}

/** Told about what happens in lanes, for the log. */
export interface LaneObserver {
  handlerFailed(lane: Lane, info: Info, error: unknown): void;
  loansDiscarded(lane: Lane, left: readonly LeftOpen[]): void;
}

/** A message on its way to a handler. Made once and used again. */
export class Delivery implements DeliveryTarget {
  view: unknown;
  pin = 0;
  buffer = 0;
  checked: CheckedView<unknown> | undefined;
  shared: SharedPin | undefined;
  readonly info: MessageInfo;
  readonly run = new HandlerRun();

  constructor(slot: string) {
    this.info = new MessageInfo(slot);
  }
}

/** One subscription, its handler, and the messages between them. */
export class Lane {
  readonly subscription: SlotSubscription<unknown>;
  /** Handler runs under way. */
  running = 0;
  /** Pinned and next to be delivered. */
  head: Delivery | undefined;
  /** Whether the dispatcher's waiter looks after this subscription now. */
  watched = false;
  /** What take() threw last; said in the log once. */
  trouble: unknown;
  readonly #idle: Delivery[] = [];
  readonly #handler: (view: unknown, info: Info) => unknown;
  readonly #latest: boolean;
  readonly #runs: HandlerRuns;
  readonly #observer: LaneObserver;
  #isAsync: boolean;

  constructor(options: LaneOptions, runs: HandlerRuns, observer: LaneObserver) {
    this.subscription = options.subscription;
    this.#handler = options.handler as (view: unknown, info: Info) => unknown;
    this.#latest = options.latest;
    this.#runs = runs;
    this.#observer = observer;
    this.#isAsync = options.handler.constructor.name === 'AsyncFunction';
    this.subscription.reservedPins = options.concurrency;
    for (let i = 0; i < options.concurrency; i++) this.#idle.push(new Delivery(this.subscription.slot));
  }

  /** True when every permitted run of the handler is under way, so that no message may be taken. */
  get full(): boolean {
    return this.head === undefined && this.#idle.length === 0;
  }

  /** Whether fetch() may find something. Who is not watched was not looked after. */
  get mayHaveHead(): boolean {
    return this.head !== undefined || !this.watched || this.subscription.hasNews;
  }

  /** Pins the next message when there is one and a run is free. @returns whether there is a head now */
  fetch(): boolean {
    if (this.head) {
      if (!this.#latest || !this.subscription.passOverIfOld(this.head)) return true;
      this.#idle.push(this.head);
      this.head = undefined;
    }
    const delivery = this.#idle[this.#idle.length - 1];
    if (!delivery || !this.subscription.take(delivery, this.#latest)) return false;
    this.#idle.pop();
    this.head = delivery;
    return true;
  }

  /** Hands the head to the handler. @returns a promise of its end when the handler is not done yet */
  deliver(): Promise<void> | undefined {
    const delivery = this.head!;
    this.head = undefined;
    this.running++;
    this.subscription.received++;
    let result: unknown;
    try {
      result = this.#runs.call(delivery.run, this.#isAsync, this.#handler, delivery.view, delivery.info);
    } catch (error) {
      this.#failed(delivery, error);
      this.#ended(delivery);
      return undefined;
    }
    if (!isThenable(result)) {
      this.#ended(delivery);
      return undefined;
    }
    this.#isAsync = true;
    return this.#whenSettled(delivery, result);
  }

  /** Gives a head back that will not be delivered. */
  drop(): void {
    if (!this.head) return;
    this.subscription.release(this.head);
    this.#idle.push(this.head);
    this.head = undefined;
  }

  async #whenSettled(delivery: Delivery, result: PromiseLike<unknown>): Promise<void> {
    try {
      await result;
    } catch (error) {
      this.#failed(delivery, error);
    }
    this.#ended(delivery);
  }

  #failed(delivery: Delivery, error: unknown): void {
    this.subscription.failed++;
    this.#observer.handlerFailed(this, delivery.info, error);
  }

  #ended(delivery: Delivery): void {
    this.running--;
    const left = this.#runs.end(delivery.run);
    if (left) this.#observer.loansDiscarded(this, left);
    try {
      this.subscription.release(delivery);
    } catch (error) {
      this.#failed(delivery, error);
    }
    this.#idle.push(delivery);
  }
}
