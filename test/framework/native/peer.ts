/** What other processes and worker threads do in lifetime.test.ts: `peer.js ROOT DEED`. */
import { parentPort } from 'node:worker_threads';
import { native, type SlotConfig } from '../../../framework/native.js';

const [root, deed] = process.argv.slice(2) as [string, string];
const participant = new (native().Participant)({ root, domain: 'test', name: deed, create: true });
const CONFIG: SlotConfig = {
  name: 'life',
  schemaName: 'test/Life',
  layoutHash: '0123456789abcdef',
  descriptor: '{}',
  depth: 2,
  maxBytes: 64,
  maxReaders: 2,
  pinsPerReader: 2,
  maxPublishers: 2,
  loansPerPublisher: 2,
};

function hold(): void {
  const publisher = participant.publisher(CONFIG);
  const subscription = participant.subscription(CONFIG);
  publisher.commit(publisher.loan(8), 8);
  subscription.take();
  publisher.loan(8);
}

function wait(): void {
  const subscription = participant.subscription(CONFIG);
  const waiter = participant.waiter(() => {
    process.stdout.write('woken\n');
    waiter.close();
    participant.leave();
    process.disconnect?.();
  });
  waiter.add(subscription);
  waiter.arm();
}

/** Publishes and takes without a pause, so that it is terminated in the middle of a call. */
function beBusy(): never {
  const publisher = participant.publisher(CONFIG);
  const subscription = participant.subscription(CONFIG);
  parentPort?.postMessage('ready');
  for (;;) {
    publisher.commit(publisher.loan(8), 8);
    while (subscription.take()) subscription.release(subscription.info[8]!);
  }
}

/** Joins and leaves without a pause, attached or not, so that it is terminated in the middle of any of it. */
function comeAndGo(): never {
  parentPort?.postMessage('ready');
  for (;;) {
    const visitor = new (native().Participant)({ root, domain: 'test', name: 'visitor', create: true });
    const publisher = visitor.publisher(CONFIG);
    publisher.loan(8);
    visitor.waiter(() => undefined);
    visitor.leave();
  }
}

/** Is terminated while it sits in the callback of a wake, with what it holds. */
function sitInHandler(): void {
  const subscription = participant.subscription(CONFIG);
  const publisher = participant.publisher(CONFIG);
  const waiter = participant.waiter(() => {
    subscription.take();
    publisher.loan(8);
    parentPort?.postMessage('ready');
    for (;;) subscription.newest();
  });
  waiter.add(subscription);
  waiter.arm();
  publisher.commit(publisher.loan(8), 8);
}

/** Several participants of one thread, each holding something, and an end that no handler expects. */
function exitHolding(): never {
  hold();
  for (const name of ['second', 'third'])
    new (native().Participant)({ root, domain: 'test', name, create: true }).waiter(() => undefined);
  process.exit(0);
}

async function collect(): Promise<void> {
  const attached = (): number => native().inspect(root, 'test').slots[0]?.subscribers.length ?? 0;
  (() => hold())();
  for (let round = 0; round < 100 && attached() > 0; round++) {
    globalThis.gc!();
    await new Promise((resolve) => setImmediate(resolve));
  }
  process.stdout.write(attached() === 0 ? 'collected\n' : 'still attached\n');
  participant.leave();
}

switch (deed) {
  case 'collect':
    await collect();
    break;
  case 'busy':
    beBusy();
    break;
  case 'come and go':
    comeAndGo();
    break;
  case 'handle':
    sitInHandler();
    break;
  case 'exit':
    exitHolding();
    break;
  case 'wait':
  case 'sleep':
    wait();
    process.stdout.write('waiting\n');
    parentPort?.postMessage('ready');
    break;
  case 'hold':
    hold();
    // Only a message port keeps the worker there; it is terminated in the middle of nothing.
    parentPort?.on('message', () => undefined);
    parentPort?.postMessage('ready');
    break;
  default:
    hold();
}
