import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../../support/index.js';
import { isAlive } from '../launch/supervise/bench.js';
import { LaunchBench } from './launch-bench.js';

const PATROL = `
args: { source: { default: pattern, choices: [pattern, file] } }
nodes:
  edges: { use: NODES/edges }
  camera: { use: NODES/camera, params: { source: $(arg source) } }
  late: { use: NODES/imu#Balance }
`;

describe('babus check', () => {
  let bench: LaunchBench;
  beforeEach(() => {
    bench = new LaunchBench();
    bench.write('patrol.yaml', PATROL);
  });

  it('prints the plan, warns on standard error, and starts nothing', async () => {
    const { code, stdout, stderr } = await bench.run('check', 'patrol.yaml', 'source:=file');
    assert.equal(code, 0);
    assert.match(stdout, /^patrol\.yaml: domain patrol\n\narguments\n {2}source:=file/);
    assert.match(stdout, /camera {2}.*\(Camera\)\n {4}params source="file" rate=30/);
    assert.equal(
      stderr,
      "patrol.yaml:6:3: warning: slot 'imu' is subscribed to by 'late' (whose port 'imu' is not mapped) and no node of this launch publishes it\n",
    );
    assert.deepEqual(bench.domains, []);
  });

  it('--mermaid prints the graph alone, and goes not with --json', async () => {
    const { code, stdout } = await bench.run('check', 'patrol.yaml', '--mermaid');
    assert.equal(code, 0);
    assert.match(stdout, /^flowchart LR\n {2}n0\(\[camera\]\)\n/);
    const both = await bench.run('check', 'patrol.yaml', '--mermaid', '--json');
    assert.deepEqual([both.code, both.stdout], [2, '']);
    assert.match(both.stderr, /give one of them/);
  });

  it('takes parameters from files and words, which go before those of the file', async () => {
    writeFileSync(join(bench.folder, 'params.yaml'), 'camera: { rate: 5, source: file }\n');
    const { code, stdout } = await bench.run(
      'check',
      'patrol.yaml',
      '--params',
      'params.yaml',
      '--set',
      'camera.rate=7',
    );
    assert.equal(code, 0);
    assert.match(stdout, /params source="file" rate=7/);
    const wrong = await bench.run('check', 'patrol.yaml', '--set', 'camera.rat=7');
    assert.deepEqual(
      [wrong.code, wrong.stderr],
      [2, "unknown key 'rat' in --set camera; did you mean 'rate'?\n"],
    );
  });

  it('prints errors with their places, all of a stage, and ends with 2', async () => {
    bench.write('bad.yaml', 'nodes:\n  a: { use: NODES/idle, prams: {} }\n  b-c: { use: NODES/idle }\n');
    const { code, stdout, stderr } = await bench.run('check', 'bad.yaml');
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(
      stderr,
      /^bad\.yaml:2:\d+: unknown key 'prams' in nodes\.a; did you mean 'params'\?\nbad\.yaml:3:3: key 'b-c' .*\n$/,
    );
  });

  it('--json prints the plan as one object', async () => {
    const { code, stdout } = await bench.run('check', 'patrol.yaml', '--json', '--domain', 'other');
    assert.equal(code, 0);
    const shown = JSON.parse(stdout) as {
      ok: boolean;
      plan: { domain: string; nodes: { name: string }[] };
      warnings: { message: string; file: string; line: number; column: number }[];
    };
    assert.equal(shown.ok, true);
    assert.equal(shown.plan.domain, 'other');
    assert.deepEqual(
      shown.plan.nodes.map(({ name }) => name),
      ['camera', 'late', 'edges'],
    );
    const [{ message, ...place }, ...others] = shown.warnings as [(typeof shown.warnings)[number]];
    assert.deepEqual([place, others], [{ file: 'patrol.yaml', line: 6, column: 3 }, []]);
    assert.match(message, /^slot 'imu' is subscribed to/);
  });

  it('--json prints errors with code and place, and ends with 2', async () => {
    bench.write('bad.yaml', 'nodes:\n  a: { use: NODES/idle, ports: { x: y } }\n');
    const { code, stdout, stderr } = await bench.run('check', 'bad.yaml', '--json');
    assert.deepEqual([code, stderr], [2, '']);
    const { ok, errors } = JSON.parse(stdout) as { ok: boolean; errors: Record<string, unknown>[] };
    assert.equal(ok, false);
    assert.equal(errors.length, 1);
    const [{ code: name, file, line }] = errors as [Record<string, unknown>];
    assert.deepEqual([name, file, line], ['ERR_BABUS_PORT', 'bad.yaml', 2]);
  });

  it('leaves no process behind when it is killed while a module hangs', async () => {
    const pidFile = join(bench.folder, 'pid');
    const hang = `import { writeFileSync } from 'node:fs'; writeFileSync(${JSON.stringify(pidFile)}, String(process.pid)); for (;;);`;
    writeFileSync(join(bench.folder, 'hang.ts'), hang);
    bench.write('hang.yaml', 'nodes: { a: { use: ./hang } }\n');
    const check = bench.start('check', 'hang.yaml');
    const pid = await until(
      () => existsSync(pidFile) && Number(readFileSync(pidFile, 'utf8')),
      'the module to be imported',
    );
    check.kill('SIGKILL');
    await until(() => !isAlive(pid), 'the hanging process to be gone');
    await check.exit();
  });
});
