import { randomInt } from 'node:crypto';
import { native, type NativeParticipant, type WakeMode } from '../../framework/native.js';
import { isBabusError } from '../../framework/errors/index.js';
import {
  Dispatcher,
  HandlerRuns,
  SlotPublisher,
  SlotSubscription,
  type Info,
} from '../../framework/slots/index.js';
import type { View } from '../../framework/schema/types.js';
import { Image } from '../../schemas/index.js';
import { checkImage, configOf, DOMAIN, imageOf, SLOTS, stampOf } from './node-slots.js';

export interface Seat {
  readonly root: string;
  readonly seat: number;
  readonly thread: 'main' | 'worker';
}

const LONGEST_LIFE_MS = 2_000;
const TICK_MS = 2;
const WAKES: readonly WakeMode[] = ['auto', 'loop', 'doorbell', 'thread'];
/** Of a slot whose quotas were briefly used up by the dead; anything else is what the storm looks for. */
const CROWDED = ['ERR_BABUS_SLOT_FULL', 'ERR_BABUS_LOAN_QUOTA', 'ERR_BABUS_PIN_QUOTA'];

/** What one thread of the storm does: it joins, publishes and reads for a while, leaves, and joins again. */
export class Player {
  readonly #seat: Seat;

  constructor(seat: Seat) {
    this.#seat = seat;
  }

  live(): void {
    const participant = new (native().Participant)({
      root: this.#seat.root,
      domain: DOMAIN,
      name: `seat ${this.#seat.seat} ${this.#seat.thread}`,
      create: true,
      wake: { mode: WAKES[randomInt(WAKES.length)]! },
    });
    const life = new Life(participant);
    setTimeout(() => {
      void life.end().then(() => {
        participant.leave();
        this.live();
      });
    }, randomInt(LONGEST_LIFE_MS));
  }
}

/** From joining to leaving. */
class Life {
  readonly #runs = new HandlerRuns();
  readonly #dispatcher: Dispatcher;
  readonly #publishers: SlotPublisher<Image>[] = [];
  readonly #subscriptions: SlotSubscription<Image>[] = [];
  readonly #writer = randomInt(1, 2 ** 31);
  readonly #timer: NodeJS.Timeout;
  #counter = 0;

  constructor(participant: NativeParticipant) {
    this.#dispatcher = new Dispatcher(participant, this.#runs, {
      handlerFailed: (_lane, info, error) => fail(`${info.slot} ${info.sequence}`, error),
      loansDiscarded: () => undefined,
      takeFailed: (lane, error) => passOver(lane.subscription.slot, error),
    });
    for (const [slot, { name }] of SLOTS.entries()) {
      attempt(name, () => {
        if (randomInt(2) === 0)
          this.#publishers.push(new SlotPublisher(participant.publisher(configOf(slot)), Image));
        if (randomInt(2) === 0) this.#read(participant, slot);
      });
    }
    this.#dispatcher.start();
    this.#timer = setInterval(() => this.#publish(), TICK_MS);
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    this.#dispatcher.stop();
    await this.#dispatcher.idle();
    for (const one of [...this.#publishers, ...this.#subscriptions]) one.close();
  }

  #read(participant: NativeParticipant, slot: number): void {
    const spec = SLOTS[slot]!;
    const input = new SlotSubscription(participant.subscription(configOf(slot)), Image, spec.pinsPerReader);
    this.#subscriptions.push(input);
    const counters = new Map<number, number>();
    const isSlow = randomInt(3) === 0;
    let last: number | undefined;
    const handler = async (view: View<Image>, info: Info): Promise<void> => {
      if (last !== undefined && info.sequence !== last + info.missed + 1)
        throw new Error(`${info.sequence} came after ${last} with ${info.missed} missed`);
      last = info.sequence;
      const { writer, counter } = checkImage(view);
      if ((counters.get(writer) ?? 0) >= counter) throw new Error(`writer ${writer} went back to ${counter}`);
      counters.set(writer, counter);
      if (!isSlow) return;
      await new Promise((resolve) => setTimeout(resolve, randomInt(30)));
      checkImage(view); // what is held does not change
    };
    this.#dispatcher.add({ subscription: input, handler, latest: false, concurrency: 1 });
  }

  #publish(): void {
    for (const publisher of this.#publishers)
      for (let count = randomInt(4); count > 0; count--)
        attempt(publisher.slot, () => {
          if (randomInt(100) === 0)
            publisher.loan(); // forgotten; its owner's end gives it back
          else publisher.publish(imageOf(stampOf(this.#writer, ++this.#counter, randomInt(15_000))));
        });
  }
}

function attempt(what: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    passOver(what, error);
  }
}

function passOver(what: string, error: unknown): void {
  if (!isBabusError(error) || !CROWDED.includes(error.code)) fail(what, error);
}

function fail(what: string, error: unknown): never {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`${what}: ${text}\n`);
  process.exit(1);
}
