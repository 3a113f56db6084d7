/**
 * Node processes, each with a worker thread, that join, publish, read and leave, while they are killed, stopped and continued
 * at random, and their workers terminated in the middle of anything. Beside them this process publishes and reads without a
 * break, and demands that it misses nothing without being told, that no message is torn, and that at the end everything the
 * dead held has come back.
 *
 * node-storm.js [ROOT]: ROOT is a folder of shared memory to use; without one it makes its own, and removes it.
 * BABUS_STRESS_MINUTES says for how long (half a minute by default).
 */
import { fork, type ChildProcess } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { native, type NativeParticipant } from '../../framework/native.js';
import {
  Dispatcher,
  HandlerRuns,
  SlotPublisher,
  SlotSubscription,
  type Info,
} from '../../framework/slots/index.js';
import type { View } from '../../framework/schema/types.js';
import { Image } from '../../schemas/index.js';
import { checkImage, configOf, DOMAIN, imageOf, SEATS, SLOTS, stampOf } from './node-slots.js';

const PLAYER = fileURLToPath(new URL('node-player.js', import.meta.url));
const MINUTES = Number(process.env['BABUS_STRESS_MINUTES'] ?? 0.5);
const LONGEST_STOP_MS = 200;
const LONGEST_PAUSE_MS = 60;
const WRITER = 0; // no player's

const tally = { kills: 0, stops: 0, workers: 0, published: 0, taken: 0, missed: 0 };

class Chair {
  #child: ChildProcess;

  constructor(
    private readonly root: string,
    private readonly seat: number,
  ) {
    this.#child = this.#start();
  }

  strike(): void {
    const kind = randomInt(10);
    if (kind < 5) {
      void this.kill();
      this.#child = this.#start();
    } else if (kind < 8) {
      this.#stop();
    } else if (this.#child.connected) {
      this.#child.send('worker');
      tally.workers++;
    }
  }

  /** Settles when it is gone. */
  kill(): Promise<unknown> {
    const child = this.#child;
    child.removeAllListeners('exit');
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    tally.kills++;
    return gone;
  }

  #stop(): void {
    const stopped = this.#child;
    stopped.kill('SIGSTOP');
    tally.stops++;
    setTimeout(() => stopped.kill('SIGCONT'), randomInt(LONGEST_STOP_MS));
  }

  #start(): ChildProcess {
    const child = fork(PLAYER, [this.root, String(this.seat)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.on('error', () => undefined); // a message to one that has just been killed
    child.on('exit', (code, signal) => fail(`seat ${this.seat} ended by itself (${code ?? signal})`));
    return child;
  }
}

/** Takes part like any node, and is never struck. */
class Steady {
  readonly #participant: NativeParticipant;
  readonly #dispatcher: Dispatcher;
  readonly #publishers: SlotPublisher<Image>[];
  readonly #subscriptions: SlotSubscription<Image>[] = [];
  readonly #timer: NodeJS.Timeout;
  #counter = 0;

  constructor(root: string) {
    this.#participant = new (native().Participant)({ root, domain: DOMAIN, name: 'steady', create: true });
    this.#dispatcher = new Dispatcher(this.#participant, new HandlerRuns(), {
      handlerFailed: (_lane, info, error) => fail(`${info.slot} ${info.sequence}: ${String(error)}`),
      loansDiscarded: () => undefined,
      takeFailed: (lane, error) => fail(`${lane.subscription.slot}: ${String(error)}`),
    });
    this.#publishers = SLOTS.map(
      (_, slot) => new SlotPublisher(this.#participant.publisher(configOf(slot)), Image),
    );
    for (const slot of SLOTS.keys()) this.#read(slot);
    this.#dispatcher.start();
    this.#timer = setInterval(() => this.#publish(), 5);
  }

  async end(): Promise<void> {
    clearInterval(this.#timer);
    this.#dispatcher.stop();
    await this.#dispatcher.idle();
    for (const one of [...this.#publishers, ...this.#subscriptions]) one.close();
    this.#participant.leave();
  }

  #read(slot: number): void {
    const input = new SlotSubscription(
      this.#participant.subscription(configOf(slot)),
      Image,
      SLOTS[slot]!.pinsPerReader,
    );
    this.#subscriptions.push(input);
    let last = 0;
    let own = 0;
    let missed = 0; // since our own last message
    const handler = (view: View<Image>, info: Info): void => {
      if (info.sequence !== last + info.missed + 1)
        throw new Error(`came after ${last} with ${info.missed} missed`);
      last = info.sequence;
      missed += info.missed;
      tally.taken++;
      tally.missed += info.missed;
      const { writer, counter } = checkImage(view);
      if (writer !== WRITER) return;
      if (counter <= own || counter - own - 1 > missed)
        throw new Error(`own message ${counter} came after ${own} with ${missed} missed`);
      own = counter;
      missed = 0;
    };
    this.#dispatcher.add({ subscription: input, handler, latest: false, concurrency: 1 });
  }

  #publish(): void {
    this.#counter++;
    for (const publisher of this.#publishers)
      publisher.publish(imageOf(stampOf(WRITER, this.#counter, randomInt(15_000))));
    tally.published += this.#publishers.length;
  }
}

async function rage(chairs: readonly Chair[], untilMs: number): Promise<void> {
  while (performance.now() < untilMs) {
    chairs[randomInt(chairs.length)]!.strike();
    await new Promise((resolve) => setTimeout(resolve, randomInt(LONGEST_PAUSE_MS)));
  }
}

/** Every quota of every slot is there in full, and nobody's row or bit is left. */
function checkClean(root: string): void {
  native().recoverDomain(root, DOMAIN);
  const { participants, slots } = native().inspect(root, DOMAIN);
  if (participants.length > 0) fail(`rows are left: ${participants.map(({ name }) => name).join(', ')}`);
  const left = slots.filter(({ publishers, subscribers }) => publishers.length + subscribers.length > 0);
  if (left.length > 0) fail(`bits are left in ${left.map(({ slot }) => slot).join(', ')}`);
  const held: NativeParticipant[] = [];
  const { maxPublishers, loansPerPublisher } = SLOTS[0]!;
  for (let i = 0; i < maxPublishers; i++) {
    const participant = new (native().Participant)({
      root,
      domain: DOMAIN,
      name: `check ${i}`,
      create: true,
    });
    held.push(participant);
    for (const slot of SLOTS.keys()) {
      const publisher = participant.publisher(configOf(slot));
      for (let loan = 0; loan < loansPerPublisher; loan++) publisher.loan(8);
    }
  }
  for (const participant of held) participant.leave();
  if (!native().removeDomain(root, DOMAIN)) fail('the domain cannot be removed');
}

function fail(what: string): never {
  process.stderr.write(`node storm: ${what}\n${JSON.stringify(tally)}\n`);
  process.exit(1);
}

const given = process.argv[2];
const root = given ?? mkdtempSync('/dev/shm/babus-storm-');
const chairs: Chair[] = [];
process.on('exit', () => {
  for (const chair of chairs) void chair.kill(); // one that is stopped would hear of nothing else
  if (given === undefined) rmSync(root, { recursive: true, force: true });
});
const steady = new Steady(root);
for (let seat = 0; seat < SEATS; seat++) chairs.push(new Chair(root, seat));
await rage(chairs, performance.now() + MINUTES * 60_000);
await Promise.all(chairs.map((chair) => chair.kill()));
await steady.end();
checkClean(root);
process.stdout.write(`node storm: ${JSON.stringify(tally)}\n`);
