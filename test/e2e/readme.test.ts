import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO, runCli, spawnCli, tempDir, tempDomain } from '../support/index.js';

const readme = readFileSync(join(REPO, 'README.md'), 'utf8');

/** The first code block of a language whose text matches. */
function block(language: string, pattern: RegExp): string {
  const blocks = [...readme.matchAll(/^```(\w+)\n(.*?)^```/gms)].map(([, lang, text]) => ({
    lang,
    text: text!,
  }));
  const found = blocks.find(({ lang, text }) => lang === language && pattern.test(text));
  assert.ok(found, `README.md has no ${language} block that matches ${pattern}`);
  return found.text;
}

describe('README.md, followed word for word in a folder of its own', () => {
  it('its node runs beside the camera, from its launch file', async () => {
    const cwd = tempDir();
    const { root } = tempDomain();
    const env = { BABUS_SHM: root, BABUS_DOMAIN: undefined };
    writeFileSync(join(cwd, 'darken.ts'), block('ts', /class Darken/));
    const launchFile = block('yaml', /use: \.\/darken/).replace(
      'use: babus/nodes/camera',
      'use: babus/nodes/camera\n    params: { width: 64, height: 48 }',
    );
    writeFileSync(join(cwd, 'dark.yaml'), launchFile);
    const launch = spawnCli(['launch', 'dark.yaml', '--json'], { cwd, env });
    await launch.waitForOutput(/"node":"darken","state":"ready"/);
    const echoed = await runCli(['slot', 'echo', 'camera/dark', '--domain', 'dark', '--once', '--json'], {
      env,
    });
    const { message } = JSON.parse(echoed.stdout) as {
      message: { width: number; height: number; data: number[] };
    };
    assert.deepEqual([message.width, message.height, message.data.length], [64, 48, 64 * 48 * 3]);
    launch.kill('SIGINT');
    assert.deepEqual(await launch.exit(), { code: 0, signal: null });
    assert.deepEqual(readdirSync(root), [], 'nothing is left in shared memory');
  });

  it('its launch file example is valid', async () => {
    const cwd = tempDir();
    writeFileSync(join(cwd, 'patrol.yaml'), block('yaml', /domain: patrol/));
    const { code, stdout, stderr } = await runCli(['check', 'patrol.yaml', 'camera:=a.jpg'], { cwd });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /camera\/image .*depth 4 .*6300000/);
  });

  it('its schema becomes TypeScript', async () => {
    const cwd = tempDir();
    mkdirSync(join(cwd, 'schemas'));
    writeFileSync(join(cwd, 'schemas/Grip.yaml'), block('yaml', /name: my_robot\/Grip/));
    const { code, stdout, stderr } = await runCli(['gen', 'schemas'], { cwd });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /schemas\/Grip\.ts/);
    assert.match(readFileSync(join(cwd, 'schemas/Grip.ts'), 'utf8'), /export interface Grip /);
  });
});
