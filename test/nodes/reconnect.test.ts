import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { BabusError, type LogRecord } from '../../framework/index.js';
import { createLogger } from '../../framework/node/log.js';
import { keepTrying, type KeepTryingOptions } from '../../nodes/common/reconnect.js';
import { watchdog } from '../support/index.js';

type Session = KeepTryingOptions['session'];

/** Runs the sessions one after the other, and stops in the last one. @returns what was said */
async function run(...sessions: Session[]): Promise<string[]> {
  const records: LogRecord[] = [];
  const stop = new AbortController();
  let n = 0;
  const session: Session = (signal, connected) => {
    const next = sessions[n++];
    if (next) return next(signal, connected);
    stop.abort();
    return Promise.reject(new Error('aborted'));
  };
  const log = createLogger((record) => records.push(record));
  const trying = keepTrying({
    session,
    log,
    what: 'it',
    signal: stop.signal,
    firstDelayMs: 1,
    maxDelayMs: 4,
  });
  await watchdog(trying, 'the end');
  assert.equal(n, sessions.length + 1);
  assert.equal(getEventListeners(stop.signal, 'abort').length, 0);
  return records.map(({ level, message }) => `${level} ${message}`);
}

const fails =
  (why: string): Session =>
  () =>
    Promise.reject(new Error(why));
const works: Session = (_, connected) => {
  connected();
  connected();
  return Promise.resolve();
};

describe('nodes/common: keepTrying', () => {
  it('says each change of state and each reason once', async () => {
    const said = await run(
      fails('not there'),
      fails('not there'),
      fails('forbidden'),
      fails('not there'),
      works,
      fails('not there'),
      works,
    );
    const again = 'trying again until it is back';
    const lost = `warn it: lost: it was closed by the other side; ${again}`;
    assert.deepEqual(said, [
      `warn it: not available: not there; ${again}`,
      `warn it: not available: forbidden; ${again}`,
      'info it: connected',
      lost,
      `warn it: not available: not there; ${again}`,
      'info it: connected',
      lost,
    ]);
  });

  it('passes on mistakes of configuration', async () => {
    const mistake = new BabusError('ERR_BABUS_PARAM', 'no such baud rate');
    await assert.rejects(
      run(works, () => Promise.reject(mistake)),
      mistake,
    );
  });

  it('ends while it waits', async () => {
    const stop = new AbortController();
    const log = createLogger(() => setImmediate(() => stop.abort()));
    const signal = stop.signal;
    await watchdog(
      keepTrying({ session: fails('no'), log, what: 'it', signal, firstDelayMs: 1e8, maxDelayMs: 1e9 }),
      'the end',
    );
    await keepTrying({ session: () => assert.fail('it was told to stop'), log, what: 'it', signal });
  });
});
