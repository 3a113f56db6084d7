import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fork } from 'node:child_process';
import { native } from '../../framework/native.js';
import { summaryOf } from '../../framework/schema/index.js';
import {
  Dispatcher,
  HandlerRuns,
  slotConfig,
  SlotPublisher,
  slotSpec,
  SlotSubscription,
} from '../../framework/slots/index.js';
import { Image, type ImageView } from '../../schemas/index.js';

/** What the reader does with the payload before it notes the time. */
export type Reader = 'in place' | 'one copy';

export const MESSAGE_EVERY_MS = 5;
const SPEC = slotSpec('bench/image', summaryOf(Image), { maxBytes: 6_300_000 });

/**
 * Publishes from a child process and takes in this one. @returns nanoseconds from publish to the end of the callback, without
 * the first tenth
 */
export async function measureBabus(bytes: number, messages: number, reader: Reader): Promise<Float64Array> {
  const root = mkdtempSync('/dev/shm/babus-bench-');
  const participant = new (native().Participant)({ root, domain: 'bench', name: 'reader', create: true });
  const subscription = new SlotSubscription(
    participant.subscription(slotConfig(SPEC)),
    Image,
    SPEC.pinsPerReader,
  );
  const publisher = fork(fileURLToPath(import.meta.url), [root, String(bytes), String(messages)]);
  try {
    return await receive();
  } finally {
    publisher.kill();
    if (publisher.exitCode === null && publisher.signalCode === null) await once(publisher, 'exit');
    participant.leave();
    native().removeDomain(root, 'bench');
    rmSync(root, { recursive: true });
  }

  function receive(): Promise<Float64Array> {
    const latenciesNs = new Float64Array(messages);
    const copy = new Uint8Array(bytes);
    let count = 0;
    return new Promise((resolve, reject) => {
      const dispatcher = new Dispatcher(participant, new HandlerRuns(), {
        takeFailed: (_lane, error) => reject(new Error('a message was lost', { cause: error })),
        handlerFailed: (_lane, _info, error) => reject(new Error('the handler failed', { cause: error })),
        loansDiscarded: () => reject(new Error('a loan was left open')),
      });
      const handler = (view: ImageView, info: { readonly ageMs: number }): void => {
        if (reader === 'one copy') copy.set(view.data);
        else if (view.data.length !== bytes) throw new Error('a message of another size');
        latenciesNs[count++] = info.ageMs * 1e6;
        if (count < messages) return;
        dispatcher.stop();
        resolve(latenciesNs.subarray(messages / 10));
      };
      dispatcher.add({ subscription, handler, latest: false, concurrency: 1 });
      dispatcher.start();
    });
  }
}

function publishAll(root: string, bytes: number, messages: number): void {
  const participant = new (native().Participant)({ root, domain: 'bench', name: 'publisher', create: false });
  const publisher = new SlotPublisher(participant.publisher(slotConfig(SPEC)), Image);
  let left = messages;
  const timer = setInterval(() => {
    const image = publisher.loan();
    image.allocate('data', bytes);
    image.publish();
    if (--left > 0) return;
    clearInterval(timer);
    process.disconnect();
  }, MESSAGE_EVERY_MS);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [root, bytes, messages] = process.argv.slice(2);
  publishAll(root!, Number(bytes), Number(messages));
}
