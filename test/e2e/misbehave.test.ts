import assert from 'node:assert/strict';
import { until } from '../support/index.js';
import { isAlive } from '../framework/launch/supervise/bench.js';
import { MisbehaveBench } from './misbehave-bench.js';

describe('a node that misbehaves', () => {
  it('by flooding its output: bounded, counted, said', async () => {
    const bench = new MisbehaveBench({ loud: 'use: ./nodes#Floods' });
    const { counters } = await bench.info('loud', (info) => info.counters.output_lines_dropped > 100_000);
    await bench.launch.waitForOutput(/babus \| loud prints too much: \d+ lines were left out/);
    await bench.goodGoesOn();
    const shown = bench.launch.stdout.split('much ado').length;
    assert.ok(shown < counters.output_lines_dropped, `${shown} lines shown`);
    assert.equal(await bench.end(), 0);
  });

  it('by exiting at once: restarted a few times, then failed for good, with the reason', async () => {
    const bench = new MisbehaveBench({ short: 'use: ./nodes#Exits' });
    const info = await bench.info('short', ({ state }) => state === 'failed');
    assert.equal(info.restarts, 4);
    assert.equal(info.pid, null);
    assert.equal(info.uptime_s, null);
    assert.equal(info.last_exit?.code, 3);
    assert.equal(info.last_exit.reason, 'exited with code 3');
    await bench.launch.waitForOutput(
      /short has failed for good: exited with code 3; it ended 5 times in a row/,
    );
    const { stdout } = await bench.babus('node', 'list');
    assert.match(stdout, /^short +- +failed +4 /m);
    await bench.goodGoesOn();
    assert.equal(await bench.end(), 1);
  });

  it('by ignoring SIGTERM, in an await and in a loop: killed in the end', async () => {
    const bench = new MisbehaveBench({ deaf: 'use: ./nodes#Deaf', loops: 'use: ./nodes#Loops' });
    const deaf = await bench.info('deaf', ({ state }) => state === 'ready');
    const loops = await bench.info('loops', ({ state }) => state === 'ready');
    process.kill(deaf.pid!, 'SIGTERM');
    await bench.goodGoesOn();
    assert.equal(await bench.end(), 0);
    assert.match(bench.launch.stdout, /onStop\(\) is still under way after 2000 ms/);
    assert.match(bench.launch.stdout, /loops has not stopped within 5s: sending SIGTERM/);
    assert.match(bench.launch.stdout, /loops has not stopped within 2s of SIGTERM: sending SIGKILL/);
    for (const { pid } of [deaf, loops]) assert.equal(isAlive(pid!), false);
  });

  it('by throwing and rejecting: counted, the stack said once, then numbers', async () => {
    const bench = new MisbehaveBench({ sorry: 'use: ./nodes#Throws' });
    await bench.info('sorry', ({ counters }) => counters.handler_errors > 100);
    await bench.launch.waitForOutput(
      /sorry \| ERROR onTick failed \(again; here is the last time\) \{"times":\d+/,
    );
    const { stdout } = bench.launch;
    assert.equal(stdout.split('Error: thrown').length - 1, 2, 'the first, and the last of the window');
    assert.equal(stdout.match(/TypeError: rejected\n(.*\n)*?.*at reject|TypeError: rejected\n/g)?.length, 1);
    assert.match(stdout, /sorry \| +at .*nodes\.ts:\d+:\d+/);
    const text = await bench.babus('node', 'info', 'sorry');
    assert.match(text.stdout, /went wrong +\d+ errors in handlers\n/);
    await bench.goodGoesOn();
    // Not one call of its handlers was of use.
    assert.equal(await bench.end(), 1);
    assert.match(
      bench.launch.stdout,
      /sorry has failed for good: each of the \d+ calls of its handlers failed/,
    );
  });

  it('by blocking its event loop: shown while it lasts and after, never killed for it', async () => {
    const bench = new MisbehaveBench({ stuck: 'use: ./nodes#Blocks, params: { seconds: 8 }' });
    const during = await bench.info('stuck', ({ unresponsive }) => unresponsive);
    assert.equal(during.state, 'ready');
    const { stdout } = await bench.babus('node', 'list');
    assert.match(stdout, /^stuck +\d+ +ready, unresponsive +0 /m);
    await bench.goodGoesOn();
    const after = await bench.info('stuck', ({ counters }) => counters.event_loop_blocked > 0);
    assert.equal(after.pid, during.pid);
    assert.equal(after.unresponsive, false);
    assert.ok(after.counters.longest_block_ms > 3000);
    await bench.launch.waitForOutput(/babus \| stuck gives no sign of life: its event loop is blocked/);
    await bench.launch.waitForOutput(/babus \| stuck is back after \d+ s without a sign of life/);
    await bench.launch.waitForOutput(/stuck \| WARN {2}the event loop was blocked/);
    assert.equal(await bench.end(), 0);
  });

  it('by being stopped: shown, and back when it goes on', async () => {
    const bench = new MisbehaveBench({ other: 'use: ./nodes#Good, ports: { tick: other }' });
    const { pid } = await bench.info('other', ({ state }) => state === 'ready');
    process.kill(pid!, 'SIGSTOP');
    await bench.info('other', ({ unresponsive }) => unresponsive);
    process.kill(pid!, 'SIGCONT');
    await bench.info(
      'other',
      ({ unresponsive, counters }) => !unresponsive && counters.event_loop_blocked > 0,
    );
    assert.equal(await bench.end(), 0);
  });

  it('by keeping pins and loans: told so once, with the number, and others have theirs', async () => {
    const bench = new MisbehaveBench({
      pins: 'use: ./nodes#LeaksPins',
      loans: 'use: ./nodes#LeaksLoans',
      reader: 'use: ./nodes#LeaksPins',
    });
    const pins = await bench.info('pins', ({ counters }) => counters.quota_errors > 100);
    assert.equal(pins.counters.quota_errors, pins.counters.handler_errors);
    const loans = await bench.info('loans', ({ counters }) => counters.quota_errors > 100);
    assert.ok(loans.counters.loans_given_back > 100);
    await until(
      () => /pins +\| .*PIN_QUOTA|pins +\| .*of 4 pins, 3 hold messages/.test(bench.launch.stdout),
      'the reason',
    );
    const said = (pattern: RegExp): number => bench.launch.stdout.match(pattern)?.length ?? 0;
    assert.equal(said(/pins +\| ERROR onTick failed \{/g), 1);
    assert.equal(said(/loans +\| WARN {2}forget ended with a loan open/g), 1);
    const received = pins.ports.find(({ port }) => port === 'tick')!.messages;
    await bench.info('pins', ({ ports }) =>
      ports.some(({ port, messages }) => port === 'tick' && messages > received),
    );
    await bench.goodGoesOn();
    assert.equal(await bench.end(), 0);
  });
});
