import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import {
  askLauncher,
  controlPath,
  ControlServer,
  MAX_CLIENTS,
  MAX_SOCKET_PATH_BYTES,
  removeStaleSocket,
  type ControlRequest,
} from '../../../framework/control/index.js';
import { BabusError } from '../../../framework/errors/index.js';
import { spawnTracked, tempDir, until } from '../../support/index.js';

describe('control socket', () => {
  let path: string;
  let server: ControlServer | undefined;
  const sockets = new Set<Socket>();
  const answer = (request: ControlRequest): unknown => {
    if (request.ask === 'node' && request.node === 'nobody')
      throw new BabusError('ERR_BABUS_NODE_MISSING', "no node 'nobody'");
    if (request.ask === 'node' && request.node === 'bug') throw new TypeError('a bug');
    if (request.ask === 'slot') return 'x'.repeat(1_000_000);
    return [request];
  };

  beforeEach(async () => {
    path = join(tempDir(), 'control.sock');
    server = await ControlServer.listen(path, answer);
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
    server?.close();
  });

  async function client(): Promise<{ socket: Socket; text: () => string }> {
    const socket = connect({ path, allowHalfOpen: true });
    sockets.add(socket);
    let text = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    // The server may let go while we still write.
    socket.on('error', (error) => (text += error.message));
    await once(socket, 'connect');
    return { socket, text: () => text };
  }

  async function stillAnswers(): Promise<void> {
    assert.deepEqual(await askLauncher(path, { ask: 'nodes' }), [{ ask: 'nodes' }]);
  }

  it('answers, with what is thrown as an error of its code', async () => {
    await stillAnswers();
    assert.deepEqual(await askLauncher(path, { ask: 'node', node: 'a', id: 7 }), [
      { ask: 'node', node: 'a', id: 7 },
    ]);
    await assert.rejects(askLauncher(path, { ask: 'node', node: 'nobody' }), {
      code: 'ERR_BABUS_NODE_MISSING',
      message: "no node 'nobody'",
    });
    await assert.rejects(askLauncher(path, { ask: 'node', node: 'bug' }), { code: 'ERR_BABUS_LAUNCHER' });
    await stillAnswers();
  });

  it('is for its owner only, and is gone once closed', () => {
    assert.equal(lstatSync(path).mode & 0o777, 0o600);
    server?.close();
    assert.equal(existsSync(path), false);
  });

  it('answers every line in order, the last one without an end too', async () => {
    const { socket, text } = await client();
    socket.end('{"id":1,"ask":"nodes"}\n{"id":"b","ask":"nodes"}\n{"id":3,"ask":"nodes"}');
    await once(socket, 'end');
    const ids = text()
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: unknown }).id);
    assert.deepEqual(ids, [1, 'b', 3]);
  });

  const garbage: [string, string | Buffer][] = [
    ['text', 'GET / HTTP/1.1\n'],
    ['an empty line', '\n'],
    ['null', 'null\n'],
    ['a list', '[1]\n'],
    ['an unknown question', '{"ask":"everything"}\n'],
    ['a name that is none', '{"ask":"node","node":{"a":1}}\n'],
    ['an id that is none', '{"id":[],"ask":"nodes"}\n'],
    ['bytes', Buffer.from([0xff, 0x00, 0xfe, 0x0a])],
    ['deep nesting', `${'['.repeat(60_000)}\n`],
  ];
  for (const [what, sent] of garbage)
    it(`says so for ${what}, and goes on`, async () => {
      const { socket, text } = await client();
      socket.write(sent);
      await until(() => text().includes('\n'), 'an answer');
      assert.match(text(), /^\{"error":\{"code":"ERR_BABUS_ARGUMENT","message":"a request is a line of JSON/);
      socket.write('{"ask":"nodes"}\n');
      await until(() => text().includes('"ok"'), 'the next answer');
    });

  it('lets go of a line of megabytes', async () => {
    const { socket, text } = await client();
    socket.write('x'.repeat(8_000_000));
    await until(() => socket.destroyed, 'the end of the connection');
    assert.match(text(), /^\{"error":.*at most 65536 characters|EPIPE|ECONNRESET/);
    await stillAnswers();
  });

  it('holds little for a client that asks and asks and never reads', async () => {
    const { socket } = await client();
    socket.pause();
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 20_000; i++) socket.write('{"ask":"slot","slot":"a"}\n');
    for (let i = 0; i < 50; i++) await stillAnswers();
    // All the answers would be 20 GB.
    assert.ok(process.memoryUsage().rss - before < 200e6);
  });

  it('serves a newcomer beside more idle connections than it keeps', async () => {
    const idle: Socket[] = [];
    for (let i = 0; i < MAX_CLIENTS + 5; i++) idle.push((await client()).socket);
    await stillAnswers();
    await until(
      () => idle.filter((socket) => socket.readableEnded || socket.destroyed).length >= 5,
      'the oldest to go',
    );
  });

  it('takes the place of what a killed launcher has left, and of nothing else', async () => {
    const left = join(tempDir(), 'control.sock');
    const script = `require('net').createServer().listen(${JSON.stringify(left)}, () => console.log('there'))`;
    const dead = spawnTracked(process.execPath, ['-e', script]);
    await dead.waitForOutput(/there/);
    dead.kill('SIGKILL');
    await dead.exit();
    assert.equal(lstatSync(left).isSocket(), true);
    assert.equal(await askLauncher(left, { ask: 'nodes' }), undefined);
    const next = await ControlServer.listen(left, answer);
    assert.deepEqual(await askLauncher(left, { ask: 'nodes' }), [{ ask: 'nodes' }]);
    next.close();
    writeFileSync(left, 'of the user');
    await assert.rejects(ControlServer.listen(left, answer), { code: 'ERR_BABUS_SYSTEM' });
    assert.equal(existsSync(left), true);
  });

  it('is removed when stale, not while a launcher lives', () => {
    removeStaleSocket(path, () => true);
    assert.equal(existsSync(path), true);
    removeStaleSocket(path, () => false);
    assert.equal(existsSync(path), false);
    removeStaleSocket(path, () => assert.fail('there is nothing to ask about'));
  });
});

describe('asking a launcher', () => {
  it('finds nobody where there is no socket', async () =>
    assert.equal(await askLauncher(join(tempDir(), 'none.sock'), { ask: 'nodes' }), undefined));

  const odd: [string, (socket: Socket) => void, RegExp][] = [
    ['never answers', () => undefined, /does not answer within 0\.2 s/],
    ['hangs up', (socket) => socket.destroy(), /closed the connection without an answer|cannot be asked/],
    ['talks nonsense', (socket) => socket.write('hello\n'), /not of this version/],
    ['answers null', (socket) => socket.write('null\n'), /not of this version/],
    ['answers without an answer', (socket) => socket.write('{"error":{}}\n'), /not of this version/],
  ];
  for (const [what, behave, message] of odd)
    it(`says so of one that ${what}`, async () => {
      const path = join(tempDir(), 's');
      const server = createServer((socket) => {
        socket.on('error', () => socket.destroy());
        behave(socket);
      });
      await new Promise<void>((resolve) => server.listen(path, resolve));
      try {
        await assert.rejects(askLauncher(path, { ask: 'nodes' }, 200), {
          code: 'ERR_BABUS_LAUNCHER',
          message,
        });
      } finally {
        server.close();
      }
    });
});

describe('path of the control socket', () => {
  it('may have as many bytes as a socket takes, and no more', async () => {
    const folder = tempDir();
    const room = MAX_SOCKET_PATH_BYTES - Buffer.byteLength(join(folder, 'd', 'control.sock')) - 1;
    const root = join(folder, 'r'.repeat(room));
    mkdirSync(join(root, 'd'), { recursive: true });
    const server = await ControlServer.listen(controlPath(root, 'd'), () => 'here');
    assert.equal(await askLauncher(controlPath(root, 'd'), { ask: 'nodes' }), 'here');
    server.close();
    assert.throws(() => controlPath(root, 'dd'), {
      code: 'ERR_BABUS_ARGUMENT',
      message: new RegExp(
        `^${root}/dd/control\\.sock: .* has 108 bytes.* at most 107; .*BABUS_SHM.*shorter by 1$`,
      ),
    });
    assert.throws(() => controlPath('/ü'.repeat(40), 'd'), /has 135 bytes/);
  });
});
