/** What runs between two wakes, and in which order; and where errors go. */
import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { config, next, publish } from '../slots/raw.js';
import { feedOnce, join, listen, turn, type Scene } from './scene.js';

const wakes = 5;

/** Three wakes in a row, each with news already there when it arms. */
async function ticksAndPromises(scene: Scene): Promise<void> {
  const done: string[] = [];
  const participant = join(scene, 'listener');
  const subscription = participant.subscription(config());
  const feeder = join(scene, 'feeder');
  const publisher = feeder.publisher(config());
  let count = 0;
  await new Promise<void>((resolve) => {
    const waiter = participant.waiter(() => {
      assert.equal(done.length % 5, 0, `the wake before was not over: ${done.join()}`);
      while (next(subscription));
      done.push('wake');
      process.nextTick(() => done.push('tick'));
      void Promise.resolve()
        .then(() => done.push('promise'))
        .then(() => process.nextTick(() => done.push('tick of a promise')));
      queueMicrotask(() => done.push('microtask'));
      if (++count === wakes) return resolve();
      publish(publisher, count);
      waiter.arm();
    });
    waiter.add(subscription);
    waiter.arm();
    assert.deepEqual(done, [], 'a wake came within arm()');
    publish(publisher, 0);
    assert.deepEqual(done, [], 'a wake came within publish()');
  });
  await turn();
  const one = ['wake', 'tick', 'promise', 'microtask', 'tick of a promise'];
  assert.deepEqual(done, Array.from({ length: wakes }, () => one).flat());
  participant.leave();
  feeder.leave();
}

/** Immediates, timers and sockets have their turn however many messages are there at each arm(). */
async function othersHaveTheirTurn(scene: Scene): Promise<void> {
  const participant = join(scene, 'listener');
  const subscription = participant.subscription(config());
  const feeder = join(scene, 'feeder');
  const publisher = feeder.publisher(config());
  const waiter = participant.waiter(() => {
    while (next(subscription));
    publish(publisher, 1);
    waiter.arm();
  });
  waiter.add(subscription);
  waiter.arm();
  publish(publisher, 0);
  for (let i = 0; i < 20; i++) {
    await turn();
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  participant.leave();
  feeder.leave();
}

export const ordering = {
  'ticks and promises between wakes': ticksAndPromises,
  'the loop has its turn between wakes': othersHaveTheirTurn,

  async 'what a handler throws is an uncaught exception, and the next wake comes'(
    scene: Scene,
  ): Promise<void> {
    const listening = listen(scene, (value) => {
      if (value === 1) throw new Error('thrown in a wake');
    });
    let uncaught = once(process, 'uncaughtException');
    feedOnce(scene, 1);
    const [error] = (await uncaught) as [Error];
    assert.equal(error.message, 'thrown in a wake');
    uncaught = once(process, 'unhandledRejection');
    const came = listening.more(1);
    feedOnce(scene, 2);
    await came;
    void Promise.reject(new Error('rejected'));
    const [reason] = (await uncaught) as [Error];
    assert.equal(reason.message, 'rejected');
    listening.end();
  },

  'an uncaught exception ends the process'(scene: Scene): void {
    listen(scene, () => {
      throw new Error('nobody catches this');
    });
    feedOnce(scene);
  },

  async 'a wake has a context of its own'(scene: Scene): Promise<void> {
    const storage = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const listening = listen(scene, () => seen.push(storage.getStore()));
    const came = listening.more(1);
    storage.run('of the publisher', () => feedOnce(scene));
    await came;
    assert.deepEqual(seen, [undefined]);
    listening.end();
  },
};
