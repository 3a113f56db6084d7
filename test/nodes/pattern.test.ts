import assert from 'node:assert/strict';
import { TestPattern } from '../../nodes/camera/pattern.js';
import { frameNumber } from './frame-number.js';

const COLOURS = [
  [255, 255, 255],
  [255, 255, 0],
  [0, 255, 255],
  [0, 255, 0],
  [255, 0, 255],
  [255, 0, 0],
  [0, 0, 255],
  [0, 0, 0],
];

/** The pattern as its documentation says, pixel by pixel. */
function expected(frame: number, width: number, height: number): Uint8Array {
  const square = Math.max(1, Math.floor(width / 64));
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const bar = Math.floor((8 * ((x + y + 4 * frame) % width)) / width);
      const digit = Math.floor(x / square);
      const isNumber = y < square && digit < 32;
      const bit = frame.toString(2).padStart(32, '0')[digit];
      const colour = isNumber ? (bit === '1' ? COLOURS[0]! : COLOURS[7]!) : COLOURS[bar]!;
      data.set(colour, (y * width + x) * 3);
    }
  return data;
}

describe('nodes/camera: pattern', () => {
  for (const [width, height] of [
    [32, 1],
    [33, 7],
    [64, 48],
    [200, 3],
    [641, 360],
  ] as const)
    it(`has every byte where it should be at ${width} x ${height}`, () => {
      const pattern = new TestPattern(width, height);
      const frame = new Uint8Array(width * height * 3);
      let previous = Buffer.alloc(0);
      for (let n = 0; n < 40; n++) {
        frame.fill(123);
        assert.equal(pattern.read(frame), true);
        assert.equal(Buffer.compare(frame, expected(n, width, height)), 0, `frame ${n}`);
        assert.equal(frameNumber({ data: frame, width }), n);
        assert.notEqual(Buffer.compare(frame, previous), 0, `frame ${n} is the one before`);
        previous = Buffer.from(frame);
      }
    });

  it('writes nowhere but into the frame', () => {
    const memory = new Uint8Array(64 * 4 * 3 + 20).fill(77);
    new TestPattern(64, 4).read(memory.subarray(10, -10));
    assert.ok([...memory.subarray(0, 10), ...memory.subarray(-10)].every((byte) => byte === 77));
  });

  it('refuses sizes in which its number has no room', () => {
    assert.throws(() => new TestPattern(31, 10), /at least 32 x 1, given 31 x 10/);
    assert.throws(() => new TestPattern(0, 0), /given 0 x 0/);
    assert.throws(() => new TestPattern(32, 0), /given 32 x 0/);
  });
});
