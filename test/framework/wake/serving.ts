/** Everything else that an event loop serves, while messages come and while none do. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { feed, feedOnce, listen, turn, whileFed, type Scene } from './scene.js';

const run = promisify(execFile);

async function listenOn(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

async function timersInOrder(): Promise<void> {
  const fired: number[] = [];
  let ticks = 0;
  const interval = setInterval(() => ticks++, 2);
  await Promise.all([30, 10, 20, 1].map((ms) => sleep(ms).then(() => fired.push(ms))));
  assert.deepEqual(fired, [1, 10, 20, 30]);
  while (ticks < 20) await sleep(1);
  clearInterval(interval);
}

async function echoOverTcp(): Promise<void> {
  const server = createServer((socket) => socket.pipe(socket));
  const socket = connect(await listenOn(server), '127.0.0.1');
  for (let round = 0; round < 200; round++) {
    socket.write(`round ${round}`);
    const [reply] = (await once(socket, 'data')) as [Buffer];
    assert.equal(String(reply), `round ${round}`);
  }
  socket.destroy();
  server.close();
}

async function inspect(): Promise<void> {
  const { open, close, url } = await import('node:inspector');
  open(0, '127.0.0.1');
  const script = fileURLToPath(new URL('inspector-client.js', import.meta.url));
  const { stdout } = await run(process.execPath, [script, url()!]);
  assert.equal(stdout.trim(), '42');
  close();
}

export const serving = {
  async 'timers while messages come'(scene: Scene): Promise<void> {
    await whileFed(scene, timersInOrder);
  },

  async 'timers while none come'(scene: Scene): Promise<void> {
    const listening = listen(scene);
    await timersInOrder();
    listening.end();
  },

  async 'sockets and files while messages come'(scene: Scene): Promise<void> {
    await whileFed(scene, async () => {
      await echoOverTcp();
      for (let i = 0; i < 20; i++) assert.ok((await readFile(process.argv[1]!)).length > 0);
    });
  },

  async 'sockets while none come'(scene: Scene): Promise<void> {
    const listening = listen(scene);
    await echoOverTcp();
    listening.end();
  },

  async 'fetch while messages come'(scene: Scene): Promise<void> {
    const server = createHttpServer((request, response) => response.end(request.url));
    const port = await listenOn(server);
    await whileFed(scene, async () => {
      for (let i = 0; i < 100; i++)
        assert.equal(await (await fetch(`http://127.0.0.1:${port}/${i}`)).text(), `/${i}`);
    });
    server.closeAllConnections();
    server.close();
  },

  async 'messages while a socket is busy'(scene: Scene): Promise<void> {
    let bytes = 0;
    const server = createServer((socket) => socket.on('data', (chunk) => (bytes += chunk.length)));
    const socket = connect(await listenOn(server), '127.0.0.1');
    const block = Buffer.alloc(256 * 1024);
    const push = (): void => {
      while (socket.writable && socket.write(block));
    };
    socket.on('drain', push);
    await once(socket, 'connect');
    push();
    await whileFed(scene, async (listening) => {
      const before = bytes;
      await listening.more(500);
      while (bytes < before + 4 * block.length) await turn();
    });
    socket.destroy();
    server.close();
  },

  async 'child processes'(scene: Scene): Promise<void> {
    await whileFed(scene, async () => {
      const { stdout } = await run(process.execPath, ['-p', '6 * 7']);
      assert.equal(stdout.trim(), '42');
    });
  },

  async 'signals, asleep and not'(scene: Scene): Promise<void> {
    const listening = listen(scene);
    const signalled = async (): Promise<void> => {
      const signal = once(process, 'SIGUSR2');
      await run('kill', ['-USR2', String(process.pid)]);
      await signal;
    };
    await signalled();
    const feeder = await feed(scene, 10_000);
    await listening.more(1);
    await signalled();
    await feeder.stop();
    listening.end();
  },

  async 'the inspector, asleep and not'(scene: Scene): Promise<void> {
    const listening = listen(scene);
    await inspect();
    listening.end();
    await whileFed(scene, inspect);
  },

  async 'immediates while messages come, and messages while immediates do'(scene: Scene): Promise<void> {
    await whileFed(scene, async (listening) => {
      let turns = 0;
      const enough = listening.more(200);
      let over = false;
      void enough.then(() => (over = true));
      while (!over) {
        await turn();
        turns++;
      }
      assert.ok(turns > 0);
    });
    const listening = listen(scene);
    const came = listening.more(1);
    await turn();
    feedOnce(scene);
    await came;
    listening.end();
  },
};
