import type { NativeParticipant } from '../../../framework/native.js';
import {
  Dispatcher,
  HandlerRuns,
  slotConfig,
  slotSpec,
  SlotPublisher,
  SlotSubscription,
  type DispatcherObserver,
  type Info,
  type LeftOpen,
  type SlotSettings,
} from '../../../framework/slots/index.js';
import type { View } from '../../../framework/schema/types.js';
import type { TestDomain } from './conformance.js';
import { Count } from './count.js';

export type Handler = (view: View<Count>, info: Info) => unknown;

export interface Options {
  settings?: SlotSettings;
  latest?: boolean;
  concurrency?: number;
  checking?: boolean;
}

/** A node's worth of slots, without a node: what tests of delivery work with. */
export class Rig {
  readonly failures: { slot: string; sequence: number; error: unknown }[] = [];
  readonly left: LeftOpen[] = [];
  readonly troubles: unknown[] = [];
  readonly runs = new HandlerRuns();
  readonly dispatcher: Dispatcher;
  readonly #participant: NativeParticipant;
  readonly #other: NativeParticipant;

  constructor(
    domain: TestDomain,
    wrap: (participant: NativeParticipant) => NativeParticipant = (one) => one,
  ) {
    this.#participant = wrap(domain.join('node'));
    this.#other = domain.join('other');
    const observer: DispatcherObserver = {
      handlerFailed: (_lane, { slot, sequence }, error) => this.failures.push({ slot, sequence, error }),
      loansDiscarded: (_lane, left) => this.left.push(...left),
      takeFailed: (_lane, error) => this.troubles.push(error),
    };
    this.dispatcher = new Dispatcher(this.#participant, this.runs, observer);
  }

  /** A slot that the node reads; the other end of it. */
  reads(
    slot: string,
    handler: Handler,
    options: Options = {},
  ): { feed: SlotPublisher<Count>; input: SlotSubscription<Count> } {
    const { settings = {}, latest = false, concurrency = 1, checking = false } = options;
    const spec = slotSpec(slot, Count, settings);
    const feed = new SlotPublisher(this.#other.publisher(slotConfig(spec)), Count);
    const input = new SlotSubscription(
      this.#participant.subscription(slotConfig(spec)),
      Count,
      spec.pinsPerReader,
      { checking },
    );
    this.dispatcher.add({
      subscription: input,
      handler,
      latest,
      concurrency,
    });
    return { feed, input };
  }

  /** A slot that the node publishes to. */
  writes(slot: string): SlotPublisher<Count> {
    return new SlotPublisher(
      this.#participant.publisher(slotConfig(slotSpec(slot, Count))),
      Count,
      this.runs,
    );
  }

  async settled(): Promise<void> {
    this.dispatcher.start();
    await this.dispatcher.idle();
  }
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Resolves when told to. */
export function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}
