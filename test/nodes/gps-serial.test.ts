import assert from 'node:assert/strict';
import { join } from 'node:path';
import { testNode, type TestNode } from '../../framework/index.js';
import { Gps } from '../../nodes/gps.js';
import { tempDir, until, watchdog } from '../support/index.js';
import { fixes, gga, plainPositions, rmc, utc, velocities } from './gps-kit.js';
import { hasPseudoTerminals, SerialDevice } from './support/pseudo-terminal.js';

/** Epochs of consecutive seconds, each with a height of its own. */
function epochs(from: number, count: number): string {
  return Array.from({ length: count }, (_, n) => {
    const time = `12${String(Math.floor((from + n) / 60)).padStart(2, '0')}${String((from + n) % 60).padStart(2, '0')}`;
    return gga({ time, height: `${from + n}.0` }) + rmc({ time });
  }).join('');
}

const said = (t: TestNode<Gps>): string[] =>
  t.log.map(({ message }) => message.replace(t.node.source, 'DEVICE'));

describe('nodes/gps: serial devices (needs python3 and pseudo-terminals)', () => {
  let path = '';
  before(function () {
    if (!hasPseudoTerminals) this.skip();
  });
  beforeEach(() => (path = join(tempDir(), 'ttyGPS')));

  const start = (baudRate = 4800): Promise<TestNode<Gps>> =>
    watchdog(testNode(Gps, { params: { source: path, baud_rate: baudRate } }), 'the start');

  const connections = (t: TestNode<Gps>): number =>
    said(t).filter((message) => message === 'GPS receiver DEVICE: connected').length;

  it('reads one to its last epoch, without waiting for the next', async () => {
    await using device = await SerialDevice.plugIn(path);
    await using t = await start();
    await until(() => connections(t) === 1, 'the connection');
    const words = epochs(0, 50);
    await device.send(words);
    await until(() => fixes(t).length >= 50, '50 fixes');
    assert.deepEqual(
      fixes(t).map(({ altitude }) => Math.round(altitude - 46.9)),
      Array.from({ length: 50 }, (_, n) => n),
    );
    assert.ok(Math.abs(fixes(t)[0]!.latitude - plainPositions(words)[0]![0]) < 1e-9);
    assert.equal(utc(fixes(t)[49]!), '1994-03-23T12:00:49.000Z');
    assert.equal(velocities(t).length, 50);
  });

  it('waits for one that is not there, and reads it again after it was torn away in the middle of a word', async () => {
    await using t = await start(115_200);
    await until(() => said(t).length === 1, 'the first complaint');
    await using first = await SerialDevice.plugIn(path);
    await until(() => connections(t) === 1, 'the connection');
    await first.send(epochs(0, 20) + gga({ time: '120020' }).slice(0, 33));
    await until(() => fixes(t).length >= 20, 'the fixes of the first');
    await first.unplug();
    await until(() => said(t).some((message) => message.includes('lost')), 'the loss');
    assert.equal(fixes(t).length, 20);
    await using second = await SerialDevice.plugIn(path);
    await until(() => connections(t) === 2, 'the second connection');
    await second.send(gga({ time: '120021' }).slice(40) + epochs(100, 20));
    await until(() => fixes(t).length >= 40, 'the fixes of the second');
    assert.equal(utc(fixes(t)[39]!), '1994-03-23T12:01:59.000Z');
    assert.equal(new Set(fixes(t).map(utc)).size, 40);
    const [absent, connected, lost, ...rest] = said(t);
    assert.match(absent!, /^GPS receiver DEVICE: not available: No such file.*; trying again/);
    assert.equal(connected, 'GPS receiver DEVICE: connected');
    assert.match(lost!, /^GPS receiver DEVICE: lost: .+; trying again/);
    // That it is absent between the two is seen or not.
    assert.equal(rest.at(-1), 'GPS receiver DEVICE: connected');
    assert.ok(rest.length <= 2, rest.join('\n'));
  });

  it('reads on after noise, and words in pieces', async () => {
    await using device = await SerialDevice.plugIn(path);
    await using t = await start();
    await until(() => connections(t) === 1, 'the connection');
    const words = epochs(0, 3);
    for (let at = 0; at < words.length; at += 50) await device.send(words.slice(at, at + 50));
    await device.send(Uint8Array.of(0xb5, 0x62, 0x24, 0x0a, 0x00, 0x24, 0x03, 0xff));
    await device.send(epochs(3, 3));
    await until(() => fixes(t).length >= 6, 'the fixes');
    assert.equal(new Set(fixes(t).map(utc)).size, 6);
    await t.tick('report');
    assert.deepEqual(t.log.at(-1)!.fields, { half: 2, garbage_bytes: 5 });
  });

  it('gives the device back when it stops, also one that says nothing', async () => {
    await using _ = await SerialDevice.plugIn(path);
    for (let round = 0; round < 3; round++) {
      const t = await start();
      await until(() => connections(t) === 1, 'the connection');
      await t.stop();
      assert.deepEqual(said(t), ['GPS receiver DEVICE: connected', 'in all']);
    }
  });

  it('says once that a device is silent, and when it speaks again', async () => {
    await using device = await SerialDevice.plugIn(path);
    await using t = await start();
    await until(() => connections(t) === 1, 'the connection');
    for (let n = 0; n < 5; n++) await t.tick('report');
    assert.equal(said(t).length, 2);
    assert.match(said(t)[1]!, /^no NMEA sentence for a while; is baud_rate/);
    await device.send(epochs(0, 3));
    await until(() => fixes(t).length >= 3, 'fixes');
    await t.tick('report');
    await t.tick('report');
    assert.deepEqual(said(t).slice(2), ['the receiver knows where it is', 'NMEA sentences come again']);
  });
});
