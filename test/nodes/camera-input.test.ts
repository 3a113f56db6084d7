import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deviceArguments, inputOf, streamArguments, withoutSecrets } from '../../nodes/camera/input.js';
import { tempDir, until } from '../support/index.js';
import { camera, complaints } from './camera-kit.js';
import { hasFfmpeg } from './media.js';

const NO_WISHES = { width: 0, height: 0, framerate: 0, inputFormat: '' };

function protocols(url: string): string[] {
  const all = streamArguments(url);
  assert.deepEqual(all.slice(-2), ['-i', url]);
  return all[all.indexOf('-protocol_whitelist') + 1]!.split(',');
}

describe('nodes/camera: inputs', () => {
  it('tells devices and streams by what they look like', async () => {
    for (const path of ['/dev/video0', '/dev/video12', '/dev/v4l/by-id/usb-cam-index0'])
      assert.deepEqual(await inputOf(path), { kind: 'device', path });
    assert.deepEqual(await inputOf('v4l2:/dev/front'), { kind: 'device', path: '/dev/front' });
    for (const url of [
      'rtsp://camera/stream?channel=1',
      'RTSP://me:pass@10.0.0.7:554/h264',
      'http://camera.local/video.mjpg',
      'https://camera/x',
      'udp://@:5000',
      'udp://239.0.0.1:1234?localaddr=10.0.0.2',
      'tcp://[::1]:5000',
    ])
      assert.deepEqual(await inputOf(url), { kind: 'stream', url });
  });

  it('says what is wrong with a URL', async () => {
    const wrong: [string, RegExp][] = [
      ['tcp://host', /needs a port from 1 to 65535, as in tcp:\/\/host:5000/],
      ['udp://host:0', /needs a port/],
      ['tcp://host:99999', /needs a port/],
      ['http://', /no host in this URL; it looks like http:\/\/host:port/],
      ['rtsp:///stream', /no host/],
      ['http://host/a b', /no blanks or control characters/],
      ['http://host/\na', /no blanks or control characters/],
      ['ftp://host/a', /there is no file .*ftp:.*or a URL \(rtsp, http, https, udp, tcp\)/],
    ];
    for (const [url, message] of wrong) await assert.rejects(inputOf(url), { message });
  });

  it('lets ffmpeg open what each kind needs, and files never', () => {
    for (const kind of ['rtsp', 'http', 'https', 'udp', 'tcp', 'HTTP'])
      for (const never of ['file', 'pipe', 'concat', 'data', 'subfile', 'unix', 'fd'])
        assert.ok(!protocols(`${kind}://host:1`).includes(never), `${kind}: ${never}`);
    assert.ok(!protocols('https://host').includes('http'));
    assert.deepEqual(protocols('tcp://host:1'), ['tcp']);
    assert.deepEqual(protocols('udp://host:1'), ['udp']);
  });

  it('asks a device for what is wished, and for nothing else', () => {
    const few = deviceArguments('/dev/video0', NO_WISHES);
    assert.match(few.join(' '), / -f v4l2 -protocol_whitelist file -i \/dev\/video0$/);
    const wishes = { width: 1280, height: 720, framerate: 12.5, inputFormat: 'mjpeg' };
    const many = deviceArguments('/dev/video0', wishes).join(' ');
    assert.match(
      many,
      / -f v4l2 .*-input_format mjpeg -framerate 12.5 -video_size 1280x720 -i \/dev\/video0$/,
    );
    const oneSide = deviceArguments('/dev/video0', { ...NO_WISHES, width: 640 });
    assert.ok(!oneSide.includes('-video_size'));
  });

  it('takes names and passwords out of any text', () => {
    assert.equal(withoutSecrets('rtsp://me:secret@host:1/a'), 'rtsp://***@host:1/a');
    assert.equal(withoutSecrets('rtsp://me:sec@ret@host/a'), 'rtsp://***@host/a');
    assert.equal(withoutSecrets('x http://u@h/ y https://h/@z'), 'x http://***@h/ y https://h/@z');
    assert.equal(withoutSecrets('plain.mp4'), 'plain.mp4');
  });

  it('refuses files, FIFOs and other devices as V4L2 devices', async function () {
    if (!hasFfmpeg) this.skip();
    const folder = tempDir();
    writeFileSync(join(folder, 'plain'), '');
    assert.equal(spawnSync('mkfifo', [join(folder, 'fifo')]).status, 0);
    const wrong: [string, RegExp][] = [
      [join(folder, 'plain'), /plain is no V4L2 device, but a regular file$/],
      [join(folder, 'fifo'), /fifo is no V4L2 device, but a FIFO$/],
      [folder, /is no V4L2 device, but a folder$/],
      ['/dev/null', /null is no V4L2 device, but a character device of another sort \(major 1, not 81\)$/],
    ];
    for (const [path, message] of wrong)
      await assert.rejects(camera({ source: `v4l2:${path}` }), { code: 'ERR_BABUS_PARAM', message });
    const params = { source: 'v4l2:/dev/video250', input_format: 'a b' };
    await assert.rejects(camera(params), /input_format 'a b' is no name of a format/);
  });

  it('waits for a device that is missing, and says so once', async function () {
    if (!hasFfmpeg) this.skip();
    const path = join(tempDir(), 'video0');
    await using t = await camera({ source: `v4l2:${path}` });
    await until(() => complaints(t).length > 0, 'it to be said');
    assert.deepEqual(complaints(t), [
      `camera ${path}: not available: there is no such device; trying again until it is back`,
    ]);
    // What appears in its place is tried, and is no camera: said once, too.
    writeFileSync(path, '');
    await until(() => complaints(t).length > 1, 'the file to be looked at');
    assert.match(complaints(t)[1]!, /not available: .*video0 is no V4L2 device, but a regular file/);
  });
});
