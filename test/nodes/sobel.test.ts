import assert from 'node:assert/strict';
import fc from 'fast-check';
import { imageProblem, sobel, type RawImage } from '../../nodes/edges/sobel.js';

const ENCODINGS = {
  rgb8: { size: 3, channels: [0, 1, 2] },
  bgr8: { size: 3, channels: [2, 1, 0] },
  rgba8: { size: 4, channels: [0, 1, 2] },
  bgra8: { size: 4, channels: [2, 1, 0] },
  mono8: { size: 1, channels: [0, 0, 0] },
} as const;
type Encoding = keyof typeof ENCODINGS;

const KERNEL_X = [
  [-1, 0, 1],
  [-2, 0, 2],
  [-1, 0, 1],
];
const KERNEL_Y = [
  [-1, -2, -1],
  [0, 0, 0],
  [1, 2, 1],
];

/** The operator as textbooks write it. */
function reference(image: RawImage, threshold: number): number[] {
  const { size, channels } = ENCODINGS[image.encoding as Encoding];
  const brightness = (x: number, y: number): number => {
    const column = Math.min(Math.max(x, 0), image.width - 1);
    const row = Math.min(Math.max(y, 0), image.height - 1);
    const [red, green, blue] = channels.map((c) => image.data[row * image.step + column * size + c]!);
    return Math.floor((77 * red! + 150 * green! + 29 * blue!) / 256);
  };
  const edges: number[] = [];
  for (let y = 0; y < image.height; y++)
    for (let x = 0; x < image.width; x++) {
      let [gx, gy] = [0, 0];
      for (const j of [0, 1, 2])
        for (const i of [0, 1, 2]) {
          gx += KERNEL_X[j]![i]! * brightness(x + i - 1, y + j - 1);
          gy += KERNEL_Y[j]![i]! * brightness(x + i - 1, y + j - 1);
        }
      const strength = Math.min(255, Math.abs(gx) + Math.abs(gy));
      edges.push(threshold === 0 ? strength : strength >= threshold ? 255 : 0);
    }
  return edges;
}

const images = fc
  .record({
    encoding: fc.constantFrom(...(Object.keys(ENCODINGS) as Encoding[])),
    width: fc.integer({ min: 0, max: 9 }),
    height: fc.integer({ min: 0, max: 9 }),
    padding: fc.integer({ min: 0, max: 5 }),
    low: fc.integer({ min: 0, max: 255 }),
    high: fc.integer({ min: 0, max: 255 }),
  })
  .chain(({ encoding, width, height, padding, low, high }) => {
    const step = width * ENCODINGS[encoding].size + padding;
    const byte = fc.integer({ min: Math.min(low, high), max: Math.max(low, high) });
    return fc
      .array(byte, { minLength: step * height, maxLength: step * height })
      .map((bytes): RawImage => ({ encoding, width, height, step, data: Uint8Array.from(bytes) }));
  });

describe('nodes/edges: sobel', () => {
  it('agrees with the plain definition, borders and padding included', () => {
    fc.assert(
      fc.property(images, fc.integer({ min: 0, max: 255 }), (image, threshold) => {
        assert.equal(imageProblem(image), undefined);
        const memory = new Uint8Array(image.width * image.height + 2).fill(99);
        sobel(image, threshold, memory.subarray(1, -1));
        assert.deepEqual([...memory.subarray(1, -1)], reference(image, threshold));
        assert.deepEqual([memory[0], memory.at(-1)], [99, 99]);
      }),
      { numRuns: 400 },
    );
  });

  it('finds an upright edge, and none in an even area or at the border', () => {
    const data = Uint8Array.from({ length: 6 * 3 }, (_, i) => (i % 6 < 3 ? 10 : 40));
    const out = new Uint8Array(6 * 3);
    sobel({ encoding: 'mono8', width: 6, height: 3, step: 6, data }, 0, out);
    assert.deepEqual([...out], Array(3).fill([0, 0, 120, 120, 0, 0]).flat());
  });

  it('names images that it cannot work on', () => {
    const image: RawImage = { encoding: 'rgb8', width: 4, height: 3, step: 12, data: new Uint8Array(36) };
    const wrong: [Partial<RawImage>, string][] = [
      [{ encoding: 'rgb16' }, 'encoding'],
      [{ encoding: '' }, 'encoding'],
      [{ step: 11, data: new Uint8Array(33) }, 'size'],
      [{ data: new Uint8Array(35) }, 'size'],
      [{ data: new Uint8Array(37) }, 'size'],
      [{ data: new Uint8Array(0) }, 'size'],
      [{ height: 4 }, 'size'],
      [{ width: 5 }, 'size'],
      [{ width: 0xffffffff, height: 0xffffffff, step: 0xffffffff }, 'size'],
    ];
    for (const [change, kind] of wrong) assert.equal(imageProblem({ ...image, ...change })?.kind, kind);
    assert.equal(imageProblem(image), undefined);
  });
});
