/** How processes and workers end. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { native } from '../../../framework/native.js';
import { feed, feedOnce, listen, turn, type Scene } from './scene.js';

function startWorker(scene: Scene, deed: string): Worker {
  const script = fileURLToPath(new URL('worker.js', import.meta.url));
  return new Worker(script, { workerData: { scene, deed } });
}

function listeners({ root }: Scene): number {
  return native()
    .inspect(root, 'test')
    .participants.filter(({ name }) => name === 'listener').length;
}

async function terminate(scene: Scene, deed: string, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    const worker = startWorker(scene, deed);
    await once(worker, 'message');
    await worker.terminate();
    assert.equal(listeners(scene), 0);
  }
}

export const endings = {
  async 'closed: the process ends'(scene: Scene): Promise<void> {
    const { waiter } = listen(scene);
    waiter.close();
    await turn();
  },

  /** Armed and asleep when the process ends. */
  async 'unref: the process ends'(scene: Scene): Promise<void> {
    const { waiter } = listen(scene);
    waiter.unref();
    await turn();
  },

  'ref: the process stays, and ends when its waiter is closed'(scene: Scene): void {
    const listening = listen(scene, () => listening.end());
    listening.waiter.unref();
    listening.waiter.ref();
    process.once('exit', () => assert.equal(listening.count, 1, 'ended too soon'));
    // Nothing but the waiter keeps the process there meanwhile.
    setTimeout(() => feedOnce(scene), 50).unref();
  },

  async 'workers are terminated while they sleep'(scene: Scene): Promise<void> {
    const keeper = listen(scene);
    keeper.participant.leave();
    await terminate(scene, 'sleep', 20);
  },

  async 'workers are terminated while messages come'(scene: Scene): Promise<void> {
    const feeder = await feed(scene, 10_000);
    await terminate(scene, 'sleep', 10);
    await feeder.stop();
  },

  async 'workers are terminated within a wake'(scene: Scene): Promise<void> {
    const feeder = await feed(scene, 10_000);
    await terminate(scene, 'never return', 10);
    await feeder.stop();
  },

  async 'workers end by themselves, and by process.exit()'(scene: Scene): Promise<void> {
    for (const deed of ['unref', 'close', 'exit', 'exit in a wake']) {
      const worker = startWorker(scene, deed);
      const over = once(worker, 'exit');
      if (deed === 'exit in a wake') {
        await once(worker, 'message');
        feedOnce(scene);
      }
      assert.deepEqual(await over, [0], deed);
      assert.equal(listeners(scene), 0, deed);
    }
  },

  async 'workers hear each its own messages'(scene: Scene): Promise<void> {
    const workers = [startWorker(scene, 'sleep'), startWorker(scene, 'sleep')];
    await Promise.all(workers.map((worker) => once(worker, 'message')));
    const heard = workers.map((worker) => once(worker, 'message'));
    feedOnce(scene, 7);
    assert.deepEqual(await Promise.all(heard), [[7], [7]]);
    await Promise.all(workers.map((worker) => worker.terminate()));
  },
};
