import assert from 'node:assert/strict';
import { testNode } from '../../framework/index.js';
import { sobel } from '../../nodes/edges/sobel.js';
import { EdgeDetector } from '../../nodes/edges.js';
import type { Image } from '../../schemas/index.js';

const WIDTH = 16;
const HEIGHT = 9;

function image(change: Partial<Image> = {}): Image {
  return {
    stamp: { sec: 12, nsec: 345 },
    frame_id: 'left',
    width: WIDTH,
    height: HEIGHT,
    encoding: 'rgb8',
    is_bigendian: false,
    step: WIDTH * 3,
    data: Uint8Array.from({ length: WIDTH * HEIGHT * 3 }, (_, i) => (i * i) % 251),
    ...change,
  };
}

describe('nodes/edges', () => {
  for (const threshold of [0, 100])
    it(`publishes edges with the image's stamp and frame, threshold ${threshold}`, async () => {
      await using t = await testNode(EdgeDetector, { params: { threshold } });
      t.publish('image', image());
      await t.settled();
      const data = new Uint8Array(WIDTH * HEIGHT);
      sobel(image(), threshold, data);
      assert.deepEqual(t.received('edges'), [image({ encoding: 'mono8', step: WIDTH, data })]);
      assert.deepEqual(t.log, []);
    });

  it('refuses images that do not fit, says so once for each kind, and goes on', async () => {
    const t = await testNode(EdgeDetector);
    const sent = [
      image({ encoding: 'bayer_rggb8' }),
      image({ encoding: 'mono16' }),
      image({ height: 10 }),
      image(),
      image({ encoding: '32FC1' }),
      image({ data: new Uint8Array(0) }),
      image({ width: 0xffffffff }),
      image({ width: 0, height: 0, step: 0, data: new Uint8Array(0) }),
    ];
    for (const one of sent) {
      t.publish('image', one);
      await t.settled();
    }
    assert.deepEqual(
      t.received('edges').map(({ width }) => width),
      [WIDTH, 0],
    );
    const errors = t.log.filter(({ level }) => level === 'error').map(({ message }) => message);
    assert.equal(errors.length, 2);
    assert.match(errors[0]!, /is encoded as bayer_rggb8; this node takes rgb8, bgr8, rgba8, bgra8, mono8/);
    assert.match(errors[1]!, /16 x 10 rgb8, step 48, data of 432 bytes/);
    await t.stop();
    const counts = t.log.filter(({ level }) => level === 'warn').map(({ fields }) => fields);
    assert.deepEqual(counts, [{ images: 3 }, { images: 3 }]);
  });
});
