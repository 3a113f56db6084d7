import assert from 'node:assert/strict';
import type { DependencyCondition } from '../../../../framework/launch/index.js';
import { until } from '../../../support/index.js';
import { Bench, isAlive, type FakeNode } from './bench.js';

/** A node that waits for others, by their names. */
function after(name: string, conditions: Readonly<Record<string, DependencyCondition>>, rest = {}): FakeNode {
  const dependsOn = Object.entries(conditions).map(([node, condition]) => ({ node, condition }));
  return { name, life: { dependsOn }, ...rest };
}

function indexOf(bench: Bench, event: string): number {
  const at = bench.events.indexOf(event);
  assert.ok(at >= 0, `${event} is not among ${bench.events.join(', ')}`);
  return at;
}

describe('Supervisor: dependencies', () => {
  it('start a node when those it waits for are ready, and say what it waits for', async () => {
    const bench = new Bench([after('c', { b: 'ready' }), after('b', { a: 'ready' }), { name: 'a' }]);
    const run = bench.supervisor.run();
    assert.deepEqual(bench.events, ['waiting c', 'waiting b', 'starting a']);
    assert.deepEqual(bench.reasons, ['c: waits for b to be ready', 'b: waits for a to be ready']);
    await bench.reaches('c', 'ready');
    assert.ok(indexOf(bench, 'ready a') < indexOf(bench, 'starting b'));
    assert.ok(indexOf(bench, 'ready b') < indexOf(bench, 'starting c'));
    await bench.supervisor.stop('test');
    assert.equal(await run, 0);
  });

  it('started: begins once the other has attached, before that is ready', async () => {
    const bench = new Bench([{ name: 'a', params: { stuck: true } }, after('b', { a: 'started' })]);
    const run = bench.supervisor.run();
    await bench.reaches('b', 'ready');
    assert.equal(bench.state('a'), 'starting');
    bench.supervisor.kill();
    await run;
  });

  it('exited: waits for an end with 0', async () => {
    const bench = new Bench([{ name: 'a', params: { exit: 0 } }, after('b', { a: 'exited' })]);
    const run = bench.supervisor.run();
    await bench.reaches('b', 'ready');
    assert.ok(indexOf(bench, 'finished a') < indexOf(bench, 'starting b'));
    await bench.supervisor.stop('test');
    assert.equal(await run, 0);
  });

  it('publishing: waits for new messages in each slot of the other', async () => {
    const newest = new Map([['image', 7]]);
    const bench = new Bench([{ name: 'a', publishes: ['image', 'info'] }, after('b', { a: 'publishing' })], {
      sequences: () => new Map(newest),
    });
    const run = bench.supervisor.run();
    await bench.reaches('a', 'ready');
    newest.set('info', 1);
    // Time for some looks: a start that should not be can only be missed here, never be seen in error.
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.equal(bench.state('b'), 'waiting');
    newest.set('image', 8);
    await bench.reaches('b', 'ready');
    await bench.supervisor.stop('test');
    assert.equal(await run, 0);
  });

  it('give a node up whose condition will never hold, and those that wait for it', async () => {
    const bench = new Bench([
      { name: 'a', params: { exitEarly: 3 }, restart: { policy: 'never' } },
      after('b', { a: 'ready' }),
      after('c', { b: 'started' }),
      { name: 'd', params: { exit: 0 } },
      after('e', { d: 'exited', a: 'exited' }),
    ]);
    assert.equal(await bench.supervisor.run(), 1);
    assert.deepEqual(
      bench.supervisor.nodes().map(({ node, state }) => `${node} ${state}`),
      ['a failed', 'b failed', 'c failed', 'd finished', 'e failed'],
    );
    assert.ok(bench.reasons.includes('b: it waits for a to be ready, which has ended without'));
    assert.ok(bench.reasons.includes('c: it waits for b to be started, which has ended without'));
  });

  it('do not hold up the others, nor the end', async () => {
    const bench = new Bench(
      [
        { name: 'a', params: { stuck: true } },
        after('b', { a: 'ready' }),
        { name: 'c', params: { tellGo: true } },
      ],
      { barrierMs: 60_000 },
    );
    const run = bench.supervisor.run();
    await bench.reaches('c', 'ready');
    bench.supervisor.kill();
    await run;
    assert.equal(bench.state('b'), 'stopped');
  });

  it('are waited for before the first start alone', async () => {
    const bench = new Bench([{ name: 'a' }, after('b', { a: 'ready' })]);
    const run = bench.supervisor.run();
    await bench.reaches('b', 'ready');
    process.kill(bench.status('a').pid!, 'SIGSTOP');
    process.kill(bench.status('b').pid!, 'SIGKILL');
    await until(() => bench.status('b').restarts === 1 && bench.state('b') === 'ready', 'b to be back');
    process.kill(bench.status('a').pid!, 'SIGCONT');
    await bench.supervisor.stop('test');
    assert.equal(await run, 0);
  });
});

