import assert from 'node:assert/strict';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { until, type CliResult } from '../../support/index.js';
import { isAlive } from '../launch/supervise/bench.js';
import { jsonLines, LaunchBench } from './launch-bench.js';

const NODES = `
import { Node, node, param, every } from 'babus';
@node()
export class Talker extends Node {
  @param({ type: 'string', default: 'tick' }) word!: string;
  @param({ type: 'integer', default: -1 }) exit!: number;
  @param({ type: 'boolean', default: false }) deaf!: boolean;
  @param({ type: 'boolean', default: false }) slow!: boolean;
  onStart() {
    if (this.exit >= 0) process.exit(this.exit);
    return this.slow ? new Promise<void>(() => undefined) : undefined;
  }
  @every('50ms') tick() { this.log.info(this.word); }
  onStop() { if (this.deaf) for (;;); }
}
`;

const MAIN = `
domain: robot
slots: { camera/image: { depth: 5, max_readers: 9 } }
nodes:
  camera: { use: babus/nodes/camera, params: { width: 64, height: 48, rate: 50 }, ports: { image: camera/image } }
  talker: { use: ./talker }
`;

const ARM = `
domain: robot
nodes: { edges: { use: babus/nodes/edges, ports: { image: camera/image, edges: camera/edges } } }
`;

