import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO, runCli, tempDir } from '../../support/index.js';

describe('babus', () => {
  it('prints its commands', async () => {
    const { code, stdout } = await runCli(['--help']);
    assert.equal(code, 0);
    assert.match(stdout, /^Usage: babus /);
    for (const command of ['launch', 'check']) assert.match(stdout, new RegExp(`^  ${command} `, 'm'));
  });

  it('prints its version', async () => {
    const { version } = JSON.parse(readFileSync(join(REPO, 'package.json'), 'utf8')) as { version: string };
    assert.deepEqual(await runCli(['--version']), {
      code: 0,
      signal: null,
      stdout: `${version}\n`,
      stderr: '',
    });
  });

  const wrong: [string[], RegExp][] = [
    [['lanch'], /unknown command 'lanch'\n\(Did you mean launch\?\)/],
    [['launch'], /missing required argument 'file'/],
    [['check', 'x.yaml', '--jsno'], /unknown option '--jsno'\n\(Did you mean --json\?\)/],
    [[], /^Usage: babus /],
    [['check', 'gone.yaml'], /^gone\.yaml: no such file\n$/],
    [['launch', 'gone.yaml'], /^gone\.yaml: no such file\n$/],
    [['launch', 'gone.yaml', '--args'], /^gone\.yaml: no such file\n$/],
    [['launch', 'gone.yaml', '--for', '10'], /^'10' has no unit; write 10s or 10ms\n$/],
    [['check', '.'], /^\.: is a directory, not a file\n$/],
  ];
  for (const [args, message] of wrong)
    it(`babus ${args.join(' ')} ends with 2 and a message`, async () => {
      const { code, stdout, stderr } = await runCli(args, { cwd: tempDir() });
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /\n\s+at /, 'no stack trace');
    });
});

describe('babus in a project with a babus of its own', () => {
  /** A project whose babus is a program of ours. */
  const project = (program: string): string => {
    const folder = tempDir();
    const own = join(folder, 'node_modules/babus');
    mkdirSync(own, { recursive: true });
    writeFileSync(
      join(own, 'package.json'),
      JSON.stringify({ name: 'babus', type: 'module', version: '9.9.9', bin: { babus: 'main.js' } }),
    );
    if (program !== '') writeFileSync(join(own, 'main.js'), program);
    return folder;
  };

  it('hands over to it, arguments and all', async () => {
    const cwd = project("console.log('own copy', ...process.argv.slice(2)); process.exitCode = 5;");
    const { code, stdout } = await runCli(['launch', 'x.yaml', '--json'], { cwd });
    assert.deepEqual([code, stdout], [5, 'own copy launch x.yaml --json\n']);
  });

  it('hands over from a folder below the project too', async () => {
    const cwd = join(project("console.log('own copy');"), 'launch');
    mkdirSync(cwd);
    assert.equal((await runCli(['--version'], { cwd })).stdout, 'own copy\n');
  });

  it('hands over once only', async () => {
    const module = `file://${REPO}dist/framework/cli/hand-over.js`;
    const cwd = project(
      `const { handOver } = await import(${JSON.stringify(module)}); console.log(await handOver());`,
    );
    assert.equal((await runCli([], { cwd })).stdout, 'false\n');
  });

  it('goes on itself when that copy is the same one, or was never built', async () => {
    const { version } = JSON.parse(readFileSync(join(REPO, 'package.json'), 'utf8')) as { version: string };
    assert.equal((await runCli(['--version'], { cwd: project('') })).stdout, `${version}\n`);
    const same = tempDir();
    mkdirSync(join(same, 'node_modules'));
    symlinkSync(REPO, join(same, 'node_modules/babus'));
    assert.equal((await runCli(['--version'], { cwd: same })).stdout, `${version}\n`);
  });
});
