import assert from 'node:assert/strict';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { REPO, spawnNode, until, type TestProcess } from '../../../support/index.js';
import { isAlive } from './bench.js';

const LAUNCHER = join(REPO, 'test/framework/launch/fixtures/launcher.mjs');
const BENCH = fileURLToPath(new URL('./bench.js', import.meta.url));

describe('Supervisor: no node outlives its launcher', () => {
  const launch = (end: string, params: object): TestProcess =>
    spawnNode(LAUNCHER, [BENCH, end, JSON.stringify(params)]);
  const nodeOf = async (launcher: TestProcess): Promise<number> =>
    Number((await launcher.waitForOutput(/node (\d+)/))[1]);

  it('when it throws', async () => {
    const launcher = launch('throw', { deaf: true });
    const pid = await nodeOf(launcher);
    assert.notEqual((await launcher.exit()).code, 0);
    assert.match(launcher.stderr, /a bug of the launcher/);
    await until(() => !isAlive(pid), 'the node to be gone');
  });

  it('when it exits', async () => {
    const launcher = launch('exit', { deaf: true });
    const pid = await nodeOf(launcher);
    await launcher.exit();
    await until(() => !isAlive(pid), 'the node to be gone');
  });

  it('when it is killed: the node sees its channel close', async () => {
    const launcher = launch('nothing', {});
    const pid = await nodeOf(launcher);
    launcher.kill('SIGKILL');
    await until(() => !isAlive(pid), 'the node to be gone');
    await launcher.exit();
  });
});
