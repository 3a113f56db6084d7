import assert from 'node:assert/strict';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, spawnCli, tempDir, until } from '../../support/index.js';

const GRIP = 'name: my_robot/Grip\ndoc: A grip.\nfields:\n  force: float32\n';

describe('babus gen', () => {
  it('writes code beside the schemas, then finds it up to date', async () => {
    const cwd = tempDir();
    writeFileSync(join(cwd, 'Grip.yaml'), GRIP);
    const first = await runCli(['gen', '.', '--json'], { cwd });
    assert.equal(first.code, 0, first.stderr);
    assert.deepEqual(JSON.parse(first.stdout), {
      changed: ['Grip.ts', 'index.ts'],
      unchanged: [],
      stale: [],
    });
    assert.match(readFileSync(join(cwd, 'Grip.ts'), 'utf8'), /force: number/);
    const second = await runCli(['gen', '.'], { cwd });
    assert.deepEqual([second.code, second.stdout], [0, '2 files are up to date\n']);
  });

  it('--check writes nothing and ends with 1 when something would change', async () => {
    const cwd = tempDir();
    writeFileSync(join(cwd, 'Grip.yaml'), GRIP);
    const { code, stdout } = await runCli(['gen', '.', '--check'], { cwd });
    assert.deepEqual([code, stdout], [1, 'would change Grip.ts\nwould change index.ts\n']);
    assert.equal(existsSync(join(cwd, 'Grip.ts')), false);
  });

  it('a wrong schema: its place, exit code 2, nothing written', async () => {
    const cwd = tempDir();
    writeFileSync(join(cwd, 'Grip.yaml'), GRIP.replace('float32', 'flaot32'));
    const { code, stderr } = await runCli(['gen', '.'], { cwd });
    assert.match(stderr, /^Grip\.yaml:4:10: .*did you mean 'float32'\?/);
    assert.equal(code, 2);
    assert.equal(existsSync(join(cwd, 'Grip.ts')), false);
  });

  it('a folder that is not there, an option that is none: exit code 2', async () => {
    const cwd = tempDir();
    const missing = await runCli(['gen', 'nowhere'], { cwd });
    assert.deepEqual(
      [missing.code, missing.stderr],
      [2, 'nowhere: no such folder; name the one that holds your schema files\n'],
    );
    const wrong = await runCli(['gen', '.', '--package', 'arm'], { cwd });
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /--package arm: must be name=folder/);
  });

  it('--watch: again after each save, also one that replaces the file or is wrong; ends with Ctrl-C', async () => {
    const cwd = tempDir();
    const file = join(cwd, 'Grip.yaml');
    writeFileSync(file, GRIP);
    const child = spawnCli(['gen', '.', '--watch'], { cwd });
    const code = (): string =>
      existsSync(join(cwd, 'Grip.ts')) ? readFileSync(join(cwd, 'Grip.ts'), 'utf8') : '';
    await until(() => code().includes('force: number'), 'the first code');
    writeFileSync(join(cwd, 'Grip.yaml.new'), GRIP.replace('force', 'torque'));
    renameSync(join(cwd, 'Grip.yaml.new'), file);
    await until(() => code().includes('torque: number'), 'code of the file that was put there');
    writeFileSync(file, GRIP.replace('float32', 'flaot32'));
    await until(() => child.stderr.includes("did you mean 'float32'?"), 'the error');
    writeFileSync(file, GRIP.replace('force', 'weight'));
    await until(() => code().includes('weight: number'), 'code after the error');
    child.kill('SIGINT');
    assert.deepEqual(await child.exit(), { code: 0, signal: null });
  });
});
