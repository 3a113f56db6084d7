import assert from 'node:assert/strict';
import { until, watchdog } from '../support/index.js';
import { assertFrames, camera, complaints, FRAME_BYTES, pixels, useMediaFolder } from './camera-kit.js';
import { decode, ffmpegsOf, frames } from './media.js';

describe('nodes/camera: pictures (needs ffmpeg)', () => {
  const folder = useMediaFolder();

  for (const name of ['a.png', 'a.jpg', 'a.bmp', 'a.gif'])
    it(`shows ${name} again and again, decoded once`, async () => {
      const source = folder.make(name, 1);
      await using t = await camera({ source });
      assert.deepEqual(ffmpegsOf(process.pid), []);
      await until(() => pixels(t).length >= 5, 'images');
      const [picture] = frames(source, FRAME_BYTES);
      assertFrames(pixels(t), () => picture!);
      const { width, height, step, encoding } = t.received('image')[0]!;
      assert.deepEqual([width, height, step, encoding], [64, 48, 192, 'rgb8']);
      assert.deepEqual(complaints(t), []);
    });

  it('scales them, and keeps a size that is not given', async () => {
    const source = folder.make('a.png', 1);
    for (const [width, height] of [
      [31, 17],
      [0, 96],
      [130, 0],
    ] as const) {
      await using t = await camera({ source, width, height });
      await until(() => pixels(t).length >= 1, 'an image');
      const scaled = decode(source, '-vf', `scale=${width || 64}:${height || 48}`);
      assertFrames(pixels(t), () => scaled);
    }
  });

  it('shows one once, and ends, without loop', async () => {
    await using t = await camera({ source: folder.make('a.png', 1), loop: false });
    await watchdog(t.finished(), 'the end');
    assert.equal(pixels(t).length, 1);
  });
});
