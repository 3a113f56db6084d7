import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { testNode, type TestNode } from '../../framework/index.js';
import { Camera } from '../../nodes/camera.js';
import { until, watchdog } from '../support/index.js';
import { camera, complaints, FRAME_BYTES, pixels, useMediaFolder } from './camera-kit.js';
import { JPEG_STREAM, jpegPart, Servers } from './camera-server.js';
import { decode, ffmpegsOf, frames } from './media.js';

/** Which of the wanted images each of the given ones is. */
function numbers(given: readonly Uint8Array[], wanted: readonly Uint8Array[]): number[] {
  return given.map((image) => wanted.findIndex((frame) => Buffer.compare(frame, image) === 0));
}

function said(t: TestNode<Camera>, text: string): boolean {
  return t.log.some(({ message }) => message.includes(text));
}

describe('nodes/camera: live (needs ffmpeg)', () => {
  const folder = useMediaFolder();
  const servers = new Servers();

  before(() => {
    // A proxy would be asked for streams of this machine, too.
    process.env['no_proxy'] = '127.0.0.1';
  });
  after(() => {
    delete process.env['no_proxy'];
  });
  afterEach(() => servers.closeAll());

  it('shows the newest images of an HTTP stream, says that it has ended, and opens it again', async () => {
    const file = folder.make('a.ts', 12);
    const port = await servers.http((_, response) => response.end(readFileSync(file)));
    await using t = await camera({ source: `http://127.0.0.1:${port}/live.ts` });
    const wanted = frames(file, FRAME_BYTES);
    assert.equal(wanted.length, 12);
    const shown = (): number[] => numbers(pixels(t), wanted);
    await until(() => shown().filter((n) => n === 11).length >= 2, 'the last image of two connections');
    // Within a connection none comes out of its order, or twice.
    for (const [i, n] of shown().entries())
      assert.ok(n > (i === 0 ? -1 : ((shown()[i - 1]! + 1) % 12) - 1), String(shown()));
    const { stamp, width, height, step, encoding } = t.received('image')[0]!;
    assert.deepEqual([width, height, step, encoding], [64, 48, 192, 'rgb8']);
    assert.ok(Math.abs((stamp as { sec: number }).sec - Date.now() / 1000) < 3600);
    const name = `camera http://127.0.0.1:${port}/live.ts`;
    assert.ok(said(t, `${name}: connected`));
    assert.ok(said(t, `${name}: lost: it was closed by the other side; trying again`));
  });

  it('publishes each image when it comes, however uneven they come', async () => {
    const jpegs = [1, 2, 3, 4].map((n) => {
      const file = folder.make(`${n}.jpg`, 1);
      const shade = `geq=lum=${n * 40}:cb=128:cr=128`;
      spawnSync('ffmpeg', ['-loglevel', 'error', '-i', file, '-vf', shade, join(folder.path, `g${n}.jpg`)]);
      return join(folder.path, `g${n}.jpg`);
    });
    let stream: ServerResponse | undefined;
    const port = await servers.http((_, response) => {
      stream = response.writeHead(200, JPEG_STREAM);
      stream.flushHeaders();
    });
    await using t = await camera({ source: `http://127.0.0.1:${port}/mjpeg`, width: 32, height: 24 });
    const open = await until(() => stream, 'the connection');
    const wanted = jpegs.map((file) => decode(file, '-vf', 'scale=32:24'));
    // ffmpeg knows the end of a picture by the beginning of the next one, and looks at some before it starts.
    let sent = 0;
    const send = (): void => void open.write(jpegPart(readFileSync(jpegs[sent++ % jpegs.length]!)));
    for (let shown = 0; shown < 12; shown++) {
      await until(() => {
        if (pixels(t).length > shown) return true;
        if (open.writableLength === 0) send();
        return false;
      }, `image ${shown}`);
    }
    // Of those that came before it was ready the newest, then every one.
    const [first = -1, ...others] = numbers(pixels(t), wanted);
    assert.ok(first >= 0);
    for (const [i, n] of others.entries()) assert.equal(n, (first + i + 1) % 4);
    assert.deepEqual(complaints(t), []);
  });

  it('reads TCP and UDP', async () => {
    const file = folder.make('a.ts', 25);
    const stream = readFileSync(file);
    const wanted = frames(file, FRAME_BYTES);
    const port = await servers.listen(createServer((socket) => socket.end(stream)));
    await using overTcp = await camera({ source: `tcp://127.0.0.1:${port}` });
    await until(() => numbers(pixels(overTcp), wanted).includes(24), 'the newest image over TCP');
    assert.ok(!numbers(pixels(overTcp), wanted).includes(-1));

    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    const udpPort = socket.address().port;
    await new Promise<void>((resolve) => socket.close(resolve));
    const sender = createSocket('udp4').on('error', () => undefined);
    await using overUdp = await camera({ source: `udp://127.0.0.1:${udpPort}`, timeout: 30 });
    const packets = Math.ceil(stream.length / 1316);
    let next = 0;
    await until(() => {
      const at = (next++ % packets) * 1316;
      sender.send(stream.subarray(at, at + 1316), udpPort, '127.0.0.1');
      // The first may come from the middle of the stream, and be smeared.
      return numbers(pixels(overUdp), wanted).some((n) => n >= 0);
    }, 'images over UDP');
    sender.close();
  });

  it('waits for a server that is not there yet, and is quiet meanwhile', async () => {
    const file = folder.make('a.ts', 12);
    const port = await servers.http(() => assert.fail());
    await servers.closeAll();
    await using t = await camera({ source: `http://127.0.0.1:${port}/a.ts` });
    await until(() => said(t, 'not available: '), 'the absence to be said');
    assert.match(complaints(t)[0]!, /not available: .*Connection refused.*; trying again until it is back/);
    // The second attempt fails as the first did: nothing new is said. The third finds the server.
    const attempts: number[] = [];
    const refusing = createServer((socket) => {
      attempts.push(socket.remotePort!);
      socket.destroy();
    });
    await servers.listen(refusing, port);
    await until(() => attempts.length > 0, 'another attempt');
    await servers.closeAll();
    await servers.http((_, response) => response.end(readFileSync(file)), port);
    await until(() => pixels(t).length > 0, 'an image');
    const refusals = complaints(t).filter((message) => message.includes('Connection refused'));
    assert.equal(refusals.length, 1);
  });

  it('opens a stream again that is cut within an image', async () => {
    const file = folder.make('a.ts', 50);
    const whole = readFileSync(file);
    const sockets: Socket[] = [];
    const port = await servers.listen(
      createServer((socket) => {
        sockets.push(socket.on('error', () => undefined));
        socket.write(whole.subarray(0, Math.floor(whole.length * 0.7)), () => socket.destroy());
      }),
    );
    await using t = await camera({ source: `tcp://127.0.0.1:${port}` });
    await until(() => pixels(t).length >= 2, 'images of two connections');
    assert.ok(sockets.length >= 2);
    for (const frame of pixels(t)) assert.equal(frame.length, FRAME_BYTES);
  });

  it('shows an image after one second of a stream, of which there is no more yet', async () => {
    const file = folder.make('second.ts', 26);
    let connections = 0;
    const port = await servers.http((_, response) => {
      connections++;
      response.write(readFileSync(file));
    });
    await using t = await camera({ source: `http://127.0.0.1:${port}/`, timeout: 60 });
    await until(() => pixels(t).length > 0, 'an image');
    assert.equal(connections, 1);
  });

  it('gives up a connection in which no image comes, and tries another', async () => {
    let connections = 0;
    const port = await servers.http((_, response) => {
      connections++;
      response.writeHead(200).flushHeaders();
    });
    await using t = await camera({ source: `http://127.0.0.1:${port}/`, timeout: 1 });
    await until(() => connections >= 3, 'further attempts');
    assert.equal(complaints(t).filter((message) => message.includes('no image came for 1 s')).length, 1);
    assert.equal(complaints(t).length, 1);
  });

  it('stops at once while it waits for an image, and takes ffmpeg with it', async () => {
    let isAsked = false;
    const port = await servers.http((_, response) => {
      isAsked = true;
      response.writeHead(200).flushHeaders();
    });
    const t = await camera({ source: `http://127.0.0.1:${port}/` });
    await until(() => isAsked, 'the connection');
    await t.stop();
    assert.deepEqual(ffmpegsOf(process.pid), []);
    assert.deepEqual(complaints(t), []);
  });

  it('lets no playlist of a server reach files', async () => {
    const secret = folder.make('secret.ts', 12);
    const playlist = `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://${secret}\n#EXT-X-ENDLIST\n`;
    const concat = `ffconcat version 1.0\nfile 'file:${secret}'\n`;
    for (const text of [playlist, concat]) {
      const port = await servers.http((_, response) => response.end(text));
      await using t = await camera({ source: `http://127.0.0.1:${port}/live.m3u8` });
      await until(() => said(t, 'not available'), 'the refusal');
      assert.equal(pixels(t).length, 0);
      assert.match(complaints(t)[0]!, /Protocol 'file' not on whitelist|Unsafe file name/);
    }
  });

  it('tells nobody the password', async () => {
    const port = await servers.http((_, response) => response.writeHead(401).end());
    await using t = await camera({ source: `http://me:geh%40im@127.0.0.1:${port}/a` });
    await until(() => said(t, 'not available'), 'the refusal');
    assert.ok(said(t, `http://***@127.0.0.1:${port}/a`) && said(t, '401'));
    assert.ok(!JSON.stringify(t.log).includes('geh'));
    const refused = camera({ source: 'tcp://me:geheim@127.0.0.1' });
    await assert.rejects(refused, (error: Error) => !error.message.includes('geheim'));
  });

  it('ends with an error when images do not fit the slot, whenever that is known', async () => {
    const file = folder.make('a.ts', 12);
    const port = await servers.http((_, response) => response.end(readFileSync(file)));
    const source = `http://127.0.0.1:${port}/`;
    const slots = { image: { maxBytes: 9000 } };
    const error = { code: 'ERR_BABUS_MESSAGE_TOO_LONG' };
    await assert.rejects(testNode(Camera, { params: { source, width: 64, height: 48 }, slots }), error);
    await using t = await testNode(Camera, { params: { source, width: 0, height: 0 }, slots });
    await assert.rejects(watchdog(t.finished(), 'the end'), error);
  });

  /**
   * Puts a program in ffmpeg's place, of version 4.4: writes the first images, complains, writes each other one when a file
   * of its number is there, and stays.
   */
  function fakeFfmpeg(...images: string[]): (n: number) => void {
    const script = `#!${process.execPath}
        import { watch, existsSync } from 'node:fs';
        const images = ${JSON.stringify(images)};
        const folder = ${JSON.stringify(folder.path)};
        let next = 1;
        const go = () => {
          while (existsSync(folder + '/' + next)) process.stdout.write(images[next++]);
        };
        if (process.argv[2] === '-version') console.log('ffmpeg version 4.4.2-1 Copyright');
        else {
          process.stdout.write(images[0]);
          for (let i = 0; i < 12; i++) console.error('[udp @ 0x' + (4096 + i).toString(16) + '] trouble ' + i);
          console.error(process.argv.join(' '));
          watch(folder, go);
          go();
        }`;
    writeFileSync(join(folder.path, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder.path, 'ffmpeg'), script);
    chmodSync(join(folder.path, 'ffmpeg'), 0o755);
    process.env['PATH'] = folder.path;
    return (n) => writeFileSync(join(folder.path, String(n)), '');
  }

  it('shows only the newest of the images that ffmpeg has gathered, and then each', async () => {
    const image = (letter: string): string => `P6\n2 1\n255\n${letter.repeat(6)}`;
    const send = fakeFfmpeg([...'abcdefgh'].map(image).join(''), image('i'), image('j') + image('k'));
    await using t = await camera({ source: 'udp://127.0.0.1:9' });
    for (const n of [1, 2]) {
      await until(() => pixels(t).length === n, 'images');
      send(n);
    }
    await until(() => pixels(t).length === 4, 'all');
    assert.deepEqual(
      pixels(t).map((data) => String.fromCharCode(data[0]!)),
      ['h', 'i', 'j', 'k'],
    );
  });

  it('follows images that change their size, and passes on what ffmpeg says, up to a limit', async () => {
    const rest = `P6\n10 1\n255\n${'x'.repeat(30)}P6\n1 1\n255\nuvw`;
    const send = fakeFfmpeg(`P6\n2 1\n255\nabcdef`, rest);
    await using t = await camera({ source: 'udp://127.0.0.1:9' });
    await until(() => pixels(t).length === 1, 'the first image');
    send(1);
    await until(() => pixels(t).length >= 3, 'images');
    assert.deepEqual(
      t.received('image').map(({ width, height, step }) => [width, height, step]),
      [
        [2, 1, 6],
        [10, 1, 30],
        [1, 1, 3],
      ],
    );
    assert.equal(Buffer.from(pixels(t)[2]!).toString(), 'uvw');
    await until(async () => {
      await t.tick('report');
      return said(t, 'trouble 9');
    }, 'what ffmpeg says');
    const all = complaints(t).join('\n');
    assert.ok(all.includes('ffmpeg says: [udp] trouble 0') && !all.includes('0x'), all);
  });

  it('takes no other bytes for images', async () => {
    fakeFfmpeg('GIF89a'.repeat(20));
    await using t = await camera({ source: 'udp://127.0.0.1:9' });
    await until(() => said(t, 'not available: ffmpeg does not write images'), 'the refusal');
    assert.equal(pixels(t).length, 0);
  });

  it('says that ffmpeg is missing', async () => {
    process.env['PATH'] = folder.path;
    writeFileSync(join(folder.path, 'x'), '');
    await assert.rejects(camera({ source: 'http://127.0.0.1:9/' }), /ffmpeg is not installed; on Debian/);
  });
});
