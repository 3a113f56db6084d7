import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { until } from '../../../support/index.js';
import { Bench } from './bench.js';

/** Longer than any test: what opens the barrier is then not the clock. */
const PATIENT = { barrierMs: 1e6 };

describe('Supervisor: nobody begins before everybody has attached', () => {
  const begun = (bench: Bench, node: string): boolean => bench.sink.of(node).includes('go');

  it('waits for a node that is slow', async () => {
    const bench = new Bench(
      [
        { name: 'quick', params: { tellGo: true } },
        { name: 'slow', params: { tellGo: true, silent: true } },
        { name: 'other', params: { tellGo: true, attachAfterMs: 300, print: 'awake\n' } },
      ],
      PATIENT,
    );
    const run = bench.supervisor.run();
    await until(() => bench.sink.of('other').includes('awake'), 'the third node to run');
    assert.ok(!begun(bench, 'quick') && !begun(bench, 'other'));
    // What will never attach in this run is not waited for.
    process.kill(bench.status('slow').pid!, 'SIGKILL');
    await bench.reaches('quick', 'ready');
    await bench.reaches('other', 'ready');
    assert.ok(begun(bench, 'quick') && begun(bench, 'other'));
    bench.supervisor.kill();
    await run;
  });

  it('does not wait for nodes that fail, end or cannot be started', async () => {
    const bench = new Bench(
      [
        { name: 'quick', params: { exit: 0 } },
        { name: 'failing', params: { failed: 'no such parameter', silent: true } },
        { name: 'ending', params: { exitEarly: 0 } },
        { name: 'impossible', env: { BAD: 'a\0b' }, restart: { policy: 'never' } },
      ],
      PATIENT,
    );
    const run = bench.supervisor.run();
    await bench.reaches('quick', 'finished');
    bench.supervisor.kill();
    await run;
  });

  it('does not wait for ever, says for whom it waits no more, and lets that one begin when it is there', async () => {
    const bench = new Bench(
      [
        { name: 'quick', params: { tellGo: true } },
        { name: 'hangs', params: { silent: true } },
        { name: 'late', params: { attachAfterMs: 700, tellGo: true } },
      ],
      { barrierMs: 300 },
    );
    const run = bench.supervisor.run();
    await bench.reaches('quick', 'ready');
    await bench.reaches('late', 'ready');
    const reason = (node: string): string =>
      `${node}: has not attached to its slots for 300ms, the import of its module is still under way: the others begin without it`;
    assert.ok(bench.reasons.includes(reason('hangs')), bench.reasons.join('\n'));
    assert.equal(bench.state('hangs'), 'starting');
    await bench.supervisor.stop('test');
    await run;
  });

  it('lets a restarted node begin at once, whoever is awaited', async () => {
    const bench = new Bench([{ name: 'a', restart: { delayMs: 1 } }, { name: 'b' }], PATIENT);
    const run = bench.supervisor.run();
    await bench.reaches('a', 'ready');
    process.kill(bench.status('a').pid!, 'SIGKILL');
    await until(() => bench.status('a').restarts === 1 && bench.state('a') === 'ready', 'a to be back');
    await bench.supervisor.stop('test');
    assert.equal(await run, 0);
  });

  it('stops while nodes wait, and none of them begins', async () => {
    const bench = new Bench(
      [
        { name: 'waits', level: 0, params: { tellGo: true } },
        { name: 'hangs', level: 1, params: { silent: true, print: 'up\n' } },
      ],
      PATIENT,
    );
    const run = bench.supervisor.run();
    await until(() => bench.sink.of('hangs').includes('up'), 'the second node');
    await bench.supervisor.stop('test');
    assert.equal(await run, 0);
    assert.deepEqual(bench.sink.of('waits'), ['got stop']);
    assert.deepEqual(bench.sink.of('hangs'), ['up', 'got stop']);
  });
});

