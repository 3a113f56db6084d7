import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { Channel, CHANNEL_FD, CHANNEL_VARIABLE } from '../../../framework/channel.js';
import { native } from '../../../framework/native.js';
import { slotSpec } from '../../../framework/slots/index.js';
import type { FromNode, NodeSpec, ToNode } from '../../../framework/spec.js';
import { Image, Vector3 } from '../../../schemas/index.js';
import { REPO, spawnNode, tempDomain, until, watchdog, type TestProcess } from '../../support/index.js';

const HOST = join(REPO, 'dist/framework/node/host.js');
const PARENT = join(REPO, 'dist/test/framework/node/host-parent.js');
const NODES = pathToFileURL(join(REPO, 'dist/test/framework/node/host-nodes.js')).href;

/** A node process as the supervisor would start it. */
class Host {
  readonly process: TestProcess;
  readonly messages: FromNode[] = [];
  readonly channel: Channel;
  readonly #heard: (() => void)[] = [];

  /** @param mayGo let it begin as soon as it has attached */
  constructor(private readonly mayGo = true) {
    const env = { [CHANNEL_VARIABLE]: String(CHANNEL_FD) };
    this.process = spawnNode(HOST, [], { channel: true, env });
    this.channel = new Channel(
      this.process.child.stdio[CHANNEL_FD] as Duplex,
      {
        onMessage: (message) => this.#hear(message as FromNode),
        onGarbage: () => assert.fail('a line that is no message'),
        onClose: () => undefined,
      },
      1e6,
    );
  }

  tell(message: ToNode): void {
    void this.channel.send(message);
  }

  /** The first message that the process sends, after it has attached. */
  answer(): Promise<FromNode> {
    return this.says((message) => message.type !== 'attached');
  }

  async attached(): Promise<void> {
    await this.says(({ type }) => type === 'attached');
  }