describe('a running system', () => {
  let bench: LaunchBench;
  beforeEach(() => {
    bench = new LaunchBench();
    writeFileSync(join(bench.folder, 'talker.ts'), NODES);
    bench.write('main.yaml', MAIN);
    bench.write('arm.yaml', ARM);
  });

  const ok = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await bench.run(...args);
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  };
  const refused = async (expected: number, ...args: string[]): Promise<CliResult> => {
    const result = await bench.run(...args);
    assert.equal(result.code, expected, result.stdout + result.stderr);
    return result;
  };
  const ps = async (): Promise<Record<string, unknown>[]> => jsonLines(await ok('ps', '--json'));

  it('launch --detach returns when all are ready; ps, node list and logs see it, stop ends it', async () => {
    const said = await ok('launch', '--detach', 'main.yaml');
    assert.match(said, /all nodes are ready; the launch goes on in the background \(process (\d+)\)/);
    const pid = Number(/process (\d+)/.exec(said)![1]);
    const [launch] = await ps();
    const { nodes, started, run, ...rest } = launch!;
    assert.deepEqual(rest, {
      domain: 'robot',
      file: join(bench.folder, 'main.yaml'),
      pid,
      joined: false,
      detached: true,
    });
    assert.deepEqual(
      (nodes as Record<string, unknown>[]).map(({ node, state }) => [node, state]),
      [
        ['camera', 'ready'],
        ['talker', 'ready'],
      ],
    );
    assert.ok(Date.now() - Date.parse(String(started)) < 600_000);
    assert.ok(readdirSync(String(run)).includes('talker.jsonl'));
    assert.match(
      await ok('ps'),
      /^domain +file +pid +since +node +state +pid +restarts\nrobot +\S+main\.yaml +\d+ +\d\d:\d\d:\d\d +camera +ready/,
    );
    assert.match(await ok('logs', '--level', 'info', 'talker'), /talker \| [\d:.]+ INFO {2}tick/);
    assert.equal(await ok('stop'), 'robot has stopped\n');
    assert.equal(isAlive(pid), false);
    assert.deepEqual(bench.domains, []);
    assert.equal(await ok('ps'), "nothing is running; start it with 'babus launch FILE'\n");
  });

  it('launch --detach shows what fails, and ends with 1 while the others go on', async () => {
    bench.write(
      'bad.yaml',
      'domain: bad\nnodes:\n  a: { use: ./talker, params: { exit: 3 }, restart: { policy: never } }\n  b: { use: ./talker }\n',
    );
    const { stdout } = await refused(1, 'launch', '-d', 'bad.yaml');
    assert.match(stdout, /a has failed for good: exited with code 3/);
    assert.match(stdout, /a has failed; the launch goes on/);
    await until(async () => /"node":"b",.*"state":"ready"/.test(await ok('ps', '--json')), 'b to be ready');
    await ok('stop', '--domain', 'bad');
  });

  it('launch --detach says who is not ready in time, and json for programs', async () => {
    bench.write(
      'slow.yaml',
      'domain: slow\nnodes: { a: { use: ./talker, params: { slow: true } }, b: { use: ./talker } }\n',
    );
    const { stdout } = await refused(1, 'launch', '-d', '--wait', '3s', '--json', 'slow.yaml');
    const { event, end, waiting } = jsonLines(stdout).at(-1)!;
    assert.deepEqual([event, end, waiting], ['detached', 'late', ['a']]);
    await ok('stop');
  });

  it('launch --detach ends with the code of a launch that ends itself, and with 2 for a wrong file', async () => {
    bench.write('short.yaml', 'nodes: { a: { use: ./talker, params: { exit: 0 } } }\n');
    assert.match(await ok('launch', '-d', 'short.yaml'), /a has finished/);
    bench.write('wrong.yaml', 'nodes: { a: { use: ./talkr } }\n');
    assert.match((await refused(2, 'launch', '-d', 'wrong.yaml')).stderr, /^wrong\.yaml:1:\d+: /);
    assert.match((await refused(2, 'launch', '-d', '--top', 'short.yaml')).stderr, /--top draws/);
    await until(() => bench.domains.length === 0, 'the domain to be gone');
  });

  it('Ctrl-C while launch --detach waits stops what it has started', async () => {
    bench.write('slow.yaml', 'domain: slow\nnodes: { a: { use: ./talker, params: { slow: true } } }\n');
    const waiting = bench.start('launch', '-d', 'slow.yaml');
    await until(async () => (await ps()).length > 0, 'the launch to run');
    waiting.kill('SIGINT');
    await waiting.exit();
    assert.deepEqual(await ps(), []);
    assert.deepEqual(bench.domains, []);
  });

  it('attach shows states and output; Ctrl-C leaves the launch alone, its end ends attach too', async () => {
    await ok('launch', '-d', 'main.yaml');
    const first = bench.start('attach');
    await first.waitForOutput(/robot +\S+main\.yaml .* camera +ready/);
    await first.waitForOutput(/talker \| [\d:.]+ INFO {2}tick/);
    first.kill('SIGINT');
    assert.equal((await first.exit()).code, 0);
    assert.match(first.stdout, /left; domain robot goes on\n$/);
    const second = bench.start('attach', '--json', '-n', '0');
    await second.waitForOutput(/"name":"talker"/);
    await ok('stop');
    assert.equal((await second.exit()).code, 0);
    assert.equal(jsonLines(second.stdout).at(-1)!['msg'], 'ended with 0');
    assert.match((await refused(2, 'attach')).stderr, /no domain is running/);
  });

  it('a launch joins with --join, takes the slots as they are, and outlives the first', async () => {
    await ok('launch', '-d', 'main.yaml');
    assert.match(
      (await refused(1, 'launch', 'arm.yaml')).stderr,
      /in use by .*; stop them, add to them with --join/,
    );
    await ok('launch', '-d', '--join', 'arm.yaml');
    const launches = await ps();
    assert.deepEqual(
      launches.map(({ domain, joined }) => [domain, joined]),
      [
        ['robot', false],
        ['robot', true],
      ],
    );
    const names = jsonLines(await ok('node', 'list', '--json')).map(({ node }) => node);
    assert.deepEqual(names, ['camera', 'talker', 'edges']);
    assert.match(await ok('node', 'info', 'edges'), /^node +edges\nstate +ready/);
    const info = JSON.parse(await ok('slot', 'info', 'camera/image', '--json')) as Record<string, unknown>;
    assert.equal(info['depth'], 5);
    assert.deepEqual(
      (info['publishers'] as { name: string; published: unknown }[]).map(({ name, published }) => [
        name,
        typeof published,
      ]),
      [['camera', 'number']],
    );
    process.kill(Number(launches[0]!['pid']), 'SIGTERM');
    await until(async () => (await ps()).length === 1, 'the first one to be gone');
    assert.match(await ok('node', 'list'), /\nedges +\d+ +ready/);
    assert.equal(await ok('stop'), 'robot has stopped\n');
    assert.deepEqual(bench.domains, []);
  });

  it('a launch that does not fit is kept from joining, with every reason', async () => {
    await ok('launch', '-d', 'main.yaml');
    bench.write(
      'same.yaml',
      'domain: robot\nslots: { camera/image: { depth: 6 } }\nnodes:\n  talker: { use: ./talker }\n  edges: { use: babus/nodes/edges, ports: { image: camera/image } }\n',
    );
    const { stderr } = await refused(1, 'launch', '--join', 'same.yaml');
    assert.deepEqual(stderr.split('\n'), [
      "domain 'robot' has a node 'talker' already; stop that one, or give yours another name or namespace",
      'slots.camera/image.depth is 6 here, and 5 in the domain that runs; leave it out to take that',
      '',
    ]);
    bench.write(
      'schema.yaml',
      'domain: robot\nnodes: { host: { use: babus/nodes/host-monitor, ports: { telemetry: camera/image } } }\n',
    );
    assert.match(
      (await refused(2, 'launch', '--join', 'schema.yaml')).stderr,
      /^slot 'camera\/image' carries std\/HostTelemetry here, and in the domain that runs: std\/Image\n$/,
    );
    await ok('stop');
    assert.match(
      (await refused(2, 'launch', '--join', 'arm.yaml')).stderr,
      /^no domain 'robot' is running that could be joined/,
    );
    assert.deepEqual(bench.domains, []);
  });

  it('a joined launcher that is killed leaves nothing that disturbs', async () => {
    await ok('launch', '-d', 'main.yaml');
    await ok('launch', '-d', '--join', 'arm.yaml');
    const joined = (await ps())[1]!;
    process.kill(Number(joined['pid']), 'SIGKILL');
    await until(async () => (await ps()).length === 1, 'the second one to be gone');
    assert.ok(existsSync(join(bench.root, 'robot', `control-${String(joined['pid'])}.sock`)));
    await ok('stop');
    assert.deepEqual(bench.domains, []);
  });

  it('stop kills what is deaf with --force, ends all domains with --all, and says when nothing runs', async () => {
    bench.write('deaf.yaml', 'nodes: { a: { use: ./talker, params: { deaf: true } } }\n');
    await ok('launch', '-d', 'deaf.yaml');
    await ok('launch', '-d', 'deaf.yaml', '--domain', 'other');
    assert.match((await refused(2, 'stop')).stderr, /several domains are running \(deaf, other\)/);
    const stopped = jsonLines(await ok('stop', '--all', '--force', '--json'));
    assert.deepEqual(stopped.map(({ domain, stopped: done }) => [domain, done]).sort(), [
      ['deaf', true],
      ['other', true],
    ]);
    assert.deepEqual(bench.domains, []);
    assert.match((await refused(2, 'stop')).stderr, /no domain is running/);
    assert.equal(await ok('stop', '--all'), '');
  });
});
