import assert from 'node:assert/strict';
import { INFO } from '../../../framework/native.js';
import { code, config, next, publish, within, type TestDomain } from './raw.js';
import { Count } from './count.js';

export function quotas(open: () => TestDomain): void {
  it(
    'refuses more pins than the quota, to the holder alone',
    within(open, (domain) => {
      const settings = config({ pinsPerReader: 2 });
      const publisher = domain.join('p').publisher(settings);
      const greedy = domain.join('greedy').subscription(settings);
      const modest = domain.join('modest').subscription(settings);
      for (let i = 1; i <= 3; i++) publish(publisher, i);
      assert.ok(greedy.take());
      const first = greedy.info[INFO.PIN]!;
      assert.ok(greedy.at(3));
      assert.throws(() => greedy.take(), code('ERR_BABUS_PIN_QUOTA'));
      assert.throws(() => greedy.at(1), code('ERR_BABUS_PIN_QUOTA'));
      assert.deepEqual(next(modest), { value: 1, sequence: 1, missed: 0 });
      greedy.seek(3);
      assert.equal(greedy.take(), false, 'nothing new is no error');
      assert.equal(greedy.at(4), false, 'nor is what is not there');
      greedy.seek(1);
      for (let i = 4; i <= 8; i++) publish(publisher, i);
      greedy.release(first);
      assert.deepEqual(next(greedy), { value: 2, sequence: 2, missed: 0 });
      assert.throws(() => greedy.release(first), code('ERR_BABUS_CLOSED'));
    }),
  );

  it(
    'refuses more loans than the quota, to the holder alone',
    within(open, (domain) => {
      const settings = config({ loansPerPublisher: 2 });
      const greedy = domain.join('greedy').publisher(settings);
      const modest = domain.join('modest').publisher(settings);
      const loans = [greedy.loan(8), greedy.loan(8)];
      assert.throws(() => greedy.loan(8), code('ERR_BABUS_LOAN_QUOTA'));
      assert.equal(publish(modest, 1), 1);
      greedy.discard(loans[0]!);
      assert.throws(() => greedy.discard(loans[0]!), code('ERR_BABUS_LOAN_CLOSED'));
      assert.throws(() => greedy.commit(loans[0]!, 8), code('ERR_BABUS_LOAN_CLOSED'));
      assert.equal(publish(greedy, 2), 2);
      assert.equal(greedy.commit(loans[1]!, 8), 3);
    }),
  );

  it(
    'refuses messages above max_bytes',
    within(open, (domain) => {
      const publisher = domain.join('p').publisher(config({ maxBytes: 64 }));
      const buffer = publisher.loan(8);
      publisher.reserve(buffer, 64);
      assert.throws(() => publisher.reserve(buffer, 65), code('ERR_BABUS_MESSAGE_TOO_LONG'));
      for (const bytes of [65, 2 ** 64, Infinity])
        assert.throws(() => publisher.commit(buffer, bytes), code('ERR_BABUS_MESSAGE_TOO_LONG'));
      assert.equal(publisher.commit(buffer, 64), 1);
    }),
  );
}

export function attaching(open: () => TestDomain): void {
  it(
    'refuses a second opener who differs, and one too many',
    within(open, (domain) => {
      const settings = config({ maxReaders: 1, maxPublishers: 1 });
      const first = domain.join('first');
      const publisher = first.publisher(settings);
      first.subscription(settings);
      const second = domain.join('second');
      assert.throws(() => second.publisher(settings), code('ERR_BABUS_SLOT_FULL'));
      assert.throws(() => second.subscription(settings), code('ERR_BABUS_SLOT_FULL'));
      assert.throws(() => second.publisher({ ...settings, depth: 9 }), code('ERR_BABUS_SLOT_CONFIG'));
      const other = { ...settings, layoutHash: '0123456789abcdef', schemaName: 'test/Other' };
      assert.throws(() => second.subscription(other), code('ERR_BABUS_SCHEMA_MISMATCH'));
      publisher.close();
      assert.equal(publish(second.publisher(settings), 1), 1);
    }),
  );

  it(
    'attaches to slots as they are',
    within(open, (domain) => {
      const settings = config({ depth: 3 });
      const publisher = domain.join('p').publisher(settings);
      const other = domain.join('s');
      assert.throws(() => other.subscriptionTo('nothing'), code('ERR_BABUS_SLOT_MISSING'));
      const subscription = other.subscriptionTo('counter');
      assert.equal(subscription.name, 'counter');
      assert.equal(subscription.depth, 3);
      assert.equal(subscription.maxBytes, 8);
      assert.equal(subscription.schemaName, 'test/Count');
      assert.deepEqual(JSON.parse(subscription.descriptor), Count.descriptor);
      publish(publisher, 5);
      assert.equal(next(subscription)?.value, 5);
    }),
  );

  it(
    'gives back what was held, and refuses work, once closed or left',
    within(open, (domain) => {
      const settings = config({
        depth: 1,
        pinsPerReader: 1,
        loansPerPublisher: 1,
        maxReaders: 1,
        maxPublishers: 1,
      });
      const keeper = domain.join('keeper');
      keeper.publisher(settings).close();
      for (let round = 0; round < 20; round++) {
        const participant = domain.join('visitor');
        const publisher = participant.publisher(settings);
        const subscription = participant.subscription(settings);
        publish(publisher, round);
        assert.ok(subscription.take());
        publisher.loan(8);
        if (round % 2 === 0) {
          publisher.close();
          subscription.close();
        }
        participant.leave();
        assert.throws(() => publisher.loan(8), code('ERR_BABUS_CLOSED'));
        assert.throws(() => subscription.take(), code('ERR_BABUS_CLOSED'));
        assert.throws(() => participant.publisher(settings), code('ERR_BABUS_CLOSED'));
      }
    }),
  );
}
