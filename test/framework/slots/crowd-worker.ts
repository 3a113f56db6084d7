import { parentPort, workerData } from 'node:worker_threads';
import { native, type NativePublisher } from '../../../framework/native.js';
import { config, next, publish } from './raw.js';

/** A participant of a crowd: publishes to its own slots, and reads those of another. */
export interface CrowdJob {
  readonly root: string;
  readonly domain: string;
  readonly name: string;
  readonly publishes: readonly string[];
  readonly reads: readonly string[];
  readonly rounds: number;
}

/** What the messages of slot `at` say: nobody else's have these numbers. */
export const valueOf = (slot: string, round: number): number => Number(slot.slice(1)) * 1000 + round;

/** What came, by slot. */
export interface CrowdReport {
  readonly got: Readonly<Record<string, readonly number[]>>;
  /** Wakes, by what the waiter said. */
  readonly wakes: number;
}

async function run({ root, domain, name, publishes, reads, rounds }: CrowdJob): Promise<void> {
  const port = parentPort!;
  const participant = new (native().Participant)({ root, domain, name, create: true });
  const told = (word: string): Promise<void> =>
    new Promise((resolve) => {
      const listen = (message: unknown): void => {
        if (message !== word) return;
        port.off('message', listen);
        resolve();
      };
      port.on('message', listen);
    });
  const publishers = publishes.map((slot): [string, NativePublisher] => [
    slot,
    participant.publisher({ ...config(), name: slot, depth: rounds }),
  ]);
  const inputs = reads.map((slot) => ({
    slot,
    subscription: participant.subscription({ ...config(), name: slot, depth: rounds }),
  }));
  const got: Record<string, number[]> = Object.fromEntries(reads.map((slot) => [slot, []]));
  let wakes = 0;
  let left = reads.length * rounds;
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => (finish = resolve));
  const waiter = participant.waiter(() => {
    wakes++;
    for (const { slot, subscription } of inputs)
      for (let message = next(subscription); message; message = next(subscription)) {
        got[slot]!.push(message.value);
        left--;
      }
    if (left <= 0) finish();
    waiter.arm();
  });
  for (const { subscription } of inputs) waiter.add(subscription);
  const go = told('go');
  port.postMessage('ready');
  await go;
  waiter.arm();
  for (let round = 0; round < rounds; round++)
    for (const [slot, publisher] of publishers) publish(publisher, valueOf(slot, round));
  await finished;
  const leave = told('leave');
  port.postMessage({ got, wakes } satisfies CrowdReport);
  await leave;
  participant.leave();
  port.close();
}

// Imported by the test for its types and valueOf() too.
if (parentPort && (workerData as CrowdJob | undefined)?.publishes) void run(workerData as CrowdJob);
