import assert from 'node:assert/strict';
import { existsSync, lstatSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import type { NodeDetails } from '../../../framework/control/index.js';
import { native } from '../../../framework/native.js';
import { runCli, tempDir, until, type TestProcess } from '../../support/index.js';
import { isAlive } from '../launch/supervise/bench.js';
import { jsonLines, LaunchBench } from './launch-bench.js';

const FILE = `
domain: look
nodes:
  camera: { use: babus/nodes/camera, params: { width: 64, height: 48, rate: 50 }, ports: { image: camera/image } }
  edges: { use: babus/nodes/edges, ports: { image: camera/image, edges: camera/edges } }
`;

describe('babus node, and slot info, of a running launch', () => {
  let bench: LaunchBench;
  let launch: TestProcess;
  const socket = (): string => join(bench.root, 'look', 'control.sock');

  beforeEach(async () => {
    bench = new LaunchBench();
    bench.write('look.yaml', FILE);
    launch = await start();
  });

  async function start(): Promise<TestProcess> {
    const process = bench.start('launch', 'look.yaml', '--json');
    for (const node of ['camera', 'edges'])
      await process.waitForOutput(new RegExp(`"node":"${node}","state":"ready"`));
    return process;
  }

  async function end(): Promise<void> {
    launch.kill('SIGINT');
    assert.equal((await launch.exit()).code, 0);
    assert.deepEqual(bench.domains, []);
  }

  it('list: one object for each node, with the keys that programs rely on', async () => {
    const { code, stdout, stderr } = await bench.run('node', 'list', '--json');
    assert.equal(code, 0, stderr);
    const rows = jsonLines(stdout);
    for (const row of rows) {
      assert.equal(Object.keys(row).join(), 'node,pid,state,restarts,publishes,subscribes');
      assert.equal(isAlive(row['pid'] as number), true);
    }
    assert.deepEqual(
      rows.map(({ pid: _pid, ...rest }) => rest),
      [
        { node: 'camera', state: 'ready', restarts: 0, publishes: ['camera/image'], subscribes: [] },
        {
          node: 'edges',
          state: 'ready',
          restarts: 0,
          publishes: ['camera/edges'],
          subscribes: ['camera/image'],
        },
      ],
    );
    await end();
  });

  it('list: as a table; a restart is counted', async () => {
    const [, pid] = /"node":"edges","state":"ready","pid":(\d+)/.exec(launch.stdout)!;
    process.kill(Number(pid), 'SIGKILL');
    await launch.waitForOutput(/"node":"edges","state":"ready","pid":\d+,"restarts":1/);
    const { stdout } = await bench.run('node', 'list');
    assert.match(
      stdout,
      /^node +pid +state +restarts +publishes +subscribes +went wrong\ncamera +\d+ +ready +0 +camera\/image +- +-\n/,
    );
    assert.match(stdout, /\nedges +\d+ +ready +1 +camera\/edges +camera\/image +-\n$/);
    const info = await bench.run('node', 'info', 'edges', '--json');
    const { last_exit } = JSON.parse(info.stdout) as NodeDetails;
    assert.equal(last_exit?.signal, 'SIGKILL');
    assert.equal(last_exit.reason, 'was ended by SIGKILL');
    await end();
  });

  it('info: class, parameters, ports with schema and counts, uptime', async () => {
    const details = await until(async () => {
      const { stdout } = await bench.run('node', 'info', 'edges', '--json');
      const found = JSON.parse(stdout) as NodeDetails;
      return found.ports[0]!.messages > 0 ? found : undefined;
    }, 'edges to say what it has done');
    assert.equal(details.class, 'EdgeDetector');
    assert.equal(details.use, 'babus/nodes/edges');
    assert.match(details.module, /^file:\/\/.*nodes\/edges\.js$/);
    assert.deepEqual(details.params, { threshold: 0 });
    assert.deepEqual(
      details.ports.map(({ port, direction, slot, schema }) => ({ port, direction, slot, schema })),
      [
        { port: 'image', direction: 'subscribes', slot: 'camera/image', schema: 'std/Image' },
        { port: 'edges', direction: 'publishes', slot: 'camera/edges', schema: 'std/Image' },
      ],
    );
    assert.ok(details.uptime_s! > 0);
    assert.equal(details.last_exit, null);
    assert.deepEqual(new Set(Object.values(details.counters)), new Set([0]));
    const { stdout } = await bench.run('node', 'info', 'camera');
    assert.match(stdout, /^node +camera\nstate +ready\n/);
    assert.match(stdout, /\nclass +Camera of babus\/nodes\/camera\n/);
    assert.match(stdout, /\n {2}width: 64\n/);
    assert.match(stdout, /\n {2}image +publishes +camera\/image +std\/Image +\d+ +0\n$/);
    await end();
  });

  it('suggests names of nodes and slots', async () => {
    const node = await bench.run('node', 'info', 'camra');
    assert.deepEqual(
      [node.code, node.stderr],
      [2, "no node 'camra' in domain 'look'; did you mean 'camera'?\n"],
    );
    const slot = await bench.run('slot', 'info', 'camera/imag');
    assert.equal(slot.code, 2);
    assert.match(slot.stderr, /^no slot 'camera\/imag'.*; did you mean 'camera\/image'\?\n$/);
    const domain = await bench.run('node', 'list', '--domain', 'lok');
    assert.equal(domain.code, 2);
    assert.match(domain.stderr, /^no domain 'lok' .*running: look\n$/);
    await end();
  });

  it('slot info: layout, ends with their counts, latency, the newest message', async () => {
    type Info = Record<string, unknown> & {
      subscribers: { row: number; name: string; delivered: number; missed: number; filtered: number }[];
    };
    const info = await until(async () => {
      const { stdout } = await bench.run('slot', 'info', '/camera/image', '--json');
      const found = JSON.parse(stdout) as Info;
      return found.subscribers[0]!.delivered > 0 ? found : undefined;
    }, 'a count of edges');
    const { depth, schema, fields, newest, seq, publishers, subscribers } = info;
    assert.deepEqual({ depth, schema }, { depth: 8, schema: 'std/Image' });
    assert.deepEqual((fields as object[]).slice(0, 3), [
      { name: 'stamp', type: 'time', offset: 0 },
      { name: 'frame_id', type: 'string', offset: 8 },
      { name: 'width', type: 'uint32', offset: 16 },
    ]);
    const { seq: newestSeq, time_ns, bytes } = newest as { seq: number; time_ns: string; bytes: number };
    assert.ok(newestSeq >= (seq as number));
    assert.match(time_ns, /^\d{19}$/);
    assert.ok(bytes > 64 * 48);
    assert.deepEqual(
      (publishers as { name: string }[]).map(({ name }) => name),
      ['camera'],
    );
    assert.deepEqual(
      subscribers.map(({ name }) => name),
      ['edges'],
    );
    const counts = Object.entries(subscribers[0]!).filter(([key]) => key !== 'name');
    assert.ok(counts.length === 4 && counts.every(([, count]) => Number.isInteger(count)));
    assert.equal(info['delivered'], subscribers[0]!.delivered);
    assert.ok(Number.isInteger(info['filtered']));
    assert.ok((info['latency_p50_ns'] as number) <= (info['latency_p99_ns'] as number));
    const { stdout } = await bench.run('slot', 'info', 'camera/image');
    assert.match(
      stdout,
      /\npublisher +published\ncamera +\d+\n\nsubscriber +delivered +missed +filtered\nedges +\d+ +\d+ +\d+\n/,
    );
    assert.match(stdout, /\n\noffset +field +type\n +0 +stamp +time\n/);
    const { participants } = native().inspect(bench.root, 'look');
    assert.ok(!participants.some(({ name }) => name === 'babus-slot-info'), 'it has left');
    await end();
  });

  it('the socket of a killed launcher: said, replaced by the next, and gone after it', async () => {
    launch.kill('SIGKILL');
    await launch.exit();
    assert.equal(lstatSync(socket()).isSocket(), true);
    const { code, stderr } = await bench.run('node', 'list', '--domain', 'look');
    assert.equal(code, 1, stderr);
    assert.match(stderr, /domain 'look' has no launcher that could be asked/);
    launch = await until(() => start().catch(() => undefined), 'the next launch');
    assert.equal((await bench.run('node', 'list')).code, 0);
    await end();
  });

  it('a launcher that is disturbed goes on; one that is stopped is said not to answer', async () => {
    const garbage = connect(socket());
    garbage.on('error', () => garbage.destroy());
    garbage.write(Buffer.alloc(4_000_000, 0x7b));
    const idle = Array.from({ length: 50 }, () => connect(socket()).on('error', () => undefined));
    assert.equal((await bench.run('node', 'list')).code, 0);
    for (const each of [garbage, ...idle]) each.destroy();
    launch.kill('SIGSTOP');
    const { code, stderr } = await bench.run('node', 'list');
    launch.kill('SIGCONT');
    assert.equal(code, 1);
    assert.match(stderr, /control\.sock: the launcher does not answer within 5 s/);
    assert.equal((await bench.run('node', 'list')).code, 0);
    await end();
  });
});

describe('babus launch: the path of its control socket', () => {
  it('too long: said before anything starts', async () => {
    const bench = new LaunchBench();
    bench.write('look.yaml', FILE);
    const root = join(tempDir(), 'r'.repeat(100));
    const env = { ...bench.env, BABUS_SHM: root };
    const { code, stdout, stderr } = await runCli(['launch', 'look.yaml'], { cwd: bench.folder, env });
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(
      stderr,
      /r\/look\/control\.sock: the path of the control socket has \d+ bytes, .* at most 107; .*BABUS_SHM/,
    );
    assert.equal(existsSync(root), false);
  });

  it('taken by something else: said, and nothing is left behind', async () => {
    const bench = new LaunchBench();
    bench.write('look.yaml', FILE);
    mkdirSync(join(bench.root, 'look'), { mode: 0o700 });
    writeFileSync(join(bench.root, 'look', 'control.sock'), 'mine');
    const { code, stderr } = await bench.run('launch', 'look.yaml');
    assert.equal(code, 1);
    assert.match(stderr, /control\.sock is in the way and no socket; move it away/);
    assert.deepEqual(readdirSync(join(bench.root, 'look')), ['control.sock']);
  });
});
