import assert from 'node:assert/strict';
import { closeSync, openSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import {
  INFO,
  native,
  type NativeParticipant,
  type NativeSubscription,
  type SlotConfig,
} from '../../../framework/native.js';
import { tempDomain } from '../../support/index.js';

const CONFIG: SlotConfig = {
  name: 'limit',
  schemaName: 'test/Limit',
  layoutHash: '0123456789abcdef',
  descriptor: '{}',
  depth: 4,
  maxBytes: 64,
  maxReaders: 2,
  pinsPerReader: 2,
  maxPublishers: 2,
  loansPerPublisher: 2,
};

/** Where a control file has its head; native/README.md draws it. */
const HEAD_OFFSET = 384;
const LAST_SEQUENCE = Number.MAX_SAFE_INTEGER;

function enter(root: string, domain = 'test', name = 'limits'): NativeParticipant {
  return new (native().Participant)({ root, domain, name, create: true });
}

function within(body: (participant: NativeParticipant, root: string) => void): () => void {
  return () => {
    const { root } = tempDomain();
    const participant = enter(root);
    try {
      body(participant, root);
    } finally {
      participant.leave();
    }
  };
}

/** As if so many messages less one had been published. */
function setHead(root: string, head: bigint): void {
  const folder = join(root, 'test');
  const file = readdirSync(folder).find((name) => name.endsWith('.ctl'))!;
  const descriptor = openSync(join(folder, file), 'r+');
  try {
    writeSync(descriptor, new Uint8Array(new BigUint64Array([head]).buffer), 0, 8, HEAD_OFFSET);
  } finally {
    closeSync(descriptor);
  }
}

function take(subscription: NativeSubscription): [sequence: number, missed: number] | undefined {
  if (!subscription.take()) return undefined;
  const { info } = subscription;
  subscription.release(info[INFO.PIN]!);
  return [info[INFO.SEQUENCE]!, info[INFO.MISSED]!];
}

const refusal = (code: string, ...words: readonly string[]) => {
  return (error: unknown): boolean => {
    const { code: given, message } = error as { code: string; message: string };
    assert.equal(given, code, message);
    for (const word of words) assert.ok(message.includes(word), `'${word}' in: ${message}`);
    return true;
  };
};

describe('limits of the core', () => {
  it(
    'names, depth, bytes and quotas: the last that fits does, the next is refused by name',
    within((participant) => {
      const most: Partial<SlotConfig>[] = [
        { name: 'n'.repeat(127) },
        { name: 'depth', depth: 65_535 },
        { name: 'bytes', maxBytes: 2 ** 32 - 2 ** 16 },
        { name: 'readers', maxReaders: 256 },
        { name: 'publishers', maxPublishers: 256 },
        { name: 'pins', pinsPerReader: 1024 },
        { name: 'loans', loansPerPublisher: 1024 },
      ];
      for (const settings of most) {
        const publisher = participant.publisher({ ...CONFIG, ...settings });
        assert.equal(publisher.commit(publisher.loan(8), 8), 1);
        publisher.close();
      }
      const over: [Partial<SlotConfig>, string, ...string[]][] = [
        [{ name: 'n'.repeat(128) }, 'ERR_BABUS_NAME', '127'],
        [{ depth: 65_536 }, 'ERR_BABUS_ARGUMENT', 'depth is 65536', '1 to 65535'],
        [{ depth: 0 }, 'ERR_BABUS_ARGUMENT', 'depth is 0'],
        [{ maxBytes: 2 ** 32 }, 'ERR_BABUS_ARGUMENT', 'max_bytes is 4294967296'],
        [{ maxReaders: 257 }, 'ERR_BABUS_ARGUMENT', 'max_readers is 257', '256'],
        [{ maxPublishers: 257 }, 'ERR_BABUS_ARGUMENT', 'max_publishers is 257', '256'],
        [{ pinsPerReader: 1025 }, 'ERR_BABUS_ARGUMENT', 'pins_per_reader is 1025', '1024'],
        [{ loansPerPublisher: 1025 }, 'ERR_BABUS_ARGUMENT', 'loans_per_publisher is 1025', '1024'],
        [{ depth: 65_535, maxBytes: 2 ** 30 }, 'ERR_BABUS_ARGUMENT', 'max_bytes', String(2 ** 44)],
        [{ descriptor: ' '.repeat(65_537) }, 'ERR_BABUS_ARGUMENT', '65537', '65536'],
      ];
      for (const [settings, ...expected] of over)
        assert.throws(() => participant.publisher({ ...CONFIG, ...settings }), refusal(...expected));
    }),
  );

  it('domain names of 48 characters, not of 49', () => {
    const { root } = tempDomain();
    enter(root, 'd'.repeat(48)).leave();
    assert.throws(() => enter(root, 'd'.repeat(49)), refusal('ERR_BABUS_NAME', '48'));
    enter(root, 'test', 'p'.repeat(127)).leave();
    assert.throws(() => enter(root, 'test', 'p'.repeat(128)), refusal('ERR_BABUS_NAME', '127'));
  });

  it(
    'raised quotas are had in full, and not one more',
    within((participant) => {
      const config = { ...CONFIG, pinsPerReader: 100, loansPerPublisher: 100, maxReaders: 40 };
      const publisher = participant.publisher(config);
      const loans = Array.from({ length: 100 }, () => publisher.loan(8));
      assert.throws(() => publisher.loan(8), refusal('ERR_BABUS_LOAN_QUOTA', '100', 'loans_per_publisher'));
      const subscription = participant.subscription(config);
      for (const loan of loans) {
        publisher.commit(loan, 8);
        assert.ok(subscription.take());
      }
      assert.equal(new Set(loans).size, 100);
      assert.equal(subscription.take(), false);
      publisher.commit(publisher.loan(8), 8);
      assert.throws(
        () => subscription.take(),
        refusal('ERR_BABUS_PIN_QUOTA', '100 messages', 'pins_per_reader'),
      );
    }),
  );
});

describe('sequences', () => {
  for (const [what, first] of [
    ['around 2^32', 2 ** 32 - 3],
    ['up to 2^53', LAST_SEQUENCE - 5],
  ] as const)
    it(
      `are exact ${what}`,
      within((participant, root) => {
        const publisher = participant.publisher(CONFIG);
        const subscription = participant.subscription(CONFIG);
        setHead(root, BigInt(first));
        subscription.seek(first - 1);
        for (let sequence = first; sequence < first + 6; sequence++) {
          assert.equal(publisher.commit(publisher.loan(8), 8), sequence);
          assert.equal(subscription.newest(), sequence);
          assert.deepEqual(take(subscription), [sequence, 0]);
        }
        assert.deepEqual([subscription.oldest(), subscription.newest()], [first + 2, first + 5]);
        assert.equal(subscription.since(0, 0), first + 2);
        assert.equal(subscription.at(first + 1), false);
        assert.equal(subscription.at(first + 2), true);
        assert.equal(subscription.info[INFO.SEQUENCE], first + 2);
        assert.equal(native().inspect(root, 'test').slots[0]!.seq, first + 5);
        subscription.seek(first - 1);
        assert.deepEqual(take(subscription), [first + 2, 2]);
      }),
    );

  it(
    'end at 2^53 - 1: publishing says so, and what is there can be read',
    within((participant, root) => {
      const publisher = participant.publisher(CONFIG);
      const subscription = participant.subscription(CONFIG);
      setHead(root, BigInt(LAST_SEQUENCE));
      subscription.seek(LAST_SEQUENCE - 1);
      assert.equal(publisher.commit(publisher.loan(8), 8), LAST_SEQUENCE);
      const loan = publisher.loan(8);
      const usedUp = refusal('ERR_BABUS_SLOT_FULL', 'slot limit', '9007199254740991', "domain 'test'");
      assert.throws(() => publisher.commit(loan, 8), usedUp);
      publisher.discard(loan);
      assert.deepEqual(take(subscription), [LAST_SEQUENCE, 0]);
      assert.equal(subscription.take(), false);
      assert.equal(subscription.at(LAST_SEQUENCE), true);
      setHead(root, 2n ** 53n + 1n);
      const corrupt = refusal('ERR_BABUS_SLOT_CORRUPT', 'slot limit', '.ctl');
      assert.throws(() => subscription.newest(), corrupt);
      assert.throws(() => subscription.take(), corrupt);
      assert.throws(() => subscription.at(1), corrupt);
    }),
  );
});
