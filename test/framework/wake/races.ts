/** Arming, changing and closing while messages come from another process. */
import { slotConfig, slotSpec } from '../../../framework/slots/index.js';
import { Count } from '../slots/count.js';
import { config, next } from '../slots/raw.js';
import { feed, join, listen, turn, type Scene } from './scene.js';

const ROUNDS = 500;
const quiet = slotConfig(slotSpec('quiet', Count));

export const races = {
  async 'waiters are made and closed while messages come'(scene: Scene): Promise<void> {
    const feeder = await feed(scene, 10_000);
    for (let round = 0; round < ROUNDS; round++) {
      const listening = listen(scene);
      if (round % 3 > 0) await listening.more(1);
      if (round % 2 > 0) listening.waiter.close();
      listening.end();
      if (round % 5 === 0) await turn();
    }
    await feeder.stop();
  },

  async 'subscriptions come and go while messages come'(scene: Scene): Promise<void> {
    const feeder = await feed(scene, 10_000);
    const participant = join(scene, 'listener');
    const busy = participant.subscription(config({ depth: 64 }));
    const other = participant.subscription(quiet);
    let woken = (): void => undefined;
    const waiter = participant.waiter(() => woken());
    waiter.add(other);
    for (let round = 0; round < ROUNDS; round++) {
      waiter.add(busy);
      waiter.arm();
      if (round % 2 === 0) await turn();
      if (round % 3 === 0) {
        const wake = new Promise<void>((resolve) => (woken = resolve));
        waiter.arm();
        await wake;
        while (next(busy));
      }
      waiter.arm();
      waiter.remove(busy);
      if (round % 7 === 0) waiter.arm();
    }
    participant.leave();
    await feeder.stop();
  },

  /** A waiter that is closed says nothing more, even when its wake is on its way. */
  async 'closed is closed'(scene: Scene): Promise<void> {
    const feeder = await feed(scene, 10_000);
    for (let round = 0; round < ROUNDS; round++) {
      const participant = join(scene, 'listener');
      let closed = false;
      const waiter = participant.waiter(() => {
        if (closed) throw new Error('a wake after close()');
        waiter.arm();
      });
      waiter.add(participant.subscription(config({ depth: 64 })));
      waiter.arm();
      if (round % 2 === 0) await turn();
      waiter.close();
      closed = true;
      participant.leave();
    }
    await turn();
    await feeder.stop();
  },
};
