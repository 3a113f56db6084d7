import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { REPO, spawnNode, spawnTracked, tempDir, tempDomain, until, watchdog } from './index.js';

const MOCHA = join(REPO, 'node_modules/mocha/bin/mocha.js');
const SUPPORT = fileURLToPath(new URL('.', import.meta.url));

/** Runs a test file of its own Mocha process with this folder's reporter and hooks. */
async function mochaRun(source: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const folder = tempDir();
  const file = join(folder, 'inner.test.mjs');
  writeFileSync(file, `import { ${SUPPORT_NAMES} } from '${join(SUPPORT, 'index.js')}';\n${source}`);
  const args = ['--no-config', '--timeout', '60000', '--reporter', join(SUPPORT, 'summary-reporter.js')];
  const run = spawnNode(MOCHA, [...args, '--require', join(SUPPORT, 'hooks.js'), file], {
    cwd: folder,
    env: { BABUS_TEST_PATIENCE_MS: '500' },
  });
  const { code } = await run.exit();
  return { code, stdout: run.stdout, stderr: run.stderr };
}

const SUPPORT_NAMES = 'spawnNode, spawnTracked, tempDir, tempDomain';

describe('test/support: summary reporter', () => {
  it('ends with the totals of all suites on a line of their own', async () => {
    const { code, stdout } = await mochaRun(`
      describe('a', () => { it('1', () => {}); it('2', () => { throw new Error('expected'); }); });
      describe('b', () => { it('3', () => {}); it.skip('4', () => {}); it('5'); });`);
    assert.equal(code, 1);
    assert.equal(stdout.trimEnd().split('\n').at(-1), '2 passed, 1 failed, 2 skipped');
  });
});

describe('test/support: leaks', () => {
  it('passes a run that leaves nothing, and removes its folders', async () => {
    const { code, stdout } = await mochaRun(`
      it('makes folders', () => console.log('MADE', tempDir(), tempDomain().root));
      it('runs a child', async () => { await spawnTracked('true').exit(); });`);
    assert.equal(code, 0, stdout);
    const [, onDisk, inShm] = /MADE (\S+) (\S+)/.exec(stdout) ?? [];
    assert.ok(onDisk && inShm, stdout);
    assert.ok(!existsSync(onDisk) && !existsSync(inShm));
  });

  it('kills a child that a test left running, and fails the run naming both', async () => {
    const { code, stdout } = await mochaRun(`
      it('forgets a child', () => { console.log('CHILD', spawnTracked('sleep', ['1000']).pid); });
      it('still runs the next test', () => {});`);
    assert.match(stdout, /2 passed, 1 failed, 0 skipped/);
    assert.equal(code, 1);
    assert.match(stdout, /left something behind:\s+process \d+: sleep 1000 \(started by: forgets a child\)/);
    assertGone(Number(/CHILD (\d+)/.exec(stdout)?.[1]));
  });

  it('finds and kills a process that nobody tracked and that lost its parent', async () => {
    const { code, stdout } = await mochaRun(`
      import { spawn } from 'node:child_process';
      it('starts a daemon', () => {
        const child = spawn('sleep', ['1001'], { detached: true, stdio: 'ignore' });
        child.unref();
        console.log('CHILD', child.pid);
      });`);
    assert.equal(code, 1);
    assert.match(stdout, /left something behind:\s+process \d+: sleep 1001/);
    assertGone(Number(/CHILD (\d+)/.exec(stdout)?.[1]));
  });

  it('does not wait for ever for what a test left open', async () => {
    const { code, stdout, stderr } = await mochaRun(
      `it('forgets a timer', () => { setInterval(() => {}, 1000); });`,
    );
    assert.equal(code, 1);
    assert.match(stdout, /1 passed, 0 failed, 0 skipped/);
    assert.match(stderr, /something they left open keeps the process alive: .*Timeout/);
  });

  it('finds a file in shared memory that carries the name of the run', async () => {
    const { code, stdout } = await mochaRun(`
      import { writeFileSync } from 'node:fs';
      it('forgets a file', () => writeFileSync(tempDomain().root + 'x', ''));`);
    assert.equal(code, 1);
    const [, left] = /left something behind:\s+(\S+)/.exec(stdout) ?? [];
    assert.ok(left, stdout);
    assert.ok(left.endsWith('x'), left);
    assert.ok(!existsSync(left));
  });
});

describe('test/support: processes', () => {
  it('keeps output, exit code and input', async () => {
    const cat = spawnTracked('cat', [], { input: 'words\n' });
    assert.deepEqual(await cat.exit(), { code: 0, signal: null });
    assert.equal(cat.stdout, 'words\n');
  });

  it('waits for output, and says what was printed when it does not come', async () => {
    const folder = tempDir();
    const script = join(folder, 'prints.mjs');
    writeFileSync(script, "console.log('one'); console.error('two');");
    const child = spawnNode(script);
    assert.equal((await child.waitForOutput(/o(n)e/))[1], 'n');
    await assert.rejects(child.waitForOutput(/three/), /ended without \/three\/ [^]*one[^]*two/);
  });

  it('reports a program that cannot be started', async () => {
    const missing = spawnTracked('/nowhere/no-such-program');
    await missing.exit();
    assert.match(missing.stderr, /ENOENT/);
    assert.throws(() => missing.pid, /did not start/);
  });

  it('kills a whole group', async () => {
    const folder = tempDir();
    const group = spawnTracked('bash', ['-c', `sleep 1002 & echo $! > ${folder}/pid; echo up; wait`], {
      detached: true,
    });
    await group.waitForOutput(/up/);
    group.kill('SIGKILL');
    await group.exit();
    const grandchild = Number(readFileSync(join(folder, 'pid'), 'utf8'));
    await until(() => isGone(grandchild), 'the end of the grandchild');
  });
});

describe('test/support: watchdog', () => {
  it('names what hangs', async () => {
    await assert.rejects(
      watchdog(new Promise(() => undefined), 'a thing', 20),
      /still waiting after 20 ms for a thing/,
    );
    await assert.rejects(
      until(() => false, 'another', 20),
      /still waiting after 20 ms for another/,
    );
  });

  it('passes on the value and the error', async () => {
    assert.equal(await watchdog(Promise.resolve(7), 'a value'), 7);
    await assert.rejects(watchdog(Promise.reject(new Error('its own')), 'an error'), /its own/);
    let calls = 0;
    assert.equal(await until(() => (++calls === 3 ? 'third' : undefined), 'the third call'), 'third');
  });

  it('gives every domain a root of its own', () => {
    assert.notEqual(tempDomain().root, tempDomain().root);
  });
});

function isGone(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(' Z ');
  } catch (error) {
    assert.equal((error as NodeJS.ErrnoException).code, 'ENOENT');
    return true;
  }
}

function assertGone(pid: number): void {
  assert.ok(pid > 0 && isGone(pid), `process ${pid} is still there`);
}