describe('Supervisor: the channel of a node', () => {
  it('may carry anything, which costs that node a line in the log', async () => {
    const babble = ['{{{\n', '\n', '\u0000\n', `${'x'.repeat(1_000_000)}\n`];
    const bench = new Bench([{ name: 'a', params: { babble } }, { name: 'b' }]);
    const run = bench.supervisor.run();
    await bench.reaches('a', 'ready');
    await bench.reaches('b', 'ready');
    assert.deepEqual(bench.reasons, [
      'a: writes into its channel to the launcher (descriptor 3), which is not its own; that is left aside',
    ]);
    await bench.supervisor.stop('test');
    assert.equal(await run, 0);
  });

  it('may be flooded, and the others are heard', async () => {
    const bench = new Bench([
      { name: 'a', params: { chatter: true, deaf: true } },
      { name: 'b', restart: { delayMs: 1 } },
    ]);
    const run = bench.supervisor.run();
    await until(() => bench.reasons.length > 0, 'the flood');
    process.kill(bench.status('a').pid!, 'SIGSTOP');
    process.kill(bench.status('a').pid!, 'SIGCONT');
    await bench.reaches('b', 'ready');
    bench.supervisor.kill();
    await run;
  });
});

describe('Supervisor: a node that crashes again and again while nobody reads', () => {
  const descriptors = (): number => readdirSync('/proc/self/fd').length;

  it('takes a few descriptors, and no more lines are kept than fit', async () => {
    const bench = new Bench([
      { name: 'a', params: { print: 'one\ntwo\n', exit: 1 }, restart: { delayMs: 1 } },
    ]);
    const run = bench.supervisor.run();
    bench.sink.full = 'a';
    const restarts = (count: number): Promise<unknown> =>
      until(() => bench.status('a').restarts >= count, `${count} restarts`);
    await restarts(8);
    const before = descriptors();
    await restarts(24);
    const more = descriptors() - before;
    assert.ok(more < 16, `${more} descriptors more after 16 restarts`);
    assert.deepEqual(bench.sink.of('a'), ['one', 'two']);
    await until(
      () => bench.supervisor.record('a')!.troubles.output_lines_dropped > 16,
      'the lines that were let go to be counted',
    );
    bench.sink.drain();
    await until(() => bench.sink.of('a').length > 4, 'the lines that waited');
    bench.supervisor.kill();
    await run;
  });
});

describe('Supervisor: exit code of a launch that is ended', () => {
  const health = (handlerCalls: number, handlerErrors: number): string =>
    JSON.stringify({ counters: { handlerCalls, handlerErrors } });

  for (const [calls, errors, code] of [
    [7, 7, 1],
    [7, 6, 0],
    [0, 0, 0],
  ] as const)
    it(`is ${code} when ${errors} of ${calls} calls of handlers failed`, async () => {
      const bench = new Bench([{ name: 'a', params: { health: health(calls, errors) } }]);
      const run = bench.supervisor.run();
      await bench.reaches('a', 'ready');
      await bench.supervisor.stop('test');
      assert.equal(await run, code);
      assert.equal(bench.state('a'), code === 1 ? 'failed' : 'stopped');
      assert.deepEqual(bench.reasons, code === 1 ? ['a: each of the 7 calls of its handlers failed'] : []);
    });

  it('is 1 when a node was not ready in time, and 0 when it had no time', async () => {
    for (const unreadyMs of [0, 1e6]) {
      const bench = new Bench([{ name: 'a', params: { stuck: true, tellGo: true } }], { unreadyMs });
      const run = bench.supervisor.run();
      await until(() => bench.sink.of('a').includes('go'), 'the node to begin');
      await bench.supervisor.stop('test');
      assert.equal(await run, unreadyMs === 0 ? 1 : 0);
      assert.match(
        bench.reasons.join('\n'),
        unreadyMs === 0
          ? /^a: it was not ready \d+m?s after its start: its onStart\(\) was still under way$/
          : /^$/,
      );
    }
  });
});
