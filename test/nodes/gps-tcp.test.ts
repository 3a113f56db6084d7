import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { testNode, type TestNode } from '../../framework/index.js';
import { Gps } from '../../nodes/gps.js';
import { tempDir, until, watchdog } from '../support/index.js';
import { fixes, gga, nmea, play, rmc, utc } from './gps-kit.js';

const VERSION = '{"class":"VERSION","release":"3.25","rev":"3.25","proto_major":3,"proto_minor":15}\r\n';
const epoch = (second: number): string =>
  gga({ time: `1200${second}` }) + nmea('GPVTG,,T,,M,0.1,N,,K,A') + rmc({ time: `1200${second}` });

describe('nodes/gps: TCP', () => {
  let server: Server;
  let sockets: Socket[] = [];
  beforeEach(async () => {
    sockets = [];
    server = createServer((socket) => sockets.push(socket.on('error', () => socket.destroy())));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, 'close');
  });

  const port = (): number => (server.address() as AddressInfo).port;
  const start = (host = '127.0.0.1'): Promise<TestNode<Gps>> =>
    watchdog(testNode(Gps, { params: { source: `tcp://${host}:${port()}` } }), 'the start');
  const connection = (n: number): Promise<Socket> => until(() => sockets[n], `connection ${n}`);

  it('reads raw NMEA, connects again when the server ends, and sends nothing', async () => {
    await using t = await start('localhost');
    for (let n = 0; n < 3; n++) {
      const socket = await connection(n);
      let heard = '';
      socket.on('data', (chunk) => (heard += chunk.toString()));
      socket.write(epoch(10 + n));
      await until(() => fixes(t).length > n, `fix ${n}`);
      socket.end();
      await once(socket, 'close');
      assert.equal(heard, '');
    }
    const messages = t.log.map(({ message }) => message.replace(t.node.source, 'SERVER'));
    assert.equal(messages[0], 'GPS receiver SERVER: connected');
    assert.equal(
      messages[1],
      'GPS receiver SERVER: lost: it was closed by the other side; trying again until it is back',
    );
  });

  it('stamps with the time of the receiver from the first epoch that brings a date', async () => {
    const place = (second: number): string => gga({ time: `1200${second}` });
    const withRmc = { before: (time: string) => rmc({ time, date: '' }), bringer: rmc({ time: '120030' }) };
    const withZda = { before: () => '', bringer: nmea('GPZDA,120030,23,03,1994,00,00') };
    for (const { before, bringer } of [withRmc, withZda]) {
      await using t = await start();
      const socket = await connection(sockets.length);
      for (let n = 0; n < 15; n++) {
        socket.write(place(10 + n) + before(`1200${10 + n}`));
        await until(() => fixes(t).length > n, `fix ${n}`);
      }
      socket.write(place(30) + bringer);
      await until(() => fixes(t).length > 15, 'the fix with a date');
      assert.deepEqual(
        fixes(t)
          .slice(14)
          .map((fix) => utc(fix).startsWith('1994-03-23T12:00:30')),
        [false, true],
      );
    }
  });

  it('asks gpsd for NMEA, once it has greeted', async () => {
    await using t = await start();
    const gpsd = await connection(0);
    gpsd.write(VERSION.slice(0, 20));
    gpsd.write(VERSION.slice(20));
    const [asked] = (await once(gpsd, 'data')) as [Buffer];
    assert.equal(asked.toString(), '?WATCH={"enable":true,"nmea":true};\n');
    gpsd.write('{"class":"DEVICES","devices":[{"class":"DEVICE","path":"/dev/ttyUSB0"}]}\r\n' + epoch(10));
    await until(() => fixes(t).length === 1, 'a fix');
    await t.stop();
    const { sentences, fixes: count, ...odd } = t.log.at(-1)!.fields;
    assert.deepEqual([sentences, count, odd], [3, 1, {}]);
  });

  it('waits for a server that is not there', async () => {
    const address = port();
    server.close();
    await once(server, 'close');
    await using t = await testNode(Gps, { params: { source: `tcp://127.0.0.1:${address}` } });
    await until(
      () => t.log.some(({ message }) => /not available: .*ECONNREFUSED/.test(message)),
      'a complaint',
    );
    server.listen(address, '127.0.0.1');
    (await connection(0)).write(epoch(10));
    await until(() => fixes(t).length === 1, 'a fix');
  });

  it('stops while it waits, and while it is connected', async () => {
    const t = await start();
    await connection(0);
    await watchdog(t.stop(), 'the end');
    const address = port();
    server.close();
    await once(server, 'close');
    const u = await testNode(Gps, { params: { source: `tcp://127.0.0.1:${address}` } });
    await until(() => u.log.length > 0, 'a complaint');
    await watchdog(u.stop(), 'the end');
  });

  it('ends the node with what is wrong with its slot, which no other attempt would mend', async () => {
    const params = { source: `tcp://127.0.0.1:${port()}`, frame_id: 'f'.repeat(100) };
    await using t = await testNode(Gps, { params, slots: { fix: { maxBytes: 150 } } });
    (await connection(0)).write(epoch(10));
    await assert.rejects(watchdog(t.finished(), 'the end'), { code: 'ERR_BABUS_MESSAGE_TOO_LONG' });
  });
});

describe('nodes/gps: parameters', () => {
  const refuses = (source: string, why: RegExp): Promise<void> =>
    assert.rejects(watchdog(testNode(Gps, { params: { source } }), 'the start'), (error: Error) => {
      assert.match(error.message, why);
      assert.match(
        error.message,
        /; give the path of a serial device, tcp:\/\/host:port, or a recording's path/,
      );
      assert.equal((error as { code?: string }).code, 'ERR_BABUS_PARAM');
      return true;
    });

  it('says what is wrong with a source', async () => {
    const folder = tempDir();
    mkdirSync(join(folder, 'a.nmea'));
    await refuses('', /^source '': it is no path/);
    await refuses('a\0b', /it is no path/);
    await refuses(join(folder, 'b.nmea'), /b.nmea': there is no such file/);
    await refuses(join(folder, 'a.nmea'), /neither a serial device nor a regular file/);
    for (const wrong of [
      'tcp://',
      'tcp://a',
      'tcp://a:0',
      'tcp://a:65536',
      'tcp://:1',
      'tcp://a:1/x',
      'tcp://a@b:1',
    ])
      await refuses(wrong, /it is no tcp:\/\/host:port/);
    await refuses('http://localhost:80', /it is no tcp:\/\/host:port/);
  });

  it('ends with an error when a recording has nothing in it, or goes away', async () => {
    await assert.rejects(play(''), /recording.nmea: there is no NMEA sentence with a right checksum in it/);
    await assert.rejects(play('no NMEA at all\n'.repeat(100), { loop: true }), /there is no NMEA sentence/);
  });

  it('tells each change of the fix once, and what is odd with each report', async () => {
    const source = join(tempDir(), 'a.nmea');
    writeFileSync(source, gga({ time: '120000', quality: 0 }) + '$GPGGA,1\r\n' + nmea('PUBX,1'));
    await using t = await testNode(Gps, { params: { source, speed: 0 } });
    await watchdog(t.finished(), 'the end');
    const before = t.log.length;
    for (let n = 0; n < 3; n++) await t.tick('report');
    assert.deepEqual(
      t.log.slice(before).map(({ message, fields }) => [message, fields]),
      [
        ['the receiver does not know where it is: no fix', {}],
        ['the receiver sent what cannot be used', { half: 1, unknown: 1, no_fix: 1 }],
      ],
    );
  });
});
