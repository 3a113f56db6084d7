/**
 * One end of a stream that goes one way, 64 bytes a message: `node stream.js OPTIONS`, OPTIONS being JSON. The publisher begins
 * when all subscribers are there.
 */
import { GCProfiler, getHeapStatistics } from 'node:v8';
import { native } from '../../../framework/native.js';
import { SlotPublisher } from '../../../framework/slots/index.js';
import { Small, type SmallView } from '../fixtures/schemas/index.js';
import { monotonicMs } from '../../../framework/slots/clock.js';
import { attached, joinDomain, receive, smallSlot } from './babus.js';
import { Samples } from '../statistics.js';

export interface StreamOptions {
  readonly role: 'publisher' | 'subscriber' | 'counter' | 'publishing counter';
  readonly root: string;
  readonly name: string;
  readonly mechanism: string;
  /** How many readers the publisher waits for. */
  readonly subscribers: number;
  /** Messages of one turn of the publisher, which come without pause. */
  readonly burst: number;
  readonly everyMs: number;
  readonly messages: number;
  /** As many before, fast, so that all code is compiled; who counts garbage leaves them out. */
  readonly warmUp: number;
}

/** What counting garbage takes as warm-up, in parts of all messages. */
const WINDOWS = 8;
const WARM_UP_WINDOWS = 3;
const WARM_UP_BURST = 100;
/** So that the reader loses nothing when it is held up. */
const DEPTH = 4096;

if (process.argv[2] !== undefined) await main(JSON.parse(process.argv[2]) as StreamOptions);

async function main(options: StreamOptions): Promise<void> {
  native().dieWithParent();
  if (options.role === 'publisher') await publish(options);
  else if (options.role === 'subscriber') subscribe(options);
  else if (options.role === 'counter') count(options);
  else countPublishing(options);
}

async function publish(options: StreamOptions): Promise<void> {
  const participant = joinDomain(options.root, options.name, options.mechanism);
  const config = smallSlot('stream', DEPTH);
  const publisher = new SlotPublisher(participant.publisher(config), Small);
  await attached(options.root, 'stream', options.subscribers);
  const costs = new Samples(options.messages);
  const total = options.warmUp + options.messages;
  let index = 0;
  const timer = setInterval(() => {
    const burst = index < options.warmUp ? WARM_UP_BURST : options.burst;
    for (let i = 0; i < burst && index < total; i++) {
      const startMs = performance.now();
      const small = publisher.loan();
      small.created_ms = monotonicMs();
      small.index = ++index;
      small.publish();
      costs.add(performance.now() - startMs);
    }
    if (index < total) return;
    clearInterval(timer);
    process.stdout.write(JSON.stringify(costs.times()));
    // What is published last is still to be read; the launcher of this program ends it with its group.
    setTimeout(() => participant.leave(), 1000);
  }, options.everyMs);
}

/** Prints how old each message was when its handler began. */
function subscribe(options: StreamOptions): void {
  const participant = joinDomain(options.root, options.name, options.mechanism);
  const ages = new Float64Array(options.messages);
  let taken = 0;
  let missed = 0;
  const dispatcher = receive(participant, smallSlot('stream', DEPTH), Small, (view, info) => {
    ages[taken++] = monotonicMs() - view.created_ms;
    missed += info.missed;
    if (view.index < options.messages) return;
    dispatcher.stop();
    setImmediate(() => participant.leave()); // once this handler's own message was given back
    process.stdout.write(JSON.stringify({ ages: [...ages.subarray(0, taken)], missed }));
  });
}

/** Prints the bytes that V8 allocated per message, window by window, and the collections meanwhile. */
function count(options: StreamOptions): void {
  const participant = joinDomain(options.root, options.name, options.mechanism);
  const windowOf = Math.floor(options.messages / WINDOWS);
  const used = new Float64Array(WINDOWS + 1);
  let windows = 0;
  let taken = 0;
  // A number that is not small, in a variable of a closure, would be garbage with each change.
  const sum = new Float64Array(1);
  let profiler: GCProfiler | undefined;
  const handler = (view: SmallView): void => {
    sum[0]! += view.created_ms + view.index + view.values[0]!;
    if (view.index <= options.warmUp) return;
    if (++taken % windowOf !== 0 || windows >= WINDOWS) return;
    if (windows === WARM_UP_WINDOWS) {
      profiler = new GCProfiler();
      profiler.start();
    }
    used[windows++] = getHeapStatistics().used_heap_size;
    if (windows < WINDOWS) return;
    const collections = profiler!.stop().statistics.length;
    const own = ownCost();
    const perMessage = [];
    // The first window after the profiler was made has that in it.
    for (let i = WARM_UP_WINDOWS + 2; i < WINDOWS; i++)
      perMessage.push((used[i]! - used[i - 1]! - own) / windowOf);
    dispatcher.stop();
    setImmediate(() => participant.leave()); // once this handler's own message was given back
    process.stdout.write(JSON.stringify({ perMessage, collections, windowOf, read: sum[0]! > 0 }));
  };
  const dispatcher = receive(participant, smallSlot('stream', DEPTH), Small, handler);
}

/** The same for messages that are published in place, a burst in each turn, with nobody there. */
function countPublishing({ root, name, mechanism, burst, messages, warmUp }: StreamOptions): void {
  const participant = joinDomain(root, name, mechanism);
  const publisher = new SlotPublisher(participant.publisher(smallSlot('stream', DEPTH)), Small);
  const windowOf = Math.floor(messages / WINDOWS);
  const publish = (count: number): void => {
    for (let i = 0; i < count; i++) {
      const small = publisher.loan();
      small.created_ms = i;
      small.index = i;
      small.publish();
    }
  };
  publish(warmUp);
  const profiler = new GCProfiler();
  profiler.start();
  const used = new Float64Array(WINDOWS + 1);
  for (let window = 0; window <= WINDOWS; window++) {
    used[window] = getHeapStatistics().used_heap_size;
    for (let left = windowOf; left > 0; left -= burst) publish(Math.min(burst, left));
  }
  const collections = profiler.stop().statistics.length;
  const own = ownCost();
  const perMessage = [];
  for (let i = 2; i <= WINDOWS; i++) perMessage.push((used[i]! - used[i - 1]! - own) / windowOf);
  participant.leave();
  process.stdout.write(JSON.stringify({ perMessage, collections, windowOf }));
}

/** Bytes that looking at the heap's size takes itself. */
function ownCost(): number {
  const first = getHeapStatistics().used_heap_size;
  return getHeapStatistics().used_heap_size - first;
}
