import assert from 'node:assert/strict';
import { INFO } from '../../../framework/native.js';
import { config, next, payload, publish, value, within, type TestDomain } from './raw.js';

export function messages(open: () => TestDomain): void {
  it(
    'numbers from 1 and hands over what was written',
    within(open, (domain) => {
      const publisher = domain.join('p').publisher(config());
      const subscription = domain.join('s').subscription(config());
      assert.equal(subscription.newest(), 0);
      assert.equal(subscription.take(), false);
      const before = process.hrtime();
      assert.equal(publish(publisher, 41), 1);
      assert.equal(publish(publisher, 42), 2);
      assert.equal(subscription.newest(), 2);
      assert.deepEqual(next(subscription), { value: 41, sequence: 1, missed: 0 });
      const { info } = subscription;
      assert.equal(info[INFO.BYTES], 8);
      for (const place of [INFO.BUFFER, INFO.SEQUENCE, INFO.MISSED, INFO.BYTES, INFO.PIN, INFO.MONO_NSEC])
        assert.equal(subscription.smallInfo[place], info[place], `small number ${place}`);
      assert.ok(Math.abs(info[INFO.MONO_SEC]! - before[0]) <= 1, 'published on the clock of process.hrtime');
      assert.ok(info[INFO.MONO_NSEC]! >= 0 && info[INFO.MONO_NSEC]! < 1e9);
      assert.ok(Math.abs(info[INFO.WALL_SEC]! - Date.now() / 1000) < 60);
      assert.deepEqual(next(subscription), { value: 42, sequence: 2, missed: 0 });
      assert.equal(next(subscription), undefined);
    }),
  );

  it(
    'publishes as ever when its memory was taken before',
    within(open, (domain) => {
      const publisher = domain.join('p').publisher(config());
      publisher.prefault();
      for (let sequence = 1; sequence <= 20; sequence++) assert.equal(publish(publisher, sequence), sequence);
      publisher.close();
      assert.throws(() => publisher.prefault(), { code: 'ERR_BABUS_CLOSED' });
    }),
  );

  it(
    'begins with the next message for who comes late',
    within(open, (domain) => {
      const publisher = domain.join('p').publisher(config());
      publish(publisher, 1);
      const subscription = domain.join('s').subscription(config());
      assert.equal(next(subscription), undefined);
      publish(publisher, 2);
      assert.deepEqual(next(subscription), { value: 2, sequence: 2, missed: 0 });
    }),
  );

  it(
    'says how many messages were missed, with the next one',
    within(open, (domain) => {
      const settings = config({ depth: 4 });
      const publisher = domain.join('p').publisher(settings);
      const subscription = domain.join('s').subscription(settings);
      for (let i = 1; i <= 10; i++) publish(publisher, i);
      assert.deepEqual(next(subscription), { value: 7, sequence: 7, missed: 6 });
      assert.deepEqual(next(subscription), { value: 8, sequence: 8, missed: 0 });
      for (let i = 11; i <= 13; i++) publish(publisher, i);
      assert.deepEqual(next(subscription), { value: 10, sequence: 10, missed: 1 });
    }),
  );
}

export function history(open: () => TestDomain): void {
  it(
    'never writes over a pinned message',
    within(open, (domain) => {
      const settings = config({ depth: 2 });
      const publisher = domain.join('p').publisher(settings);
      const subscription = domain.join('s').subscription(settings);
      publish(publisher, 1);
      assert.ok(subscription.take());
      const pinned = payload(subscription, subscription.info[INFO.BUFFER]!);
      const pin = subscription.info[INFO.PIN]!;
      for (let i = 2; i <= 500; i++) {
        publish(publisher, i);
        assert.equal(pinned[0], 1);
      }
      subscription.release(pin);
      assert.deepEqual(next(subscription), { value: 499, sequence: 499, missed: 497 });
    }),
  );

  it(
    'reads any of the last messages, wherever the cursor stands',
    within(open, (domain) => {
      const settings = config({ depth: 4 });
      const publisher = domain.join('p').publisher(settings);
      for (let i = 1; i <= 6; i++) publish(publisher, i * 10);
      const subscription = domain.join('s').subscription(settings);
      for (const sequence of [3, 4, 5, 6]) {
        assert.ok(subscription.at(sequence), `${sequence} is there`);
        assert.equal(value(subscription), sequence * 10);
        assert.equal(subscription.info[INFO.SEQUENCE], sequence);
        assert.equal(subscription.info[INFO.MISSED], 0);
        subscription.release(subscription.info[INFO.PIN]!);
      }
      for (const sequence of [0, 1, 2, 7, 100])
        assert.equal(subscription.at(sequence), false, `${sequence} is not`);
      assert.equal(next(subscription), undefined);
    }),
  );

  it(
    'goes on after any sequence',
    within(open, (domain) => {
      const publisher = domain.join('p').publisher(config());
      const subscription = domain.join('s').subscription(config());
      for (let i = 1; i <= 5; i++) publish(publisher, i);
      subscription.seek(3);
      assert.deepEqual(next(subscription), { value: 4, sequence: 4, missed: 0 });
      subscription.seek(0);
      assert.deepEqual(next(subscription), { value: 1, sequence: 1, missed: 0 });
    }),
  );
}

export function publishers(open: () => TestDomain): void {
  it(
    'keeps one order among several publishers',
    within(open, (domain) => {
      const publishers = ['p', 'q', 'r'].map((name) => domain.join(name).publisher(config({ depth: 64 })));
      const subscription = domain.join('s').subscription(config({ depth: 64 }));
      for (let i = 1; i <= 30; i++) assert.equal(publish(publishers[i % 3]!, i), i);
      for (let i = 1; i <= 30; i++)
        assert.deepEqual(next(subscription), { value: i, sequence: i, missed: 0 });
    }),
  );

  it(
    'zeroes the fixed part of a loan',
    within(open, (domain) => {
      const publisher = domain.join('p').publisher(config({ depth: 1 }));
      for (let i = 0; i < 20; i++) {
        const buffer = publisher.loan(8);
        assert.equal(payload(publisher, buffer)[0], 0);
        payload(publisher, buffer)[0] = 7;
        if (i % 2 === 0) publisher.discard(buffer);
        else publisher.commit(buffer, 8);
      }
    }),
  );
}
