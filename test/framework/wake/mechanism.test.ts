import assert from 'node:assert/strict';
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
  it('is the doorbell by default, and what it was told to be', () => {
    const { root } = tempDomain();
    for (const [wake, mechanism] of [
      [undefined, 'doorbell'],
      [{}, 'doorbell'],
      [{ mode: 'auto' }, 'doorbell'],
      [{ mode: 'doorbell' }, 'doorbell'],
      [{ mode: 'thread', spinUs: 1000, spinWhile: 'always' }, 'thread'],
    ] as const) {
      const participant = join(root, wake);
      assert.equal(mechanismOf(participant), mechanism);
      assert.equal(mechanismOf(participant), mechanism, 'a second time');
      participant.leave();
    }
  });

  it('is the thread for viewers, who may have no doorbell', () => {
    const { root } = tempDomain();
    const member = join(root);
    const viewer = join(root, undefined, true);
    assert.equal(mechanismOf(viewer), 'thread');
    const demanding = join(root, { mode: 'doorbell' }, true);
    assert.throws(() => demanding.waiter(() => undefined), { code: 'ERR_BABUS_ARGUMENT' });
    for (const one of [viewer, demanding, member]) one.leave();
  });

  it('refuses what is no way to be woken', () => {
    const { root } = tempDomain();
    for (const [wake, message] of [
      [{ mode: 'bell' }, /wake\.mode is 'bell'; it must be one of auto, doorbell, thread/],
      [{ spinUs: -1 }, /wake\.spinUs/],
      [{ spinUs: NaN }, /wake\.spinUs/],
      [{ spinUs: 1001 }, /wake\.spinUs is 1001.*from 0 to 1000/],
      [{ spinUs: '50us' }, /spinUs must be a number/],
      [{ spinWhile: 'idle' }, /wake\.spinWhile is 'idle'; it must be always or busy/],
    ] as const)
      assert.throws(() => join(root, wake), { code: 'ERR_BABUS_ARGUMENT', message });
  });
});
