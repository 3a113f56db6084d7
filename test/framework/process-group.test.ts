import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { signalGroup } from '../../framework/process-group.js';

describe('signalGroup', () => {
  it('reaches a group, and says when nothing of it is left', async () => {
    const child = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    const exit = once(child, 'exit');
    assert.equal(signalGroup(child.pid!, 'SIGKILL'), true);
    assert.deepEqual(await exit, [null, 'SIGKILL']);
    assert.equal(signalGroup(child.pid!, 'SIGKILL'), false);
  });

  it('takes what has other rights by now for something that is left', () => {
    const refuse = (code: string) => (): never => {
      throw Object.assign(new Error(code), { code });
    };
    assert.equal(signalGroup(1234, 'SIGKILL', refuse('EPERM')), true);
    assert.throws(() => signalGroup(1234, 'SIGKILL', refuse('EINVAL')), { code: 'EINVAL' });
  });
});
