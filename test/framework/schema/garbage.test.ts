import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { Everything, Lists } from './fixtures/index.js';
import { Bench } from './kit.js';
import { everything, lists } from './values.js';

describe('garbage', () => {
  it('there is none for numbers, nested fields, enums, and arrays that stay where they are', () => {
    const child = fileURLToPath(new URL('./garbage-child.js', import.meta.url));
    const flags = ['--min-semi-space-size=64', '--max-semi-space-size=64', '--single-threaded'];
    const output = execFileSync(process.execPath, [...flags, child], { encoding: 'utf8' });
    const { 'a new object each (to see that it is measured)': known, ...measured } = JSON.parse(
      output,
    ) as Record<string, number>;
    assert.ok(known! > 16, `the measurement sees garbage: ${known} bytes a call`);
    // The least thing on the heap takes 12 bytes; what the compiler leaves behind is spread over 100,000 calls.
    for (const [access, bytes] of Object.entries(measured))
      assert.ok(bytes < 2, `${access}: ${bytes} bytes a call`);
  });

  it('is not made of objects that a message could share with the next one', () => {
    const bench = new Bench(Everything);
    const objects = (): unknown[] => {
      const { view } = bench;
      const { lists: inner, fixed } = view;
      return [
        ...[view.stamp, view.numbers, view.vector, view.vector.origin, view.lists, view.part, fixed.doubles],
        ...[
          fixed.states,
          fixed.times.at(1),
          fixed.parts.at(1),
          fixed.parts.at(1).marks,
          inner.bytes,
          inner.longs,
        ],
        ...[
          inner.states,
          inner.times,
          inner.times.at(0),
          inner.parts,
          inner.parts.at(0),
          inner.parts.at(0).marks,
        ],
      ];
    };
    bench.put(everything);
    const first = objects();
    bench.put(everything);
    for (const [index, object] of objects().entries()) assert.equal(object, first[index], `object ${index}`);
  });

  it('an array is made anew when its place or its length changes', () => {
    const bench = new Bench(Lists);
    const { bytes } = bench.put(lists);
    bench.put({ bytes: Uint8Array.of(1, 2) });
    assert.notEqual(bench.view.bytes, bytes);
    assert.equal(bench.view.bytes.length, 2);
    const { bytes: second } = bench.view;
    bench.put({ bools: Uint8Array.of(1, 1), bytes: Uint8Array.of(1, 2) });
    assert.notEqual(bench.view.bytes, second);
    assert.notEqual(bench.view.bytes.byteOffset, second.byteOffset);
  });
});
