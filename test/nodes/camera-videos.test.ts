import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { spawnNode, until, watchdog } from '../support/index.js';
import { assertFrames, camera, complaints, FRAME_BYTES, pixels, useMediaFolder } from './camera-kit.js';
import { ffmpegsOf, frames, isAlive } from './media.js';

/** More frames than a pipe holds: ffmpeg is there until they are read. */
const MANY = 150;

describe('nodes/camera: videos (needs ffmpeg)', () => {
  const folder = useMediaFolder();

  for (const name of ['a.mp4', 'a.mkv', 'a.avi', 'a.ts', 'a.gif'])
    it(`plays ${name} to its end, every byte of every frame`, async () => {
      const source = folder.make(name, 12);
      await using t = await camera({ source, loop: false });
      await watchdog(t.finished(), 'the end');
      const wanted = frames(source, FRAME_BYTES);
      assert.equal(wanted.length, 12);
      assertFrames(pixels(t), (n) => wanted[n]!);
      assert.equal(pixels(t).length, 12);
      assert.deepEqual(complaints(t), []);
    });

  for (const name of ['a.mp4', 'a.ts', 'a.h264'])
    it(`plays ${name} again and again`, async () => {
      const source = folder.make(name, 7);
      await using t = await camera({ source });
      await until(() => pixels(t).length >= 24, 'three times all frames');
      const wanted = frames(source, FRAME_BYTES);
      assertFrames(pixels(t), (n) => wanted[n % wanted.length]!);
    });

  it('scales them', async () => {
    const source = folder.make('a.mp4', 3);
    await using t = await camera({ source, width: 40, height: 20, loop: false });
    await watchdog(t.finished(), 'the end');
    const wanted = frames(source, 40 * 20 * 3, '-vf', 'scale=40:20');
    assertFrames(pixels(t), (n) => wanted[n]!);
    assert.equal(pixels(t).length, 3);
  });

  it('ends with an error when ffmpeg is killed', async () => {
    await using t = await camera({ source: folder.make('a.mp4', MANY), rate: 50, loop: false });
    await until(() => pixels(t).length > 0, 'an image');
    process.kill(ffmpegsOf(process.pid)[0]!, 'SIGKILL');
    await assert.rejects(
      watchdog(t.finished(), 'the end'),
      /a.mp4 cannot be decoded: ffmpeg was ended by SIGKILL/,
    );
  });

  it('takes ffmpeg with it when it is stopped between two images', async () => {
    const t = await camera({ source: folder.make('a.mp4', MANY), rate: 0.01 });
    await until(() => pixels(t).length > 0, 'an image');
    const decoders = ffmpegsOf(process.pid);
    assert.ok(decoders.length > 0);
    await t.stop();
    assert.ok(!decoders.some(isAlive));
    assert.deepEqual(complaints(t), []);
  });

  it('takes ffmpeg with it when it is killed', async () => {
    const script = fileURLToPath(new URL('play-video.js', import.meta.url));
    const player = spawnNode(script, [folder.make('a.mp4', MANY), '64', '48']);
    const [, pids] = await player.waitForOutput(/DECODERS (\S+)\n/);
    const decoders = pids!.split(',').map(Number);
    assert.ok(decoders.every(isAlive));
    player.kill('SIGKILL');
    await until(() => !decoders.some(isAlive), 'the end of ffmpeg');
    await player.exit();
  });
});