describe('Supervisor: deadlines and required nodes', () => {
  it('ends a run that is not ready in time, as a failed one', async () => {
    const bench = new Bench([
      { name: 'a', params: { stuck: true }, life: { startTimeoutMs: 50 }, restart: { max: 1 } },
    ]);
    assert.equal(await bench.supervisor.run(), 1);
    assert.equal(bench.status('a').restarts, 1);
    assert.match(
      bench.reasons.at(-1)!,
      /^a: was ended by SIGKILL \(it was not ready within start_timeout, 50ms: (its onStart\(\)|the import of its module) was still under way\); more than 1/,
    );
  });

  it('does not count the time that a node waits for others to attach', async () => {
    const bench = new Bench([
      { name: 'a', life: { startTimeoutMs: 2000 } },
      { name: 'late', params: { attachAfterMs: 2500 } },
    ]);
    const run = bench.supervisor.run();
    await bench.reaches('a', 'ready');
    assert.equal(bench.status('a').restarts, 0);
    await bench.supervisor.stop('test');
    assert.equal(await run, 0);
  });

  for (const [how, params, code] of [
    ['finished', { exit: 0 }, 0],
    ['failed', { exitEarly: 4 }, 1],
  ] as const)
    it(`ends the launch when a required node has ${how}`, async () => {
      const bench = new Bench([
        { name: 'a' },
        { name: 'b', params, life: { required: true }, restart: { policy: 'never' } },
      ]);
      const reasons: string[] = [];
      bench.supervisor.on('stopping', (reason) => reasons.push(reason));
      assert.equal(await bench.supervisor.run(), code);
      assert.deepEqual(reasons, [`b, which is required, has ${how}`]);
      assert.equal(bench.state('a'), 'stopped');
    });

  it('gives a node its own time to stop, and tells it', async () => {
    const bench = new Bench([{ name: 'a', params: { deaf: true }, life: { stopTimeoutMs: 40 } }], {
      patience: { stopMs: 60_000, termMs: 50 },
    });
    const run = bench.supervisor.run();
    await bench.reaches('a', 'ready');
    await bench.supervisor.stop('test');
    await run;
    assert.ok(bench.reasons.includes('a: has not stopped within 40ms: sending SIGTERM'));
  });
});

describe('Supervisor: nodes by hand', () => {
  it('stops one node, which stays stopped, and starts it again', async () => {
    const bench = new Bench([{ name: 'a' }, { name: 'b' }]);
    const run = bench.supervisor.run();
    await bench.reaches('a', 'ready');
    await bench.reaches('b', 'ready');
    const { pid } = bench.status('a');
    bench.supervisor.control('a', 'stop');
    await bench.reaches('a', 'stopped');
    assert.equal(isAlive(pid!), false);
    assert.equal(bench.state('b'), 'ready');
    bench.supervisor.control('a', 'start');
    await bench.reaches('a', 'ready');
    assert.equal(bench.status('a').restarts, 1);
    await bench.supervisor.stop('test');
    assert.equal(await run, 0);
  });

  it('goes on when all nodes were stopped by hand', async () => {
    const bench = new Bench([{ name: 'a' }]);
    const run = bench.supervisor.run();
    await bench.reaches('a', 'ready');
    bench.supervisor.control('a', 'stop');
    await bench.reaches('a', 'stopped');
    bench.supervisor.control('a', 'start');
    await bench.reaches('a', 'ready');
    await bench.supervisor.stop('test');
    assert.equal(await run, 0);
  });

  it('restarts a node that runs, one that has failed, and one that waits', async () => {
    const bench = new Bench([
      { name: 'a' },
      { name: 'b', params: { exitEarly: 1 }, restart: { policy: 'never' } },
      after('c', { d: 'ready' }),
      { name: 'd', params: { stuck: true } },
    ]);
    const run = bench.supervisor.run();
    await bench.reaches('a', 'ready');
    await bench.reaches('b', 'failed');
    const { pid } = bench.status('a');
    bench.supervisor.control('a', 'restart');
    await until(() => bench.state('a') === 'ready' && bench.status('a').pid !== pid, 'a to be back');
    bench.supervisor.control('b', 'restart');
    await until(() => bench.status('b').restarts === 1 && bench.state('b') === 'failed', 'another end of b');
    bench.supervisor.control('c', 'start');
    await bench.reaches('c', 'ready');
    bench.supervisor.kill();
    assert.equal(await run, 1);
  });

  it('leaves a start of a node that runs aside, and refuses names that it does not know', async () => {
    const bench = new Bench([{ name: 'camera' }]);
    const run = bench.supervisor.run();
    await bench.reaches('camera', 'ready');
    const { pid } = bench.status('camera');
    bench.supervisor.control('camera', 'start');
    assert.equal(bench.status('camera').pid, pid);
    assert.throws(() => bench.supervisor.control('camra', 'stop'), {
      code: 'ERR_BABUS_NODE_MISSING',
      message: "no node 'camra' in domain 'test'; did you mean 'camera'?",
    });
    const stopped = bench.supervisor.stop('test');
    assert.throws(() => bench.supervisor.control('camera', 'start'), { code: 'ERR_BABUS_LAUNCHER' });
    await stopped;
    assert.equal(await run, 0);
  });
});
