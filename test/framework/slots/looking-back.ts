import assert from 'node:assert/strict';
import {
  monotonicMs,
  slotConfig,
  slotSpec,
  SlotPublisher,
  SlotSubscription,
  type HistoryRange,
  type Moment,
  type PastMessages,
  type SlotSettings,
} from '../../../framework/slots/index.js';
import type { TestDomain } from './conformance.js';
import { Count } from './count.js';
import { DeliveryProbe } from './delivery-probe.js';

/** Ends of one slot; readers can be added later. */
class Bench {
  constructor(
    private readonly domain: TestDomain,
    private readonly settings: SlotSettings = { depth: 4 },
  ) {}

  publisher(): SlotPublisher<Count> {
    return new SlotPublisher(this.domain.join('p').publisher(this.#config()), Count);
  }

  reader(past?: PastMessages): SlotSubscription<Count> {
    const { pinsPerReader } = slotSpec('a', Count, this.settings);
    const native = this.domain.join('s').subscription(this.#config());
    const reader = new SlotSubscription(native, Count, pinsPerReader);
    if (past !== undefined) reader.beginWith(past);
    return reader;
  }

  #config(): ReturnType<typeof slotConfig> {
    return slotConfig(slotSpec('a', Count, this.settings));
  }
}

/** Publishes messages of values 1 to `last`, a distinct time each. */
function publishTo(publisher: SlotPublisher<Count>, last: number): void {
  for (let value = publisher.published + 1; value <= last; value++) {
    const start = process.hrtime.bigint();
    while (process.hrtime.bigint() - start < 2000n);
    publisher.publish({ value });
  }
}

/** Values of the messages of a walk. */
function walked(reader: SlotSubscription<Count>, range?: HistoryRange): number[] {
  return Array.from(range ? reader.iterate(range) : reader, ({ view }) => view.value);
}

/** What is delivered now: sequence and missed of each message. */
function delivered(reader: SlotSubscription<Count>): [sequence: number, missed: number][] {
  const probe = new DeliveryProbe('a');
  const seen: [number, number][] = [];
  while (reader.take(probe, false)) {
    seen.push([probe.info.sequence, probe.info.missed]);
    reader.release(probe);
  }
  return seen;
}

/** Reading a slot's last messages, over the core or over its twin in memory. */
export function lookingBack(title: string, openDomain: () => TestDomain): void {
  let domain: TestDomain;
  beforeEach(() => {
    domain = openDomain();
  });
  afterEach(() => domain.end());
  const bench = (settings?: SlotSettings): Bench => new Bench(domain, settings);
  describe(`${title}: looking back`, () => {
    single(bench);
    walks(bench);
    overtaken(bench);
    moments(bench);
    joining(bench);
  });
}

type Open = (settings?: SlotSettings) => Bench;

function single(open: Open): void {
  it('gives messages by number and counted from the newest, and says which there are', () => {
    const bench = open();
    const publisher = bench.publisher();
    const reader = bench.reader();
    assert.deepEqual([reader.oldest(), reader.newest(), reader.length], [1, 0, 0]);
    assert.equal(reader.latest(), undefined);
    assert.equal(reader.at(-1), undefined);
    publishTo(publisher, 2);
    assert.deepEqual([reader.oldest(), reader.newest(), reader.length], [1, 2, 2]);
    assert.equal(reader.at(-3), undefined);
    publishTo(publisher, 9);
    assert.deepEqual([reader.oldest(), reader.newest(), reader.length], [6, 9, 4]);
    const read = (get: () => ReturnType<typeof reader.at>): number | undefined => {
      using held = get();
      assert.equal(held?.info.missed ?? 0, 0);
      return held?.view.value;
    };
    assert.equal(
      read(() => reader.latest()),
      9,
    );
    assert.deepEqual(
      [-1, -2, -4, -5, -1e15].map((which) => read(() => reader.at(which))),
      [9, 8, 6, undefined, undefined],
    );
    assert.deepEqual(
      [-1, 0, 1, 5, 6, 9, 10, 2 ** 53 - 1, 2 ** 53, 1e300].map((n) => read(() => reader.atSequence(n))),
      [undefined, undefined, undefined, undefined, 6, 9, undefined, undefined, undefined, undefined],
    );
    for (const wrong of [0, 1.5, NaN, Infinity, 2 ** 53])
      assert.throws(() => reader.at(wrong), { code: 'ERR_BABUS_ARGUMENT' });
    for (const wrong of [1.5, NaN, Infinity])
      assert.throws(() => reader.atSequence(wrong), { code: 'ERR_BABUS_ARGUMENT' });
    assert.deepEqual(delivered(reader), [
      [6, 5],
      [7, 0],
      [8, 0],
      [9, 0],
    ]);
  });

  it('serves what is there when no publisher is', () => {
    const bench = open();
    bench.reader();
    const publisher = bench.publisher();
    publishTo(publisher, 6);
    publisher.close();
    const late = bench.reader('all');
    assert.deepEqual(walked(late), [3, 4, 5, 6]);
    assert.deepEqual(delivered(late), [
      [3, 0],
      [4, 0],
      [5, 0],
      [6, 0],
    ]);
  });
}

function walks(open: Open): void {
  it('walks over what is there, oldest first', () => {
    const bench = open();
    const publisher = bench.publisher();
    const reader = bench.reader();
    assert.deepEqual(walked(reader), []);
    publishTo(publisher, 9);
    assert.deepEqual(walked(reader), [6, 7, 8, 9]);
    const ranges: [HistoryRange, number[]][] = [
      [{}, [6, 7, 8, 9]],
      [{ from: 8 }, [8, 9]],
      [{ to: 7 }, [6, 7]],
      [{ from: -3, to: -2 }, [7, 8]],
      [{ from: 7, to: -2 }, [7, 8]],
      [{ from: 1, to: 100 }, [6, 7, 8, 9]],
      [{ from: -100, to: -4 }, [6]],
      [{ to: -100 }, []],
      [{ from: 9, to: 8 }, []],
      [{ from: 10 }, []],
      [{ since: '1h' }, [6, 7, 8, 9]],
      [{ since: '1h', from: -2 }, [8, 9]],
    ];
    for (const [range, expected] of ranges)
      assert.deepEqual(walked(reader, range), expected, JSON.stringify(range));
    assert.throws(() => reader.iterate({ from: 0 }), { code: 'ERR_BABUS_ARGUMENT' });
    assert.throws(() => reader.iterate({ to: 1.5 }), { code: 'ERR_BABUS_ARGUMENT' });
  });

  it('holds one message at a time, and none after the loop, however that ends', () => {
    const bench = open({ depth: 4, pinsPerReader: 1 });
    const publisher = bench.publisher();
    const reader = bench.reader();
    publishTo(publisher, 6);
    for (const { view } of reader) {
      assert.throws(() => reader.latest(), { code: 'ERR_BABUS_PIN_QUOTA' });
      if (view.value === 4) break;
    }
    assert.throws(() => {
      for (const { view } of reader) if (view.value === 5) throw new Error('left');
    }, /left/);
    for (const held of reader) held.release();
    using held = reader.latest()!;
    const walk = reader.iterate();
    assert.throws(() => walk.next(), { code: 'ERR_BABUS_PIN_QUOTA' });
    held.release();
    assert.equal((walk.next() as { value: { view: Count } }).value.view.value, 3);
    walk.return!();
    assert.equal(walk.next().done, true);
  });
}

function overtaken(open: Open): void {
  it('skips and counts what is overtaken or corrupt, and shows nothing that came later', () => {
    const bench = open();
    const publisher = bench.publisher();
    const reader = bench.reader();
    publishTo(publisher, 3);
    const loan = publisher.loan();
    (loan as unknown as { _m: { length: number } })._m.length = 3;
    loan.publish();
    const walk = reader.iterate();
    const seen: number[] = [];
    for (const { view } of walk) {
      if (seen.length === 0) publishTo(publisher, 6);
      seen.push(view.value);
    }
    assert.deepEqual(seen, [1, 3]);
    assert.equal(walk.skipped, 2, 'number 2 was overtaken, number 4 is corrupt');
    const lapped = reader.iterate();
    publishTo(publisher, 20);
    assert.deepEqual([...lapped], []);
    assert.equal(lapped.skipped, 4);
  });
}

function moments(open: Open): void {
  it('finds the first message since a time, said in any way', () => {
    const bench = open();
    const publisher = bench.publisher();
    const reader = bench.reader();
    assert.equal(reader.since('1h'), undefined);
    publishTo(publisher, 9);
    const afterwards = monotonicMs() + 1;
    const first = (time: Moment): number | undefined => {
      using held = reader.since(time);
      return held?.view.value;
    };
    const times = Array.from(reader, ({ info: { publishTime } }) => ({
      sec: publishTime.sec,
      nsec: publishTime.nsec,
    }));
    for (const [index, { sec, nsec }] of times.entries()) {
      assert.equal(first({ sec, nsec }), 6 + index);
      assert.equal(first(sec * 1e3 + nsec / 1e6 - 0.001), 6 + index);
      const next = index < 3 ? 7 + index : undefined;
      assert.equal(first(sec * 1e3 + nsec / 1e6 + 0.001), next);
    }
    assert.deepEqual(
      ['1h', '576h', 0, -5, { sec: 0, nsec: 0 }, { sec: -1, nsec: 0 }].map((time) => first(time)),
      [6, 6, 6, 6, 6, 6],
    );
    assert.deepEqual(
      [afterwards, 1e300, { sec: 2 ** 52, nsec: 0 }].map((time) => first(time)),
      [undefined, undefined, undefined],
    );
    const wrong: unknown[] = ['2', 'soon', NaN, null, {}, { sec: 1 }, { sec: 1, nsec: 1e9 }, 5n];
    for (const time of wrong)
      assert.throws(() => first(time as Moment), { code: 'ERR_BABUS_ARGUMENT' }, String(time));
  });

  it('finds each of 65535 messages', () => {
    const bench = open({ depth: 65_535 });
    const publisher = bench.publisher();
    const reader = bench.reader();
    for (let value = 1; value <= 66_000; value++) publisher.publish({ value });
    assert.deepEqual([reader.oldest(), reader.length], [466, 65_535]);
    for (let sequence = 466; sequence <= 66_000; sequence += 997) {
      using held = reader.atSequence(sequence)!;
      using found = reader.since(held.info.publishTime)!;
      assert.equal(found.info.publishTime.ns, held.info.publishTime.ns);
      assert.ok(found.info.sequence <= sequence);
    }
    using oldest = reader.at(-65_535)!;
    assert.equal(oldest.view.value, 466);
    assert.equal(reader.at(-65_536), undefined);
  });
}

function joining(open: Open): void {
  it('begins with what it was asked to, and nothing before that was missed', () => {
    const bench = open();
    const publisher = bench.publisher();
    assert.deepEqual(delivered(bench.reader('all')), []);
    publishTo(publisher, 9);
    const sequences = (past?: PastMessages): number[] =>
      delivered(bench.reader(past)).map(([sequence, missed]) => {
        assert.equal(missed, 0);
        return sequence;
      });
    assert.deepEqual(sequences(), []);
    assert.deepEqual(sequences(0), []);
    assert.deepEqual(sequences(1), [9]);
    assert.deepEqual(sequences(3), [7, 8, 9]);
    assert.deepEqual(sequences(100), [6, 7, 8, 9]);
    assert.deepEqual(sequences('all'), [6, 7, 8, 9]);
    assert.deepEqual(sequences({ since: '1h' }), [6, 7, 8, 9]);
    assert.deepEqual(sequences({ since: '0s' }), []);
  });

  it('goes on with what is new, without gap or double; what overtook it since it joined was missed', () => {
    const bench = open();
    const publisher = bench.publisher();
    publishTo(publisher, 9);
    const readers = [bench.reader('all'), bench.reader(2), bench.reader()];
    publishTo(publisher, 11);
    assert.deepEqual(readers.map(delivered), [
      [
        [8, 2],
        [9, 0],
        [10, 0],
        [11, 0],
      ],
      [
        [8, 0],
        [9, 0],
        [10, 0],
        [11, 0],
      ],
      [
        [10, 0],
        [11, 0],
      ],
    ]);
    assert.deepEqual(
      readers.map(({ missed, pending }) => [missed, pending]),
      [
        [2, false],
        [0, false],
        [0, false],
      ],
    );
  });
}
