import assert from 'node:assert/strict';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { native } from '../../../framework/native.js';
import { tempDomain } from '../../support/index.js';
import { valueOf, type CrowdJob, type CrowdReport } from './crowd-worker.js';

const SLOTS = 256;
const PARTICIPANTS = 8;
const ROUNDS = 20;

const WORKER = fileURLToPath(new URL('./crowd-worker.js', import.meta.url));

/** Slot names of participant `at`: every eighth, so that all of them share all bits. */
const slotsOf = (at: number): string[] =>
  Array.from({ length: SLOTS / PARTICIPANTS }, (_, i) => `s${i * PARTICIPANTS + (at % PARTICIPANTS)}`);

describe('256 slots in one domain, a publisher each', function () {
  this.timeout(120_000);

  it('spread over all 32 bits; readers get what is theirs, in order, and nothing else', async () => {
    const { root, domain } = tempDomain();
    const workers = Array.from({ length: PARTICIPANTS }, (_, at) => {
      const workerData: CrowdJob = {
        root,
        domain,
        name: `crowd-${at}`,
        publishes: slotsOf(at),
        reads: slotsOf(at + 1),
        rounds: ROUNDS,
      };
      return new Worker(WORKER, { workerData });
    });
    try {
      await Promise.all(workers.map((worker) => once(worker, 'message')));
      const reports = Promise.all(
        workers.map(async (worker) => (await once(worker, 'message'))[0] as unknown),
      );
      for (const worker of workers) worker.postMessage('go');
      for (const [at, report] of ((await reports) as CrowdReport[]).entries()) {
        for (const slot of slotsOf(at + 1)) {
          const wanted = Array.from({ length: ROUNDS }, (_, round) => valueOf(slot, round));
          assert.deepEqual(report.got[slot], wanted, `${slot} of crowd-${at}`);
        }
        assert.ok(report.wakes >= 1);
      }

      const { slots, participants } = native().inspect(root, domain);
      assert.equal(slots.length, SLOTS);
      const perBit = new Map<number, number>();
      for (const { bit } of slots) perBit.set(bit, (perBit.get(bit) ?? 0) + 1);
      assert.equal(perBit.size, 32);
      assert.equal(
        Math.max(...perBit.values()) - Math.min(...perBit.values()) <= PARTICIPANTS,
        true,
        `slots per bit: ${[...perBit.values()].join(' ')}`,
      );
      for (const slot of slots) {
        const reader = `crowd-${(Number(slot.slot.slice(1)) + PARTICIPANTS - 1) % PARTICIPANTS}`;
        const rows = slot.readers.map(({ name, delivered, missed }) => ({ name, delivered, missed }));
        assert.deepEqual(rows, [{ name: reader, delivered: ROUNDS, missed: 0 }], slot.slot);
      }
      assert.deepEqual(
        participants.map(({ sleepMode }) => sleepMode),
        participants.map(() => 'doorbell'),
      );
      const ended = Promise.all(workers.map((worker) => once(worker, 'exit')));
      for (const worker of workers) worker.postMessage('leave');
      await ended;
    } finally {
      await Promise.all(workers.map((worker) => worker.terminate()));
      native().removeDomain(root, domain);
    }
  });

  it('a wake for a stranger on a shared bit is counted, and reaches no JavaScript', async () => {
    const { root, domain } = tempDomain();
    const { config, publish, next } = await import('./raw.js');
    // Not by the loop, which never sleeps while this thread itself publishes.
    const wake = { mode: 'doorbell' } as const;
    const join = (name: string) => new (native().Participant)({ root, domain, name, create: true, wake });
    const mine = join('mine');
    const other = join('other');
    try {
      const inputs = Array.from({ length: 33 }, (_, i) => other.publisher({ ...config(), name: `s${i}` }));
      const { slots } = native().inspect(root, domain);
      const at = (name: string) => slots.find(({ slot }) => slot === name)!;
      const shared = slots.find(({ slot, bit }) => slot !== 's32' && bit === at('s32').bit)!;
      const subscription = mine.subscription({ ...config(), name: 's32' });
      let wakes = 0;
      let woken = (): void => undefined;
      const came = new Promise<void>((resolve) => (woken = resolve));
      const waiter = mine.waiter(() => {
        wakes++;
        woken();
      });
      waiter.add(subscription);
      waiter.arm();
      const stranger = inputs[Number(shared.slot.slice(1))]!;
      const filtered = () =>
        native()
          .inspect(root, domain)
          .slots.find(({ slot }) => slot === 's32')!.readers[0]!.filtered;
      // The first ones may come before it sleeps.
      for (let value = 1; filtered() === 0; value++) {
        publish(stranger, value);
        await new Promise((resolve) => setImmediate(resolve));
      }
      assert.equal(wakes, 0);
      assert.ok(native().inspect(root, domain).participants[0]!.filteredWakes >= 1);
      publish(inputs[32]!, 7);
      await came;
      assert.equal(wakes, 1);
      assert.equal(next(subscription)?.value, 7);
      waiter.close();
    } finally {
      mine.leave();
      other.leave();
      native().removeDomain(root, domain);
    }
  });
});
