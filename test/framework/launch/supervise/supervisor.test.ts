import assert from 'node:assert/strict';
import { mkdirSync, realpathSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { tempDir, until } from '../../../support/index.js';
import { Bench, isAlive } from './bench.js';

describe('Supervisor: runs', () => {
  it('starts the nodes in the order of the plan, each in a process of its own', async () => {
    const bench = new Bench([{ name: 'c' }, { name: 'a' }, { name: 'b' }]);
    const run = bench.supervisor.run();
    assert.deepEqual(bench.events, ['starting c', 'starting a', 'starting b']);
    for (const name of ['a', 'b', 'c']) await bench.reaches(name, 'ready');
    const pids = bench.supervisor.nodes().map((each) => each.pid);
    assert.equal(new Set([...pids, process.pid]).size, 4);
    await bench.supervisor.stop('test');
    assert.equal(await run, 0);
    for (const pid of pids) assert.equal(isAlive(pid!), false);
  });

  it('tells a node its name, domain and memory, and gives it its own variables and folder', async () => {
    const folder = tempDir();
    const names = ['BABUS_NODE', 'BABUS_DOMAIN', 'BABUS_SHM', 'COLOUR', 'PATH'];
    const bench = new Bench([
      { name: 'camera', params: { env: names, cwd: true, exit: 0 }, env: { COLOUR: 'red' }, cwd: folder },
    ]);
    assert.equal(await bench.supervisor.run(), 0);
    assert.deepEqual(bench.sink.of('camera'), [
      `BABUS_NODE=camera BABUS_DOMAIN=test BABUS_SHM=/nowhere COLOUR=red PATH=${process.env['PATH']}`,
      realpathSync(folder),
    ]);
  });

  it('ends by itself when every node has finished', async () => {
    const bench = new Bench([
      { name: 'a', params: { exit: 0 } },
      { name: 'b', params: { exit: 0 } },
    ]);
    assert.equal(await bench.supervisor.run(), 0);
    assert.deepEqual(
      bench.supervisor.nodes().map((each) => each.state),
      ['finished', 'finished'],
    );
  });

  it('prepares the domain before the first start and cleans it up once after the last end', async () => {
    const calls: string[] = [];
    const bench: Bench = new Bench([{ name: 'a', params: { exit: 0 } }], {
      prepareDomain: () => {
        calls.push(`prepare ${bench.events.length}`);
      },
      cleanupDomain: () => calls.push(`cleanup ${bench.state('a')}`),
    });
    await bench.supervisor.run();
    assert.deepEqual(calls, ['prepare 0', 'cleanup finished']);
  });

  it('starts nothing when the domain cannot be prepared', async () => {
    const bench = new Bench([{ name: 'a' }], {
      prepareDomain: () => {
        throw new Error('no memory');
      },
    });
    await assert.rejects(bench.supervisor.run(), /no memory/);
    assert.deepEqual(bench.events, []);
  });

  it('is not led astray by messages that a node sends itself', async () => {
    const babble = [
      'null\n{"type":"something"}\n"text"\n[]\n{"type":"health"}\n{"type":"health","health":7}\n',
    ];
    const bench = new Bench([{ name: 'a', params: { babble, exit: 0 } }]);
    assert.equal(await bench.supervisor.run(), 0);
    assert.deepEqual(bench.reasons, []);
  });
});

describe('Supervisor: restarts', () => {
  it('restarts a node twenty times that is killed twenty times while ready', async () => {
    const bench = new Bench([{ name: 'a', restart: { delayMs: 1 } }, { name: 'b' }]);
    const run = bench.supervisor.run();
    await bench.reaches('b', 'ready');
    const other = bench.status('b').pid;
    const pids = new Set<number>();
    for (let restarts = 0; restarts < 20; restarts++) {
      await until(
        () => bench.state('a') === 'ready' && bench.status('a').restarts === restarts,
        'a to be back',
      );
      const { pid } = bench.status('a');
      pids.add(pid!);
      process.kill(pid!, 'SIGKILL');
    }
    await until(() => bench.state('a') === 'ready' && bench.status('a').restarts === 20, 'the last restart');
    assert.equal(pids.size, 20);
    assert.equal(bench.status('b').pid, other);
    await bench.supervisor.stop('test');
    assert.equal(await run, 0);
  });

  it('gives a node up that ends five times in a row before it is ready, and says why', async () => {
    const bench = new Bench([{ name: 'a', params: { failed: 'no such device', exitEarly: 1 } }]);
    assert.equal(await bench.supervisor.run(), 1);
    assert.equal(bench.state('a'), 'failed');
    assert.equal(bench.events.filter((event) => event === 'starting a').length, 5);
    assert.equal(
      bench.reasons.at(-1),
      'a: exited with code 1 (no such device); it ended 5 times in a row before it was ready',
    );
  });

  it('goes on with the others when a node has failed for good, and then ends with 1', async () => {
    const bench = new Bench([
      { name: 'a', params: { exitEarly: 1 }, restart: { policy: 'never' } },
      { name: 'b' },
    ]);
    const run = bench.supervisor.run();
    await bench.reaches('a', 'failed');
    await bench.reaches('b', 'ready');
    await bench.supervisor.stop('test');
    assert.equal(await run, 1);
    assert.deepEqual(bench.reasons, ['a: exited with code 1; its restart policy is never']);
  });

  it('restarts after an exit with 0 only under always', async () => {
    const bench = new Bench([{ name: 'a', params: { exit: 0 }, restart: { policy: 'always', max: 2 } }]);
    assert.equal(await bench.supervisor.run(), 1);
    assert.equal(bench.status('a').restarts, 2);
    assert.match(bench.reasons.at(-1)!, /exited with code 0; more than 2 restarts within 1m/);
  });

  it('says so when a process cannot be started', async () => {
    const folder = join(tempDir(), 'gone');
    mkdirSync(folder);
    const bench = new Bench([
      { name: 'a', cwd: folder, restart: { policy: 'never' } },
      { name: 'b', env: { BAD: 'a\0b' }, restart: { policy: 'never' } },
    ]);
    rmdirSync(folder);
    assert.equal(await bench.supervisor.run(), 1);
    assert.match(
      bench.reasons.find((reason) => reason.startsWith('a: '))!,
      /cannot start: .*ENOENT/,
    );
    assert.match(
      bench.reasons.find((reason) => reason.startsWith('b: '))!,
      /cannot start: .*null bytes/,
    );
  });
});

describe('Supervisor: stopping', () => {
  it('stops subscribers before publishers, level by level', async () => {
    const bench = new Bench([
      { name: 'camera', level: 0 },
      { name: 'edges', level: 1, params: { stopAfterMs: 50 } },
      { name: 'lines', level: 1, params: { stopAfterMs: 20 } },
      { name: 'view', level: 2, params: { stopAfterMs: 20 } },
    ]);
    const run = bench.supervisor.run();
    for (const name of ['camera', 'edges', 'lines', 'view']) await bench.reaches(name, 'ready');
    bench.events.length = 0;
    await bench.supervisor.stop('test');
    assert.equal(await run, 0);
    const order = bench.events.filter((event) => !event.startsWith('exit'));
    assert.deepEqual(order.slice(0, 2), ['stopping view', 'stopped view']);
    assert.deepEqual(order.slice(2, 4), ['stopping edges', 'stopping lines']);
    assert.deepEqual(order.slice(4, 6).sort(), ['stopped edges', 'stopped lines']);
    assert.deepEqual(order.slice(6), ['stopping camera', 'stopped camera']);
    for (const name of ['camera', 'edges', 'lines', 'view'])
      assert.deepEqual(bench.sink.of(name), ['got stop'], name);
  });

  it('sends SIGTERM to a node that is deaf to the request, then SIGKILL to it and its children', async () => {
    const bench = new Bench([{ name: 'a', params: { deaf: true, child: true } }], {
      patience: { stopMs: 300, termMs: 300 },
    });
    const run = bench.supervisor.run();
    await bench.reaches('a', 'ready');
    const child = await until(
      () => bench.sink.of('a').find((line) => line.startsWith('child ')),
      'the child',
    );
    const pids = [bench.status('a').pid!, Number(child.slice('child '.length))];
    await bench.supervisor.stop('test');
    assert.equal(await run, 0);
    assert.deepEqual(bench.sink.of('a').slice(1), ['got stop', 'got SIGTERM']);
    assert.ok(bench.events.includes('exit a SIGKILL'));
    for (const pid of pids) await until(() => !isAlive(pid), `process ${pid} to be gone`);
  });

  it("does not let a node's children survive it", async () => {
    const bench = new Bench([{ name: 'a', params: { child: true } }]);
    const run = bench.supervisor.run();
    const child = await until(
      () => bench.sink.of('a').find((line) => line.startsWith('child ')),
      'the child',
    );
    await bench.supervisor.stop('test');
    await run;
    await until(() => !isAlive(Number(child.slice('child '.length))), 'the child to be gone');
  });

  it('starts nothing again once it stops, whatever ends meanwhile', async () => {
    const bench = new Bench([
      { name: 'camera', level: 0 },
      { name: 'edges', level: 1, params: { stopAfterMs: 200 } },
      { name: 'lost', level: 0, params: { exit: 1 }, restart: { delayMs: 1e6 } },
    ]);
    const run = bench.supervisor.run();
    await bench.reaches('camera', 'ready');
    await bench.reaches('edges', 'ready');
    await bench.reaches('lost', 'restarting');
    const stopped = bench.supervisor.stop('test');
    process.kill(bench.status('camera').pid!, 'SIGKILL');
    await stopped;
    assert.equal(await run, 0);
    assert.equal(bench.events.filter((event) => event === 'starting camera').length, 1);
    assert.deepEqual(
      bench.supervisor.nodes().map((each) => each.state),
      ['stopped', 'stopped', 'stopped'],
    );
  });

  it('stops a node that is not ready yet', async () => {
    const bench = new Bench([{ name: 'a', params: { silent: true } }]);
    const run = bench.supervisor.run();
    await bench.supervisor.stop('test');
    assert.equal(await run, 0);
    assert.equal(bench.state('a'), 'stopped');
  });

  it('kills everything at once on demand, whatever it is waiting for', async () => {
    const bench = new Bench([
      { name: 'a', level: 0 },
      { name: 'b', level: 1, params: { deaf: true } },
    ]);
    const run = bench.supervisor.run();
    await bench.reaches('a', 'ready');
    await bench.reaches('b', 'ready');
    void bench.supervisor.stop('first Ctrl-C');
    await until(() => bench.sink.of('b').includes('got stop'), 'b to be asked');
    bench.supervisor.kill();
    assert.equal(await run, 0);
    assert.ok(bench.events.includes('exit a SIGKILL') && bench.events.includes('exit b SIGKILL'));
  });

  it('does not take a crash while stopping for a failure', async () => {
    const bench = new Bench([{ name: 'a', params: { stopCode: 3 } }]);
    const run = bench.supervisor.run();
    await bench.reaches('a', 'ready');
    await bench.supervisor.stop('test');
    assert.equal(await run, 0);
    assert.equal(bench.state('a'), 'stopped');
  });
});
