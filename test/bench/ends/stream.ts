/**
 * One end of a stream that goes one way, 64 bytes a message: `node stream.js OPTIONS`, OPTIONS being JSON. The publisher begins
 * when all subscribers are there.
 */
import { native } from '../../../framework/native.js';
import { SlotPublisher } from '../../../framework/slots/index.js';
import { Small } from '../fixtures/schemas/index.js';
import { monotonicMs } from '../../../framework/slots/clock.js';
import { attached, joinDomain, receive, smallSlot } from './babus.js';
import { Samples } from '../statistics.js';

export interface StreamOptions {
  readonly role: 'publisher' | 'subscriber';
  readonly root: string;
  readonly name: string;
  readonly mechanism: string;
  /** How many readers the publisher waits for. */
  readonly subscribers: number;
  /** Messages of one turn of the publisher, which come without pause. */
  readonly burst: number;
  readonly everyMs: number;
  readonly messages: number;
}

/** So that the reader loses nothing when it is held up. */
const DEPTH = 4096;

if (process.argv[2] !== undefined) await main(JSON.parse(process.argv[2]) as StreamOptions);

async function main(options: StreamOptions): Promise<void> {
  native().dieWithParent();
  if (options.role === 'publisher') await publish(options);
  else subscribe(options);
}

async function publish(options: StreamOptions): Promise<void> {
  const participant = joinDomain(options.root, options.name, options.mechanism);
  const config = smallSlot('stream', DEPTH);
  const publisher = new SlotPublisher(participant.publisher(config), Small);
  await attached(options.root, 'stream', options.subscribers);
  const costs = new Samples(options.messages);
  let index = 0;
  const timer = setInterval(() => {
    for (let i = 0; i < options.burst && index < options.messages; i++) {
      const startMs = performance.now();
      const small = publisher.loan();
      small.created_ms = monotonicMs();
      small.index = ++index;
      small.publish();
      costs.add(performance.now() - startMs);
    }
    if (index < options.messages) return;
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