  async says(wanted: (message: FromNode) => boolean): Promise<FromNode> {
    for (;;) {
      const found = this.messages.find(wanted);
      if (found) return found;
      const heard = new Promise<void>((resolve) => this.#heard.push(resolve));
      const ended = this.process.exited.then(() => true as const);
      const over = await watchdog(Promise.race([heard, ended]), 'an answer of the node process');
      if (over && !this.messages.some(wanted)) assert.fail(`no answer\n${this.process.output()}`);
    }
  }

  /** What it said beside having attached. */
  get said(): FromNode[] {
    return this.messages.filter(({ type }) => type !== 'attached');
  }

  #hear(message: FromNode): void {
    this.messages.push(message);
    if (message.type === 'attached' && this.mayGo) this.tell({ type: 'go' });
    for (const callback of this.#heard.splice(0)) callback();
  }
}

describe('host', () => {
  let place: { root: string; domain: string };
  beforeEach(() => {
    place = tempDomain();
  });

  function spec(className: string, rest: Partial<NodeSpec> = {}): NodeSpec {
    const ports = className === 'Broken' ? {} : { count: slotSpec('demo/count', Vector3) };
    return {
      ...place,
      name: className.toLowerCase(),
      moduleUrl: NODES,
      className,
      params: {},
      ports,
      ...rest,
    };
  }

  function start(className: string, rest: Partial<NodeSpec> = {}, mayGo = true): Host {
    const host = new Host(mayGo);
    host.tell({ type: 'start', spec: spec(className, rest) });
    return host;
  }

  /** Names of who is attached. */
  function participants(): string[] {
    return native()
      .inspect(place.root, place.domain)
      .participants.map(({ name }) => name)
      .sort();
  }

  it('runs nodes in processes that pass messages through shared memory, and stops them in order', async () => {
    const checker = start('Checker');
    assert.deepEqual(await checker.answer(), { type: 'ready' });
    const counter = start('Counter', { params: { first: 100 } });
    assert.deepEqual(await counter.answer(), { type: 'ready' });
    await checker.process.waitForOutput(/INFO {2}ten in order \{"failed":0\}/);
    assert.deepEqual(participants(), ['checker', 'counter']);
    counter.tell({ type: 'stop' });
    assert.deepEqual(await counter.process.exit(), { code: 0, signal: null });
    assert.deepEqual(participants(), ['checker']);
    checker.tell({ type: 'stop' });
    assert.deepEqual(await checker.process.exit(), { code: 0, signal: null });
    assert.deepEqual(participants(), []);
    // On a busy machine ticks may be left out, which the node says.
    assert.match(counter.process.stdout, /^INFO {2}counting from 100\nINFO {2}counted\n(WARN.*ticks.*\n)?$/);
    assert.equal(counter.process.stderr + checker.process.stderr, '');
    assert.equal(native().removeDomain(place.root, place.domain), true);
  });

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    it(`ends in order on ${signal}`, async () => {
      const host = start('Counter');
      await host.answer();
      host.process.kill(signal);
      assert.deepEqual(await host.process.exit(), { code: 0, signal: null });
      assert.match(host.process.stdout, /INFO {2}counted\n/);
      assert.deepEqual(participants(), []);
    });

  it('ends in order when its supervisor lets go of it', async () => {
    const parent = spawnNode(PARENT, [HOST, JSON.stringify(spec('Counter'))]);
    await parent.waitForOutput(/parent: ready/);
    parent.kill('SIGUSR2');
    assert.deepEqual(await parent.exit(), { code: 0, signal: null });
    assert.match(parent.stdout, /INFO {2}counted\n(WARN.*ticks.*\n)?parent: exit 0 null\n$/);
  });

  it('does not outlive a supervisor that is killed', async () => {
    const parent = spawnNode(PARENT, [HOST, JSON.stringify(spec('Counter'))]);
    const [, pid] = await parent.waitForOutput(/parent: ready (\d+)/);
    parent.kill('SIGKILL');
    await until(() => !existsSync(`/proc/${pid}`), 'the end of the node process');
    await parent.exit();
  });

  const failures: [string, string, Partial<NodeSpec>, string | undefined, RegExp][] = [
    [
      'an unknown parameter',
      'Counter',
      { params: { frist: 1 } },
      'ERR_BABUS_PARAM',
      /^counter: no parameter 'frist'/,
    ],
    [
      'a port without a slot',
      'Counter',
      { ports: {} },
      'ERR_BABUS_PORT',
      /^counter: port 'count' has no slot$/,
    ],
    [
      'a slot of another schema',
      'Counter',
      { ports: { count: slotSpec('demo/count', Image) } },
      'ERR_BABUS_SCHEMA_MISMATCH',
      /^demo\/count: the slot holds std\/Image \([0-9a-f]{16}\), this node was compiled with std\/Vector3/,
    ],
    [
      'no such class',
      'Countre',
      {},
      'ERR_BABUS_NODE_MODULE',
      /host-nodes\.js exports no 'Countre'; did you mean 'Counter'/,
    ],
    ['an export that is no class', 'notAClass', {}, 'ERR_BABUS_NODE_CLASS', /^notAClass is no node class/],
    [
      'no such module',
      'Counter',
      { moduleUrl: 'file:///nowhere/node.js' },
      'ERR_BABUS_NODE_MODULE',
      /^file:\/\/\/nowhere\/node\.js cannot be imported: /,
    ],
    [
      'a slot name that is not allowed',
      'Counter',
      { ports: { count: slotSpec('a b', Vector3) } },
      'ERR_BABUS_NAME',
      /a b/,
    ],
    [
      'a constructor that throws',
      'Broken',
      { params: { how: 'constructor' } },
      undefined,
      /broken constructor\n.*host-nodes/s,
    ],
    [
      'an onStart that throws',
      'Broken',
      { params: { how: 'start' } },
      undefined,
      /broken start\n.*host-nodes/s,
    ],
  ];
  for (const [name, className, rest, code, message] of failures)
    it(`reports ${name}, and ends with 1`, async () => {
      const host = start(className, rest);
      const answer = await host.answer();
      assert.ok(answer.type === 'failed');
      assert.equal(answer.code, code);
      assert.match(answer.message, message);
      assert.deepEqual(await host.process.exit(), { code: 1, signal: null });
      assert.equal(host.said.length, 1);
    });

  it('ends with 1 on an error that nobody catches, with its stack in the log', async () => {
    const host = start('Broken', { params: { how: 'later' } });
    assert.deepEqual(await host.process.exit(), { code: 1, signal: null });
    assert.match(
      host.process.stdout,
      /^ERROR uncaught error outside of a handler; the node ends\nError: broken later\n +at /,
    );
    assert.deepEqual(participants(), []);
  });

  it('ends by the will of the node', async () => {
    const finishing = start('Broken', { params: { how: 'finish' } });
    assert.deepEqual(await finishing.process.exit(), { code: 0, signal: null });
    assert.equal(finishing.process.stdout, '');
    const givingUp = start('Broken', { params: { how: 'give up' } });
    assert.deepEqual(await givingUp.process.exit(), { code: 1, signal: null });
    assert.match(givingUp.process.stdout, /^ERROR the node cannot go on\nError: no camera\n/);
    assert.deepEqual(participants(), []);
  });

  it('ends with 1 when onStop throws', async () => {
    const host = start('Broken', { params: { how: 'stop' } });
    await host.answer();
    host.tell({ type: 'stop' });
    assert.deepEqual(await host.process.exit(), { code: 1, signal: null });
    assert.match(host.process.stdout, /^ERROR onStop failed\nError: broken stop/);
  });

  it('opens its ports, and does nothing before it is told to go', async () => {
    const host = start('Counter', {}, false);
    await host.attached();
    assert.deepEqual(participants(), ['counter']);
    const { slots } = native().inspect(place.root, place.domain);
    assert.deepEqual(
      slots.map(({ publishers }) => publishers),
      [['counter']],
    );
    assert.equal(host.process.stdout, '');
    host.tell({ type: 'go' });
    assert.deepEqual(await host.answer(), { type: 'ready' });
    await host.process.waitForOutput(/INFO {2}counting from 0\n/);
    host.tell({ type: 'stop' });
    assert.equal((await host.process.exit()).code, 0);
  });

  for (const [how, end] of [
    ['is told to stop', (host: Host) => host.tell({ type: 'stop' })],
    ['gets SIGTERM', (host: Host) => host.process.kill('SIGTERM')],
    ['loses its supervisor', (host: Host) => host.channel.close()],
  ] as const)
    it(`ends without onStart and onStop when it ${how} before it may go`, async () => {
      const host = start('Counter', {}, false);
      await host.attached();
      end(host);
      assert.deepEqual(await host.process.exit(), { code: 0, signal: null });
      assert.equal(host.process.output(), '--- stdout\n--- stderr\n---');
      assert.deepEqual(participants(), []);
      assert.deepEqual(host.said, []);
    });

  it('takes a line on its channel that is no message for what it is', async () => {
    const host = start('Counter', {}, false);
    await host.attached();
    (host.process.child.stdio[CHANNEL_FD] as Duplex).write('nonsense\n');
    host.tell({ type: 'go' });
    assert.deepEqual(await host.answer(), { type: 'ready' });
    await host.process.waitForOutput(/^WARN {2}a line on the channel of the launcher is no message/);
    host.tell({ type: 'stop' });
    assert.equal((await host.process.exit()).code, 0);
  });

  it('keeps its channel from what it starts itself', async () => {
    const host = start('Broken', { params: { how: 'child' } });
    const [, seen] = await host.process.waitForOutput(/child sees (.*)\n/);
    assert.equal(seen, '0,1,2 undefined');
    host.tell({ type: 'stop' });
    await host.process.exit();
  });

  it('leaves an onStart behind that hangs', async () => {
    const host = start('Broken', { params: { how: 'hang' } });
    await host.attached();
    host.tell({ type: 'stop' });
    assert.deepEqual(await host.process.exit(), { code: 0, signal: null });
    assert.match(host.process.stdout, /onStart\(\) is still under way/);
    assert.deepEqual(host.said, []);
  });

  it('says what it is when it is started by hand', async () => {
    const byHand = spawnNode(HOST);
    assert.deepEqual(await byHand.exit(), { code: 2, signal: null });
    assert.match(byHand.stdout, /run: babus launch FILE/);
  });
});
