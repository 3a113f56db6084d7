import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { INFO, native, type NativeParticipant, type SlotConfig } from '../../../framework/native.js';
import { spawnNode, tempDomain, until, watchdog } from '../../support/index.js';

const CONFIG: SlotConfig = {
  name: 'life',
  schemaName: 'test/Life',
  layoutHash: '0123456789abcdef',
  descriptor: '{}',
  depth: 2,
  maxBytes: 64,
  maxReaders: 2,
  pinsPerReader: 2,
  maxPublishers: 2,
  loansPerPublisher: 2,
};
const PEER = fileURLToPath(new URL('peer.js', import.meta.url));

function join(root: string, name = 'main'): NativeParticipant {
  return new (native().Participant)({ root, domain: 'test', name, create: true });
}

function names(root: string): string[] {
  return native()
    .inspect(root, 'test')
    .participants.map(({ name }) => name);
}

/** Publishes and takes more messages than there are buffers: fails when a dead participant's were lost. */
function usesEveryBuffer(participant: NativeParticipant): void {
  const publisher = participant.publisher(CONFIG);
  const subscription = participant.subscription(CONFIG);
  for (let i = 0; i < 3 * publisher.buffers; i++) {
    const loans = [publisher.loan(8), publisher.loan(8)];
    for (const loan of loans) publisher.commit(loan, 8);
    for (let taken = 0; taken < 2; taken++) {
      assert.ok(subscription.take());
      subscription.release(subscription.info[INFO.PIN]!);
    }
  }
  publisher.close();
  subscription.close();
}

