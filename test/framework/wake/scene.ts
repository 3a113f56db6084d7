import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import {
  native,
  type NativeParticipant,
  type NativeSubscription,
  type NativeWaiter,
  type WakeOptions,
} from '../../../framework/native.js';
import { config, next, publish } from '../slots/raw.js';

const DEPTH = 64;

/** One process of a scenario: where its domain is, and how it is to be woken. */
export interface Scene {
  readonly root: string;
  readonly wake: WakeOptions;
}

export interface Listening {
  readonly participant: NativeParticipant;
  readonly waiter: NativeWaiter;
  readonly subscription: NativeSubscription;
  /** Messages so far. */
  count: number;
  /** Settles once so many messages came since the call. */
  more(messages: number): Promise<void>;
  end(): void;
}

export function join({ root, wake }: Scene, name: string): NativeParticipant {
  return new (native().Participant)({ root, domain: 'test', name, create: true, wake });
}

/** Takes everything that comes in slot `counter`, as a node does. */
export function listen(scene: Scene, onMessage: (value: number) => void = () => undefined): Listening {
  const participant = join(scene, 'listener');
  const subscription = participant.subscription(config({ depth: DEPTH }));
  const awaited: { count: number; resolve: () => void }[] = [];
  const waiter = participant.waiter(() => {
    try {
      for (let message = next(subscription); message; message = ended ? undefined : next(subscription)) {
        listening.count++;
        onMessage(message.value);
      }
    } finally {
      if (!ended) waiter.arm();
    }
    while (awaited[0] && awaited[0].count <= listening.count) awaited.shift()!.resolve();
  });
  let ended = false;
  const listening: Listening = {
    participant,
    waiter,
    subscription,
    count: 0,
    more: (messages) =>
      new Promise((resolve) => awaited.push({ count: listening.count + messages, resolve })),
    end: () => {
      ended = true;
      participant.leave();
    },
  };
  waiter.add(subscription);
  waiter.arm();
  return listening;
}

/** Publishes one message from a participant of its own. */
export function feedOnce(scene: Scene, value = 1): void {
  const feeder = join(scene, 'once');
  publish(feeder.publisher(config({ depth: DEPTH })), value);
  feeder.leave();
}

export interface Feeder {
  stop(): Promise<void>;
}

/** Another process that publishes about so many messages a second, until stopped. */
export async function feed({ root }: Scene, perSecond: number): Promise<Feeder> {
  const script = fileURLToPath(new URL('feeder.js', import.meta.url));
  const child = spawn(process.execPath, [script, root, String(perSecond), String(DEPTH)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return {
    async stop() {
      const exit = once(child, 'exit');
      child.stdin.end();
      await exit;
    },
  };
}

export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs `body` while messages come from another process, ten thousand a second. */
export async function whileFed(
  scene: Scene,
  body: (listening: Listening) => Promise<void>,
  perSecond = 10_000,
): Promise<void> {
  const listening = listen(scene);
  const first = listening.more(1);
  const feeder = await feed(scene, perSecond);
  await first;
  try {
    await body(listening);
    await listening.more(1);
  } finally {
    await feeder.stop();
    listening.end();
  }
}
