/**
 * Counts what messages leave to be collected: `node garbage.js OPTIONS`, OPTIONS being JSON. `source` publishes for the others,
 * once they are there.
 */
import { GCProfiler, getHeapStatistics } from 'node:v8';
import { INFO, native, type NativeParticipant } from '../../../framework/native.js';
import { slotConfig, slotSpec, SlotPublisher, SlotSubscription } from '../../../framework/slots/index.js';
import { summaryOf, type View } from '../../../framework/schema/index.js';
import { Imu } from '../../../schemas/index.js';
import { attached, joinDomain, makeDispatcher } from './babus.js';

export interface GarbageOptions {
  /**
   * - `node`: delivers as nodes do, to a synchronous handler that reads a dozen nested and plain fields.
   * - `bare waiter`: is woken as often, and takes the messages without anything of ours in JavaScript: what is left is Node's.
   * - `publisher`: publishes in place, with nobody there.
   */
  readonly role: 'source' | 'node' | 'bare waiter' | 'publisher';
  readonly root: string;
  readonly mechanism: string;
  readonly slots: number;
  /** Messages of one turn of the source, which come without pause, one slot after the other. */
  readonly burst: number;
  readonly messages: number;
  /** As many before, fast, so that all code is compiled. */
  readonly warmUp: number;
}

export interface Counted {
  readonly perMessage: number[];
  readonly windowOf: number;
  readonly collections: number;
}

const DEPTH = 4096;
const WARM_UP_BURST = 100;
const WINDOWS = 8;
/** The first window after the profiler was made has that in it. */
const LEFT_OUT = 2;

const options = JSON.parse(process.argv[2]!) as GarbageOptions;
const names = Array.from({ length: options.slots }, (_, at) => `imu_${at}`);
const configOf = (name: string) => slotConfig(slotSpec(`bench/${name}`, summaryOf(Imu), { depth: DEPTH }));

/** V8's heap, looked at after every so many messages. */
class Windows {
  readonly #of = Math.floor(options.messages / WINDOWS);
  readonly #used = new Float64Array(WINDOWS + 1);
  #profiler: GCProfiler | undefined;
  #at = 0;
  #count = -options.warmUp;

  /** @returns what was counted, once all windows are over */
  add(): Counted | undefined {
    if (this.#count++ < 0 || this.#at > WINDOWS || this.#count % this.#of !== 1) return undefined;
    if (this.#at === 0) {
      this.#profiler = new GCProfiler();
      this.#profiler.start();
    }
    this.#used[this.#at++] = getHeapStatistics().used_heap_size;
    return this.#at > WINDOWS ? this.#result() : undefined;
  }

  #result(): Counted {
    const collections = this.#profiler!.stop().statistics.length;
    const first = getHeapStatistics().used_heap_size;
    const own = getHeapStatistics().used_heap_size - first;
    const perMessage = [];
    for (let at = LEFT_OUT; at <= WINDOWS; at++)
      perMessage.push((this.#used[at]! - this.#used[at - 1]! - own) / this.#of);
    return { perMessage, collections, windowOf: this.#of };
  }
}

native().dieWithParent();
const participant = joinDomain(options.root, options.role.replace(' ', '_'), options.mechanism);
const windows = new Windows();
if (options.role === 'source') await feed();
else if (options.role === 'node') deliver();
else if (options.role === 'bare waiter') takeBare();
else publishAll();

function publisherOf(name: string): SlotPublisher<Imu> {
  return new SlotPublisher(participant.publisher(configOf(name)), Imu);
}

async function feed(): Promise<void> {
  const publishers = names.map(publisherOf);
  await Promise.all(names.map((name) => attached(options.root, name, 1)));
  let index = 0;
  // Whoever started it ends it.
  setInterval(() => {
    const burst = index < options.warmUp ? WARM_UP_BURST : options.burst;
    for (let i = 0; i < burst; i++) fill(publishers[index++ % publishers.length]!);
  }, 1);
}

function fill(publisher: SlotPublisher<Imu>): void {
  const imu = publisher.loan();
  imu.stamp.sec = 1;
  imu.angular_velocity.z = 0.5;
  imu.linear_acceleration_covariance[8] = 1;
  imu.publish();
}

function deliver(): void {
  // A number that is not small, in a variable of a closure, would be garbage with each change.
  const sum = new Float64Array(1);
  const handler = (imu: View<Imu>): void => {
    const { stamp, orientation, angular_velocity: turning, linear_acceleration: pull } = imu;
    sum[0]! += stamp.sec + stamp.nsec + orientation.x + orientation.w + turning.x + turning.y + turning.z;
    sum[0]! +=
      pull.x + pull.y + pull.z + imu.orientation_covariance[0]! + imu.linear_acceleration_covariance[8]!;
    const counted = windows.add();
    if (counted) end(counted);
  };
  const dispatcher = makeDispatcher(participant);
  for (const subscription of subscriptions(participant))
    dispatcher.add({ subscription, handler, latest: false, concurrency: 1 });
  dispatcher.start();
}

function* subscriptions(from: NativeParticipant): Generator<SlotSubscription<unknown>> {
  for (const name of names) {
    const config = configOf(name);
    yield new SlotSubscription(from.subscription(config), Imu, config.pinsPerReader);
  }
}

function takeBare(): void {
  const all = names.map((name) => participant.subscription(configOf(name)));
  const waiter = participant.waiter(() => {
    for (const subscription of all)
      while (subscription.take()) {
        subscription.release(subscription.smallInfo[INFO.PIN]!);
        const counted = windows.add();
        if (counted) return end(counted);
      }
    waiter.arm();
  });
  for (const subscription of all) waiter.add(subscription);
  waiter.arm();
}

function publishAll(): void {
  const publishers = names.map(publisherOf);
  for (let index = 0; ; index++) {
    fill(publishers[index % publishers.length]!);
    const counted = windows.add();
    if (counted) return end(counted);
  }
}

/** Whoever started it ends the source. */
function end(counted: Counted): void {
  process.stdout.write(JSON.stringify(counted), () => process.exit(0));
}
