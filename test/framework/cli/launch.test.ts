import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnTracked, CLI, until, type TestProcess } from '../../support/index.js';
import { isAlive } from '../launch/supervise/bench.js';
import { jsonLines, LaunchBench } from './launch-bench.js';

/** A node that prints, and obeys or not. */
const TALKER = `
import { Node, node, param, every } from 'babus';
@node()
export class Talker extends Node {
  @param({ type: 'string', default: 'hello' }) text!: string;
  @param({ type: 'boolean', default: false }) deaf!: boolean;
  @param({ type: 'integer', default: -1 }) exit!: number;
  onStart() {
    if (this.exit >= 0) process.exit(this.exit);
    console.log(this.text + ' from ' + process.pid);
  }
  @every('20ms') tick() { console.log(this.text); }
  onStop() { if (this.deaf) for (;;); }
}
`;

describe('babus launch', () => {
  let bench: LaunchBench;
  beforeEach(() => {
    bench = new LaunchBench();
    writeFileSync(join(bench.folder, 'talker.ts'), TALKER);
    bench.write(
      'two.yaml',
      'nodes:\n  one: { use: ./talker }\n  second: { use: ./talker, params: { text: hi } }\n',
    );
  });

  /** Process ids that the two nodes have printed. */
  const pidsOf = async (launch: TestProcess): Promise<number[]> => {
    const one = await launch.waitForOutput(/one {4}\| hello from (\d+)/);
    const second = await launch.waitForOutput(/second \| hi from (\d+)/);
    return [Number(one[1]), Number(second[1])];
  };

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    it(`stops everything on ${signal} and ends with 0, leaving nothing`, async () => {
      const launch = bench.start('launch', 'two.yaml');
      const pids = await pidsOf(launch);
      assert.deepEqual(bench.domains, ['two']);
      launch.kill(signal);
      assert.equal((await launch.exit()).code, 0);
      assert.match(launch.stdout, new RegExp(`babus {2}\\| stopping \\(${signal}\\)`));
      for (const pid of pids) assert.equal(isAlive(pid), false);
      assert.deepEqual(bench.domains, []);
    });

  it('stops by itself with --for', async () => {
    const { code, stdout, stderr } = await bench.run(
      'launch',
      'two.yaml',
      '--for',
      '300ms',
      '--domain',
      'brief',
    );
    assert.equal(code, 0, stderr);
    assert.match(stdout, /babus {2}\| stopping \(time is up\)/);
    assert.deepEqual(bench.domains, []);
  });

  it('kills what is deaf on the second Ctrl-C', async () => {
    bench.write('deaf.yaml', 'nodes: { one: { use: ./talker, params: { deaf: true } } }\n');
    const launch = bench.start('launch', 'deaf.yaml');
    const pid = Number((await launch.waitForOutput(/hello from (\d+)/))[1]);
    launch.kill('SIGINT');
    await launch.waitForOutput(/stopping \(SIGINT\)/);
    launch.kill('SIGINT');
    assert.equal((await launch.exit()).code, 0);
    assert.equal(isAlive(pid), false);
    assert.deepEqual(bench.domains, []);
  });

  it('ends with 1 when a node has failed for good, 0 when all have finished', async () => {
    bench.write(
      'fails.yaml',
      'nodes: { a: { use: ./talker, params: { exit: 3 }, restart: { policy: never } } }\n',
    );
    const failed = await bench.run('launch', 'fails.yaml');
    assert.equal(failed.code, 1);
    assert.match(failed.stdout, /a has failed for good: exited with code 3; its restart policy is never/);
    bench.write('ends.yaml', 'nodes: { a: { use: ./talker, params: { exit: 0 } } }\n');
    const finished = await bench.run('launch', 'ends.yaml');
    assert.equal(finished.code, 0);
    assert.match(finished.stdout, /a has finished/);
    assert.deepEqual(bench.domains, []);
  });

  it('starts nothing from a wrong file, and ends with 2', async () => {
    bench.write(
      'bad.yaml',
      'nodes:\n  one: { use: ./talker }\n  two: { use: ./talker, params: { txt: x } }\n',
    );
    const { code, stdout, stderr } = await bench.run('launch', 'bad.yaml');
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(
      stderr,
      /^bad\.yaml:3:\d+: unknown key 'txt' in nodes\.two\.params; did you mean 'text'\?\n$/,
    );
    assert.deepEqual(bench.domains, []);
    const json = await bench.run('launch', 'bad.yaml', '--json');
    assert.equal(json.code, 2);
    assert.deepEqual(
      jsonLines(json.stdout).map(({ event, code: name }) => [event, name]),
      [['error', 'ERR_BABUS_PARAM']],
    );
  });

  it('restarts a killed node by itself, and says so', async () => {
    const launch = bench.start('launch', 'two.yaml');
    const [one, second] = await pidsOf(launch);
    process.kill(one!, 'SIGKILL');
    const again = await until(() => {
      const pids = [...launch.stdout.matchAll(/one {4}\| hello from (\d+)/g)].map((match) =>
        Number(match[1]),
      );
      return pids.find((pid) => pid !== one);
    }, 'the node to be back');
    assert.match(launch.stdout, /babus {2}\| one was ended by SIGKILL; restarting in 200ms \(restart 1\)/);
    assert.ok(isAlive(again) && isAlive(second!));
    launch.kill('SIGINT');
    assert.equal((await launch.exit()).code, 0);
  });

  it('--json prints states, output and exits as JSON Lines', async () => {
    const { code, stdout } = await bench.run('launch', 'two.yaml', '--for', '3s', '--json');
    assert.equal(code, 0);
    const events = jsonLines(stdout).filter(({ node }) => node === undefined || node === 'one');
    const states = events.filter(({ event }) => event === 'state').map(({ state }) => state);
    assert.deepEqual(states, ['starting', 'ready', 'stopping', 'stopped']);
    const output = events.filter(({ event }) => event === 'output');
    assert.ok(output.some(({ stream, text }) => stream === 'stdout' && text === 'hello'));
    assert.deepEqual(
      events.find(({ event }) => event === 'exit'),
      { event: 'exit', node: 'one', code: 0, signal: null },
    );
    assert.deepEqual(
      events.find(({ event }) => event === 'stopping'),
      { event: 'stopping', reason: 'time is up' },
    );
    assert.equal(typeof events.find(({ state }) => state === 'ready')!['pid'], 'number');
  });

  it('--args prints the arguments of a file', async () => {
    bench.write(
      'args.yaml',
      'args:\n  device: { description: the camera }\n  rate: { default: 30 }\n  mode: { default: a, choices: [a, b] }\nnodes: { a: { use: ./talker } }\n',
    );
    assert.deepEqual(await bench.run('launch', 'args.yaml', '--args'), {
      code: 0,
      signal: null,
      stdout: '  device:=  (required) the camera\n  rate:=30  (number)\n  mode:=a   (one of a, b)\n',
      stderr: '',
    });
  });

  it('stops when nobody reads its output any more', async () => {
    const launch = spawnTracked(process.execPath, [CLI, 'launch', 'two.yaml'], {
      cwd: bench.folder,
      env: bench.env,
    });
    const pids = await pidsOf(launch);
    launch.child.stdout!.destroy();
    assert.equal((await launch.exit()).code, 0);
    for (const pid of pids) assert.equal(isAlive(pid), false);
    assert.deepEqual(bench.domains, []);
  });

  it('leaves no node behind when it is killed itself', async () => {
    const launch = bench.start('launch', 'two.yaml');
    const pids = await pidsOf(launch);
    launch.kill('SIGKILL');
    await launch.exit();
    for (const pid of pids) await until(() => !isAlive(pid), 'the nodes to be gone');
    const { code } = await bench.run('launch', 'two.yaml', '--for', '100ms');
    assert.equal(code, 0);
    assert.deepEqual(bench.domains, []);
  });

  it('starts anew where a killed launch has left a damaged domain, and others are not kept from theirs', async () => {
    const dead = bench.start('launch', 'two.yaml');
    const pids = await pidsOf(dead);
    dead.kill('SIGKILL');
    await dead.exit();
    for (const pid of pids) await until(() => !isAlive(pid), 'the nodes to be gone');
    truncateSync(join(bench.root, 'two', 'domain'), 100);
    const beside = bench.start('launch', 'two.yaml', '--domain', 'beside');
    await pidsOf(beside);
    const listed = await bench.run('slot', 'list'); // finds the only one that runs
    assert.equal(listed.code, 0, listed.stderr);
    const launch = bench.start('launch', 'two.yaml');
    await pidsOf(launch);
    launch.kill('SIGINT');
    beside.kill('SIGINT');
    assert.equal((await launch.exit()).code, 0);
    assert.equal((await beside.exit()).code, 0);
    assert.deepEqual(bench.domains, []);
  });

  it('is refused in a domain that another launch uses, which goes on', async () => {
    const first = bench.start('launch', 'two.yaml');
    const pids = await pidsOf(first);
    bench.write('more.yaml', 'domain: two\nnodes: { third: { use: ./talker } }\n');
    const second = await bench.run('launch', 'more.yaml', '--for', '100ms');
    assert.equal(second.code, 1);
    assert.match(
      second.stderr,
      /^domain 'two' is in use by .*; stop them, add to them with --join, or choose another with --domain\n$/,
    );
    assert.equal(second.stdout, '');
    assert.deepEqual(bench.domains, ['two']);
    assert.ok(pids.every(isAlive));
    first.kill('SIGINT');
    assert.equal((await first.exit()).code, 0);
    assert.deepEqual(bench.domains, []);
  });
});
