import assert from 'node:assert/strict';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { native, type NativeParticipant, type WakeOptions } from '../../../framework/native.js';
import { tempDomain } from '../../support/index.js';

type Given = { [Key in keyof WakeOptions]: unknown };

function join(root: string, wake?: Given, viewer = false): NativeParticipant {
  const options = { root, domain: 'test', name: 'one', create: !viewer, viewer };
  return new (native().Participant)({ ...options, ...(wake ? { wake: wake as WakeOptions } : {}) });
}

function mechanismOf(participant: NativeParticipant): string {
  const waiter = participant.waiter(() => undefined);
  const { mechanism } = waiter;
  waiter.close();
  return mechanism;
}

describe('mechanism of a waiter', () => {
  it('is the loop by default, and what it was told to be', () => {
    const { root } = tempDomain();
    for (const [wake, mechanism] of [
      [undefined, 'loop'],
      [{}, 'loop'],
      [{ mode: 'auto' }, 'loop'],
      [{ mode: 'loop' }, 'loop'],
      [{ mode: 'doorbell' }, 'doorbell'],
      [{ mode: 'thread', spinUs: 1000, spinWhile: 'always' }, 'thread'],
    ] as const) {
      const participant = join(root, wake);
      assert.equal(mechanismOf(participant), mechanism);
      assert.equal(mechanismOf(participant), mechanism, 'a second time');
      participant.leave();
    }
  });

  it('says in its row how it sleeps, which is how publishers wake it', () => {
    const { root } = tempDomain();
    for (const [mode, sleepMode] of [
      ['loop', 'own word'],
      ['doorbell', 'doorbell'],
      ['thread', 'own word'],
    ] as const) {
      const participant = join(root, { mode });
      const waiter = participant.waiter(() => undefined);
      const rows = native()
        .inspect(root, 'test')
        .participants.map((one) => one.sleepMode);
      assert.deepEqual(rows, [sleepMode], mode);
      waiter.close();
      participant.leave();
    }
  });

  it('is another for the second of a thread: one sleeps for its event loop', () => {
    const { root } = tempDomain();
    const [first, second, third] = [join(root), join(root), join(root, { mode: 'loop' })];
    const waiter = first.waiter(() => undefined);
    assert.equal(waiter.mechanism, 'loop');
    assert.equal(mechanismOf(second), 'doorbell');
    assert.throws(() => third.waiter(() => undefined), {
      code: 'ERR_BABUS_ARGUMENT',
      message: /another participant of this thread sleeps for its event loop already/,
    });
    waiter.close();
    assert.equal(mechanismOf(third), 'loop');
    for (const one of [first, second, third]) one.leave();
  });

  it('is the doorbell in a worker, whose parent asks libuv how busy it is', async () => {
    const { root } = tempDomain();
    const member = join(root);
    const script = fileURLToPath(new URL('mechanism-worker.js', import.meta.url));
    const worker = new Worker(script, { workerData: root });
    assert.deepEqual(await once(worker, 'message'), ['doorbell']);
    await worker.terminate();
    member.leave();
  });

  it('is no doorbell for viewers, who may have none', () => {
    const { root } = tempDomain();
    const member = join(root);
    const [viewer, second, demanding] = [
      join(root, undefined, true),
      join(root, undefined, true),
      join(root, { mode: 'doorbell' }, true),
    ];
    const waiter = viewer.waiter(() => undefined);
    assert.equal(waiter.mechanism, 'loop');
    assert.equal(mechanismOf(second), 'thread');
    assert.throws(() => demanding.waiter(() => undefined), { code: 'ERR_BABUS_ARGUMENT' });
    for (const one of [viewer, second, demanding, member]) one.leave();
  });

  it('refuses what is no way to be woken', () => {
    const { root } = tempDomain();
    for (const [wake, message] of [
      [{ mode: 'bell' }, /wake\.mode is 'bell'; it must be one of auto, loop, doorbell, thread/],
      [{ spinUs: -1 }, /wake\.spinUs/],
      [{ spinUs: NaN }, /wake\.spinUs/],
      [{ spinUs: 1001 }, /wake\.spinUs is 1001.*from 0 to 1000/],
      [{ spinUs: '50us' }, /spinUs must be a number/],
      [{ spinWhile: 'idle' }, /wake\.spinWhile is 'idle'; it must be always or busy/],
    ] as const)
      assert.throws(() => join(root, wake), { code: 'ERR_BABUS_ARGUMENT', message });
  });
});
