import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
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
  #heard = (): void => undefined;

  constructor() {
    this.process = spawnNode(HOST, [], { ipc: true });
    this.process.child.on('message', (message) => {
      this.messages.push(message as FromNode);
      this.#heard();
    });
  }

  tell(message: ToNode): void {
    this.process.child.send(message);
  }

  /** The first message that the process sends. */
  async answer(): Promise<FromNode> {
    const heard = new Promise<void>((resolve) => (this.#heard = resolve));
    if (this.messages.length === 0)
      await watchdog(Promise.race([heard, this.process.exited]), 'an answer of the node process');
    return this.messages[0] ?? assert.fail(`no answer\n${this.process.output()}`);
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

  function start(className: string, rest: Partial<NodeSpec> = {}): Host {
    const host = new Host();
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
    assert.equal(counter.process.stdout, 'INFO  counting from 100\nINFO  counted\n');
    assert.equal(counter.process.stderr + checker.process.stderr, '');
    assert.equal(native().removeDomain(place.root, place.domain), true);
  });

  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const)
    it(`ends in order on ${signal}`, async () => {
      const host = start('Counter');
      await host.answer();
      host.process.kill(signal);
      assert.deepEqual(await host.process.exit(), { code: 0, signal: null });
      assert.match(host.process.stdout, /INFO {2}counted\n$/);
      assert.deepEqual(participants(), []);
    });

  it('ends in order when its supervisor lets go of it', async () => {
    const parent = spawnNode(PARENT, [HOST, JSON.stringify(spec('Counter'))]);
    await parent.waitForOutput(/parent: ready/);
    parent.kill('SIGUSR2');
    assert.deepEqual(await parent.exit(), { code: 0, signal: null });
    assert.match(parent.stdout, /INFO {2}counted\nparent: exit 0 null\n$/);
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
      assert.equal(host.messages.length, 1);
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

  it('leaves an onStart behind that hangs', async () => {
    const host = start('Broken', { params: { how: 'hang' } });
    host.tell({ type: 'stop' });
    assert.deepEqual(await host.process.exit(), { code: 0, signal: null });
    assert.match(host.process.stdout, /onStart\(\) is still under way/);
    assert.deepEqual(host.messages, []);
  });

  it('says what it is when it is started by hand', async () => {
    const byHand = spawnNode(HOST);
    assert.deepEqual(await byHand.exit(), { code: 2, signal: null });
    assert.match(byHand.stdout, /run: babus launch FILE/);
  });
});
