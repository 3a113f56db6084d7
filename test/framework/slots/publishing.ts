import assert from 'node:assert/strict';
import {
  slotConfig,
  slotSpec,
  SlotPublisher,
  SlotSubscription,
  type SlotSettings,
} from '../../../framework/slots/index.js';
import { Image } from '../../../schemas/index.js';
import type { TestDomain } from './conformance.js';

interface Ends {
  publisher: SlotPublisher<Image>;
  subscription: SlotSubscription<Image>;
}

function open(domain: TestDomain, settings: SlotSettings): Ends {
  const spec = slotSpec('camera/image', Image, { maxBytes: 1000, ...settings });
  return {
    publisher: new SlotPublisher(domain.join('p').publisher(slotConfig(spec)), Image),
    subscription: new SlotSubscription(
      domain.join('s').subscription(slotConfig(spec)),
      Image,
      spec.pinsPerReader,
    ),
  };
}

/** Plain copy of the newest message. */
function newest(subscription: SlotSubscription<Image>): Image {
  using held = subscription.latest() ?? assert.fail('nothing was published');
  return held.view.clone();
}

export function publishing(title: string, openDomain: () => TestDomain): void {
  describe(`${title}: typed ends`, () => {
    let domain: TestDomain;
    beforeEach(() => {
      domain = openDomain();
    });
    afterEach(() => domain.end());
    filling((settings = {}) => open(domain, settings));
    refusing((settings = {}) => open(domain, settings));
  });
}

function filling(ends: (settings?: SlotSettings) => Ends): void {
  it('carries what was written in place, arrays and text included', () => {
    const { publisher, subscription } = ends();
    for (let i = 1; i <= 40; i++) {
      const loan = publisher.loan();
      assert.deepEqual([loan.width, loan.data.length, loan.frame_id, loan.encoding], [0, 0, '', 'rgb8']);
      loan.allocate('data', i).fill(i);
      loan.frame_id = `frame ${i}`;
      loan.width = i;
      assert.equal(loan.publish(), i);
      const { width, data, frame_id } = newest(subscription);
      assert.deepEqual(
        { width, data, frame_id },
        { width: i, data: new Uint8Array(i).fill(i), frame_id: `frame ${i}` },
      );
    }
  });

  it('uses loan objects again', () => {
    const { publisher } = ends();
    const loans = new Set<unknown>();
    for (let i = 0; i < 100; i++) {
      const loan = publisher.loan();
      loans.add(loan);
      loan.publish();
    }
    assert.ok(loans.size <= 12, `${loans.size} loan objects for a slot of depth 8`);
    assert.equal(publisher.published, 100);
  });

  it('keeps several loans apart', () => {
    const { publisher, subscription } = ends();
    const loans = [publisher.loan(), publisher.loan(), publisher.loan(), publisher.loan()];
    for (const [index, loan] of loans.entries()) loan.width = index;
    loans[2]!.discard();
    const widths: number[] = [];
    for (const index of [3, 0, 1]) {
      loans[index]!.publish();
      widths.push(newest(subscription).width);
    }
    assert.deepEqual(widths, [3, 0, 1]);
    assert.equal(subscription.newest(), 3);
  });
}

function refusing(ends: (settings?: SlotSettings) => Ends): void {
  it('closes a loan with publish() and discard()', () => {
    const { publisher } = ends();
    const [first, second] = [publisher.loan(), publisher.loan()];
    first.publish();
    second.discard();
    for (const loan of [first, second]) {
      assert.throws(() => loan.publish(), { code: 'ERR_BABUS_LOAN_CLOSED' });
      assert.throws(() => loan.discard(), { code: 'ERR_BABUS_LOAN_CLOSED' });
      assert.throws(() => loan.allocate('data', 1), { code: 'ERR_BABUS_LOAN_CLOSED' });
    }
  });

  it('publishes nothing of an object that does not fit, and keeps no loan of it', () => {
    const { publisher, subscription } = ends();
    for (let i = 0; i < 10; i++)
      assert.throws(() => publisher.publish({ width: -1 } as Image), {
        code: 'ERR_BABUS_VALUE',
        message: /Image\.width/,
      });
    assert.equal(subscription.newest(), 0);
    publisher.publish({ width: 7, data: new Uint8Array([1]) } as Image);
    assert.equal(newest(subscription).width, 7);
  });

  for (const maxBytes of [1000, 1001, 1007])
    it(`says what is too long for ${maxBytes} bytes, and leaves the loan open`, () => {
      const { publisher, subscription } = ends({ maxBytes });
      const most = maxBytes - Image.size;
      const loan = publisher.loan();
      assert.throws(() => loan.allocate('data', most + 1), {
        code: 'ERR_BABUS_MESSAGE_TOO_LONG',
        message: /^camera\/image: .*raise slots\.camera\/image\.max_bytes$/,
      });
      loan.allocate('data', most).fill(1);
      loan.publish();
      assert.equal(newest(subscription).data.length, most);
    });

  it('gives open loans back when it is closed', () => {
    const { publisher } = ends({ maxPublishers: 1 });
    const loan = publisher.loan();
    publisher.close();
    assert.throws(() => loan.publish(), { code: 'ERR_BABUS_LOAN_CLOSED' });
    assert.throws(() => publisher.loan(), { code: 'ERR_BABUS_CLOSED' });
  });

  it('may be released after the end', () => {
    const { publisher, subscription } = ends();
    publisher.loan().publish();
    const held = subscription.latest()!;
    subscription.close();
    held.release();
    assert.throws(() => subscription.latest(), { code: 'ERR_BABUS_CLOSED' });
  });
}