describe('lifetime of native objects', () => {
  it('a closed end is refused with its code, and its memory reads as empty', () => {
    const participant = join(tempDomain().root);
    const publisher = participant.publisher(CONFIG);
    const subscription = participant.subscription(CONFIG);
    const waiter = participant.waiter(() => undefined);
    const array = new Uint8Array(publisher.chunks[0]!, 64, 8);
    for (const end of [publisher, subscription, waiter]) {
      end.close();
      end.close();
    }
    assert.equal(array.length, 0);
    assert.equal(publisher.chunks[0]!.byteLength, 0);
    const closed = { code: 'ERR_BABUS_CLOSED' };
    assert.throws(() => publisher.loan(8), closed);
    assert.throws(() => publisher.commit(0, 8), closed);
    assert.throws(() => subscription.take(), closed);
    assert.throws(() => subscription.at(1), closed);
    assert.throws(() => waiter.arm(), closed);
    participant.leave();
    participant.leave();
    assert.throws(() => participant.publisher(CONFIG), closed);
  });

  it('leaving closes everything that is open, loans and pins included', () => {
    const { root } = tempDomain();
    const one = join(root, 'one');
    const publisher = one.publisher(CONFIG);
    const subscription = one.subscription(CONFIG);
    publisher.commit(publisher.loan(8), 8);
    assert.ok(subscription.take());
    publisher.loan(8);
    const other = join(root, 'other');
    one.leave();
    assert.throws(() => publisher.loan(8), { code: 'ERR_BABUS_CLOSED' });
    assert.deepEqual(names(root), ['other']);
    usesEveryBuffer(other);
    other.leave();
    assert.equal(native().removeDomain(root, 'test'), true);
  });

  it('a slot outlives its publisher, and late joiners read its history', () => {
    const { root } = tempDomain();
    const one = join(root, 'one');
    const keeper = join(root, 'keeper');
    const publisher = one.publisher(CONFIG);
    for (let value = 1; value <= 3; value++) {
      const buffer = publisher.loan(8);
      new Float64Array(publisher.chunks[0]!, buffer * publisher.stride + 64, 1)[0] = value;
      publisher.commit(buffer, 8);
    }
    one.leave();
    const late = keeper.subscriptionTo('life');
    assert.equal(late.take(), false);
    assert.equal(late.newest(), 3);
    assert.equal(late.at(1), false, 'depth 2 keeps two');
    assert.equal(late.at(2), true);
    const { buffersPerChunk, stride, chunks } = late;
    const buffer = late.info[INFO.BUFFER]!;
    assert.ok(buffer < buffersPerChunk);
    assert.equal(new Float64Array(chunks[0]!, buffer * stride + 64, 1)[0], 2);
    keeper.leave();
  });

  it('objects that nobody refers to any more are collected and closed', async () => {
    const { root } = tempDomain();
    const child = spawnNode(PEER, [root, 'collect'], { env: { NODE_OPTIONS: '--expose-gc' } });
    assert.deepEqual(await child.exit(), { code: 0, signal: null }, child.output());
    assert.match(child.stdout, /collected/);
  });

  it('a process that forgets to leave ends by itself, and leaves', async () => {
    const { root } = tempDomain();
    const keeper = join(root, 'keeper');
    const child = spawnNode(PEER, [root, 'forget']);
    assert.deepEqual(await child.exit(), { code: 0, signal: null }, child.output());
    assert.deepEqual(names(root), ['keeper']);
    usesEveryBuffer(keeper);
    keeper.leave();
  });

  it('process.exit() is a death like others: what every participant of the process held is given back', async () => {
    const { root } = tempDomain();
    const keeper = join(root, 'keeper');
    const child = spawnNode(PEER, [root, 'exit']);
    assert.deepEqual(await child.exit(), { code: 0, signal: null }, child.output());
    // Node runs no cleanup hooks then; the keeper's watcher sees it.
    await until(() => names(root).length === 1, 'the rows of the dead');
    assert.deepEqual(names(root), ['keeper']);
    usesEveryBuffer(keeper);
    keeper.leave();
  });

  it('a killed process is recovered while our event loop is busy', async () => {
    const { root } = tempDomain();
    const keeper = join(root, 'keeper');
    const child = spawnNode(PEER, [root, 'wait'], { ipc: true });
    await child.waitForOutput(/waiting/);
    assert.deepEqual(names(root), ['keeper', 'wait']);
    process.kill(child.pid, 'SIGKILL');
    // Inspecting only reads: nobody here does anything about it but the threads of `keeper`.
    const giveUpMs = performance.now() + 30_000;
    while (names(root).length > 1) assert.ok(performance.now() < giveUpMs, 'the dead one is still there');
    await child.exited;
    keeper.leave();
  });

  it('who does not watch recovers the dead when asked to', async () => {
    const { root } = tempDomain();
    const keeper = new (native().Participant)({
      root,
      domain: 'test',
      name: 'keeper',
      create: true,
      watch: 'none',
    });
    const child = spawnNode(PEER, [root, 'wait'], { ipc: true });
    await child.waitForOutput(/waiting/);
    process.kill(child.pid, 'SIGKILL');
    await child.exited;
    assert.deepEqual(names(root), ['keeper', 'wait']);
    assert.equal(native().recoverDomain(root, 'test'), 1);
    assert.deepEqual(names(root), ['keeper']);
    assert.equal(native().recoverDomain(root, 'test'), 0);
    assert.throws(() => native().recoverDomain(root, 'none'), { code: 'ERR_BABUS_DOMAIN_MISSING' });
    keeper.leave();
  });

  it('a waiter keeps its process alive until it is closed', async () => {
    const { root } = tempDomain();
    const child = spawnNode(PEER, [root, 'wait'], { ipc: true });
    await child.waitForOutput(/waiting/);
    const participant = join(root);
    const publisher = participant.publisher(CONFIG);
    publisher.commit(publisher.loan(8), 8);
    assert.deepEqual(await child.exit(), { code: 0, signal: null }, child.output());
    assert.match(child.stdout, /woken/);
    participant.leave();
  });

  for (const deed of ['hold', 'sleep', 'busy', 'handle', 'come and go'])
    it(`a worker that is terminated (${deed}) gives back what it held`, async () => {
      const { root } = tempDomain();
      const keeper = join(root, 'keeper');
      for (let round = 0; round < 5; round++) {
        const worker = new Worker(PEER, { argv: [root, deed], stdout: true });
        const ready = new Promise((resolve, reject) => {
          worker.once('message', resolve);
          worker.once('error', reject);
        });
        await watchdog(ready, `the worker to ${deed}`);
        await watchdog(worker.terminate(), 'the end of the worker');
        await until(() => names(root).length === 1, 'the row of the worker to be free');
      }
      usesEveryBuffer(keeper);
      keeper.leave();
    });
});
