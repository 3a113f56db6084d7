/** What an event loop serves while it sleeps for messages and none come. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { watch, writeFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { MessageChannel, Worker } from 'node:worker_threads';
import { gzip } from 'node:zlib';
import { feedOnce, listen, turn, type Scene } from './scene.js';

const ECHO = fileURLToPath(new URL('echo.js', import.meta.url));

async function whileQuiet(scene: Scene, body: () => Promise<void>): Promise<void> {
  const listening = listen(scene);
  await turn();
  await body();
  assert.equal(listening.count, 0);
  const came = listening.more(1);
  feedOnce(scene);
  await came;
  listening.end();
}

async function datagrams(): Promise<void> {
  const [a, b] = [createSocket('udp4'), createSocket('udp4')];
  b.bind(0, '127.0.0.1');
  await once(b, 'listening');
  for (let i = 0; i < 20; i++) {
    a.send(`datagram ${i}`, b.address().port, '127.0.0.1');
    const [text] = (await once(b, 'message')) as [Buffer];
    assert.equal(String(text), `datagram ${i}`);
  }
  a.close();
  b.close();
}

async function watchedFolder(): Promise<void> {
  const folder = await mkdtemp(path(tmpdir(), 'babus-test-watch-'));
  const watcher = watch(folder);
  const changed = once(watcher, 'change');
  writeFileSync(path(folder, 'new'), 'new');
  await changed;
  watcher.close();
  await rm(folder, { recursive: true });
}

export const quiet = {
  async 'work of the thread pool while none come'(scene: Scene): Promise<void> {
    await whileQuiet(scene, async () => {
      for (let i = 0; i < 10; i++) {
        assert.ok((await readFile(ECHO)).length > 0);
        assert.ok((await promisify(gzip)('some text')).length > 0);
      }
      assert.ok((await lookup('127.0.0.1')).address);
    });
  },

  async 'datagrams and watched files while none come'(scene: Scene): Promise<void> {
    await whileQuiet(scene, async () => {
      await datagrams();
      await watchedFolder();
    });
  },

  async 'messages of workers, children and ports while none come'(scene: Scene): Promise<void> {
    await whileQuiet(scene, async () => {
      const worker = new Worker(ECHO);
      const child = fork(ECHO);
      const { port1, port2 } = new MessageChannel();
      port2.on('message', (value) => port2.postMessage(value));
      for (let i = 0; i < 20; i++) {
        worker.postMessage(i);
        assert.deepEqual(await once(worker, 'message'), [i]);
        child.send(i);
        assert.deepEqual(await once(child, 'message'), [i, undefined]);
        port1.postMessage(i);
        assert.deepEqual(await once(port1, 'message'), [i]);
      }
      port1.close();
      child.disconnect();
      await Promise.all([worker.terminate(), once(child, 'exit')]);
    });
  },

  /** Each of these is there after the loop went to sleep, and nothing else wakes it. */
  async 'what is begun while it sleeps'(scene: Scene): Promise<void> {
    await whileQuiet(scene, async () => {
      for (let i = 0; i < 5; i++) {
        await sleep(20);
        await datagrams();
        let immediates = 0;
        setImmediate(() => immediates++).unref();
        await sleep(1);
        await turn();
        assert.equal(immediates, 1);
      }
    });
  },

  /** The second of a thread cannot sleep as the first does, where one sleeps for the loop. */
  async 'two that listen in one thread'(scene: Scene): Promise<void> {
    const [first, second] = [listen(scene), listen({ ...scene, wake: { mode: 'auto' } })];
    for (let i = 1; i <= 50; i++) {
      const came = Promise.all([first.more(1), second.more(1)]);
      await turn();
      feedOnce(scene, i);
      await came;
      if (i % 10 === 0) await sleep(2);
    }
    first.end();
    const came = second.more(1);
    feedOnce(scene);
    await came;
    second.end();
  },

  async 'a handler that runs for long delays nobody for ever'(scene: Scene): Promise<void> {
    let due = 0;
    const listening = listen(scene, () => {
      setTimeout(() => due++, 1);
      const end = performance.now() + 5;
      while (performance.now() < end);
    });
    for (let i = 1; i <= 10; i++) {
      const came = listening.more(1);
      feedOnce(scene, i);
      await came;
    }
    while (due < 10) await sleep(1);
    listening.end();
  },
};
