import assert from 'node:assert/strict';
import { Clock, testNode, type Received, type TestNode } from '../../framework/index.js';
import { Camera } from '../../nodes/camera.js';
import { TestPattern } from '../../nodes/camera/pattern.js';
import { until } from '../support/index.js';
import { frameNumber } from './frame-number.js';

async function images(t: TestNode<Camera>, count: number): Promise<readonly Received[]> {
  await until(() => t.received('image').length >= count, `${count} images`);
  return t.received('image');
}

describe('nodes/camera', () => {
  it('publishes the pattern, one frame after the other', async () => {
    const t = await testNode(Camera, { params: { width: 40, height: 30, rate: 500, frame_id: 'mast' } });
    const received = [...(await images(t, 10))];
    await t.stop();
    const pattern = new TestPattern(40, 30);
    for (const [n, { stamp, data, ...rest }] of received.entries()) {
      const expected = new Uint8Array(40 * 30 * 3);
      pattern.read(expected);
      assert.equal(Buffer.compare(data as Uint8Array, expected), 0, `frame ${n}`);
      assert.deepEqual(rest, {
        frame_id: 'mast',
        width: 40,
        height: 30,
        encoding: 'rgb8',
        is_bigendian: false,
        step: 120,
      });
      const { sec, nsec } = stamp as { sec: number; nsec: number };
      assert.ok(Math.abs(sec + nsec / 1e9 - Date.now() / 1000) < 3600);
    }
    assert.equal(t.log[0]?.message, 'pattern: 40 x 30 pixels, 500 Hz');
  });

  it('says now and then how many times it has skipped, and loses no frame', async () => {
    let now = 0;
    // At each look another 100 ms have passed, which are 4 periods.
    const clock: Clock = { monotonicMs: () => (now += 100), wallMs: () => 0 };
    const params = { width: 32, height: 2, rate: 40 };
    await using t = await testNode(Camera, { params, provide: [[Clock, clock]] });
    const received = await images(t, 5);
    const numbers = received.map((image) => frameNumber(image as { data: Uint8Array; width: number }));
    assert.deepEqual(
      numbers,
      received.map((_, n) => n),
    );
    await t.tick('report');
    const [warning] = t.log.filter(({ level }) => level === 'warn');
    assert.equal(warning?.message, 'cannot keep up with 40 Hz');
    // 4 before the first image, 3 before each later one.
    const skipped = warning.fields['skipped'] as number;
    assert.ok(skipped >= 4 + 3 * 4 && (skipped - 4) % 3 === 0, `${skipped} were skipped`);
  });

  it('stops at once, however long the next image is away', async () => {
    const t = await testNode(Camera, { params: { width: 32, height: 2, rate: 0.001 } });
    await images(t, 1);
    await t.stop();
    assert.equal(t.received('image').length, 1);
    assert.deepEqual(
      t.log.filter(({ level }) => level !== 'info'),
      [],
    );
  });

  it('fails to start when its images do not fit the slot or the pattern', async () => {
    const params = { width: 64, height: 48 };
    await assert.rejects(testNode(Camera, { params, slots: { image: { maxBytes: 9000 } } }), {
      code: 'ERR_BABUS_MESSAGE_TOO_LONG',
      message: /Image.data needs 9216 bytes, \d+ left; raise slots.image.max_bytes/,
    });
    await assert.rejects(testNode(Camera, { params: { width: 0 } }), /at least 32 x 1, given 0 x 1080/);
  });
});
