import assert from 'node:assert/strict';
import { HAS_NEWS } from '../../../framework/native.js';
import { slotConfig, slotSpec } from '../../../framework/slots/index.js';
import { Count } from './count.js';
import { config, next, publish, within, type TestDomain } from './raw.js';

export function waiting(open: () => TestDomain): void {
  it(
    'wakes once for what is new after arm(), and at once for what was new before',
    within(open, async (domain) => {
      const publisher = domain.join('p').publisher(config());
      const participant = domain.join('s');
      const subscription = participant.subscription(config());
      let wakes = 0;
      let onWake = (): void => undefined;
      const waiter = participant.waiter(() => {
        wakes++;
        onWake();
      });
      const woken = (): Promise<void> => new Promise((resolve) => (onWake = resolve));
      waiter.add(subscription);

      publish(publisher, 1);
      let wake = woken();
      waiter.arm();
      await wake;
      assert.equal(next(subscription)?.value, 1);

      wake = woken();
      waiter.arm();
      publish(publisher, 2);
      publish(publisher, 3);
      await wake;
      assert.equal(wakes, 2);
      assert.equal(next(subscription)?.value, 2);
      assert.equal(next(subscription)?.value, 3);
      publish(publisher, 4);
      wake = woken();
      waiter.arm();
      await wake;
      assert.equal(wakes, 3);
      waiter.close();
    }),
  );

  it(
    'does not look after a subscription that was removed',
    within(open, async (domain) => {
      const participant = domain.join('s');
      const other = slotConfig(slotSpec('other', Count));
      const busy = participant.subscription(config());
      const free = participant.subscription(other);
      const publisher = domain.join('p');
      publish(publisher.publisher(config()), 1);
      const freePublisher = publisher.publisher(other);
      let early = true;
      const woken = new Promise<boolean>((resolve) => {
        const waiter = participant.waiter(() => {
          waiter.close();
          resolve(early);
        });
        waiter.add(busy);
        waiter.add(free);
        waiter.remove(busy);
        waiter.arm();
      });
      // Long enough for a wake that should not come to come: it can only be missed, never be seen in error.
      await new Promise((resolve) => setTimeout(resolve, 20));
      early = false;
      publish(freePublisher, 2);
      assert.equal(await woken, false);
    }),
  );
}

export function resting(open: () => TestDomain): void {
  it(
    'rests unless something is new, and says where',
    within(open, async (domain) => {
      const publisher = domain.join('p');
      const participant = domain.join('s');
      const other = slotConfig(slotSpec('other', Count));
      const [busy, quiet] = [participant.subscription(config()), participant.subscription(other)];
      const news = (): (number | undefined)[] => [busy, quiet].map(({ smallInfo }) => smallInfo[HAS_NEWS]);
      let onWake = (): void => undefined;
      const waiter = participant.waiter(() => onWake());
      const woken = (): Promise<void> => new Promise((resolve) => (onWake = resolve));
      waiter.add(busy);
      waiter.add(quiet);
      const [first, second] = [publisher.publisher(config()), publisher.publisher(other)];

      publish(first, 1);
      publish(first, 2);
      assert.equal(waiter.rest(), false);
      assert.deepEqual(news(), [1, 0]);
      assert.equal(next(busy)?.value, 1);
      assert.deepEqual(news(), [1, 0], 'there is more to take');
      assert.equal(next(busy)?.value, 2);
      assert.deepEqual(news(), [0, 0]);
      publish(second, 3);
      assert.deepEqual(news(), [0, 0], 'nobody has looked');
      waiter.look();
      assert.deepEqual(news(), [0, 1]);
      assert.equal(next(quiet)?.value, 3);

      assert.equal(waiter.rest(), true);
      const wake = woken();
      publish(second, 4);
      await wake;
      assert.deepEqual(news(), [0, 1]);
      assert.equal(next(quiet)?.value, 4);
      waiter.close();
    }),
  );
}
