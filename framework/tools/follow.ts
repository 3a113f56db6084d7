import { INFO, native, type NativeSubscription } from '../native.js';

export interface FollowedMessage {
  readonly subscription: NativeSubscription;
  /** Numbers of the message at hand, see INFO; overwritten by the next. */
  readonly info: Float64Array;
}

export interface FollowOptions {
  readonly root: string;
  readonly domain: string;
  readonly slot: string;
  /** Name in the list of participants. */
  readonly as: string;
  /** Called once, before the first message. @throws to end at once */
  readonly onAttached?: (subscription: NativeSubscription) => void;
  /** Called for each message while it is pinned. Return false to end. */
  readonly onMessage: (message: FollowedMessage) => boolean;
  /** Aborted: end. */
  readonly signal: AbortSignal;
}

/** Why following ended: it was told to, or the launch has ended and taken the domain with it. */
export type FollowEnd = 'done' | 'domain ended';

/** Takes every message of a slot as it comes, whatever its schema, until told to end. */
export async function followSlot(options: FollowOptions): Promise<FollowEnd> {
  const { root, domain, slot, as, signal } = options;
  const participant = new (native().Participant)({ root, domain, name: as, create: false, viewer: true });
  let ended = false;
  try {
    const subscription = participant.subscriptionTo(slot);
    options.onAttached?.(subscription);
    return await new Promise<FollowEnd>((resolve, reject) => {
      const drain = (): void => {
        try {
          if (ended) return;
          const taken = takeSome(subscription, options);
          if (taken === 'enough') resolve('done');
          else if (taken === 'more') setImmediate(drain);
          // The waiter wakes us once when the domain is removed, and this look comes after all its messages.
          else if (participant.retired) resolve('domain ended');
          else waiter.arm();
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      };
      const waiter = participant.waiter(drain);
      signal.addEventListener('abort', () => resolve('done'), { once: true });
      if (signal.aborted) return resolve('done');
      waiter.add(subscription);
      drain();
    });
  } finally {
    ended = true;
    participant.leave();
  }
}

/** Then signals and timers have their turn: messages may come faster than they can be printed. */
const MS_PER_TURN = 8;

function takeSome(
  subscription: NativeSubscription,
  { onMessage, signal }: FollowOptions,
): 'all taken' | 'more' | 'enough' {
  const { info } = subscription;
  const startMs = performance.now();
  while (subscription.take()) {
    const pin = info[INFO.PIN]!;
    try {
      if (!onMessage({ subscription, info }) || signal.aborted) return 'enough';
    } finally {
      subscription.release(pin);
    }
    if (performance.now() - startMs > MS_PER_TURN) return 'more';
  }
  return 'all taken';
}
