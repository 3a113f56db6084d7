import assert from 'node:assert/strict';
import { getEventListeners, once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { BabusError, type LogRecord } from '../../framework/index.js';
import { createLogger } from '../../framework/node/log.js';
import { keepTrying, type KeepTryingOptions } from '../../nodes/common/reconnect.js';
import { noCounts } from '../../nodes/gps/counts.js';
import { readTcp } from '../../nodes/gps/tcp.js';
import { watchdog } from '../support/index.js';
import { gga } from './gps-kit.js';

type Session = KeepTryingOptions['session'];

/** Runs the sessions one after the other, and stops in the last one. @returns what was said */
async function run(...sessions: Session[]): Promise<string[]> {
  const records: LogRecord[] = [];
  const stop = new AbortController();
  let n = 0;
  const session: Session = (signal, link) => {
    const next = sessions[n++];
    if (next) return next(signal, link);
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
const works: Session = (_, link) => {
  link.connected();
  link.connected();
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

  /** The waits between sessions with a TCP server that does to each connection in turn what it is told. */
  async function waits(...connections: ((socket: Socket) => void)[]): Promise<number[]> {
    const stop = new AbortController();
    let n = 0;
    const server = createServer((socket) => connections[n++]!(socket));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const given: number[] = [];
    const trying = keepTrying({
      session: (signal, link) => {
        const nothing = (): void => undefined;
        const sentence = (): void => link.delivered();
        const listener = { counts: noCounts(), epoch: nothing, systems: nothing, sentence };
        return readTcp('127.0.0.1', port, { listener, signal, connected: () => link.connected() });
      },
      log: createLogger(() => undefined),
      what: 'it',
      signal: stop.signal,
      // Longer than any session here.
      firstDelayMs: 1e6,
      maxDelayMs: 5e6,
      wait: (delayMs) => {
        given.push(delayMs / 1e6);
        if (given.length === connections.length) stop.abort();
        return Promise.resolve();
      },
    });
    await watchdog(trying, 'the end');
    server.close();
    await once(server, 'close');
    return given;
  }

  it('waits longer and longer for who hangs up without a word, and not for who has said something', async () => {
    const hangUp = (socket: Socket): void => void socket.end();
    const rubbish = (socket: Socket): void => void socket.end('no sentence\r\n');
    const speak = (socket: Socket): void => void socket.end(gga({ time: '120000' }));
    assert.deepEqual(await waits(hangUp, rubbish, hangUp, hangUp, hangUp), [1, 2, 4, 5, 5]);
    assert.deepEqual(
      await waits(hangUp, hangUp, hangUp, speak, speak, hangUp, hangUp),
      [1, 2, 4, 1, 1, 2, 4],
    );
  });

  it('takes a session that outlasted its wait for none of the failures, though it said nothing', async () => {
    const given: number[] = [];
    const stop = new AbortController();
    const lasting: Session = async (_, link) => {
      link.connected();
      const startMs = performance.now();
      while (performance.now() - startMs <= 5) await new Promise(setImmediate);
    };
    const sessions = [fails('a'), fails('b'), fails('c'), lasting];
    const wait = (delayMs: number): Promise<void> => {
      if (given.push(delayMs) === 5) stop.abort();
      return Promise.resolve();
    };
    const session: Session = (signal, link) => (sessions.shift() ?? fails('d'))(signal, link);
    const log = createLogger(() => undefined);
    await keepTrying({
      session,
      log,
      what: 'it',
      signal: stop.signal,
      firstDelayMs: 0.5,
      maxDelayMs: 99,
      wait,
    });
    assert.deepEqual(given, [0.5, 1, 2, 0.5, 1]);
  });
});
