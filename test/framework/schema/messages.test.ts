import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { readDynamic, type View } from '../../../framework/schema/index.js';
import { Everything, Fixed, Lists, Numbers, Part, Point } from './fixtures/index.js';
import { Bench, throwsBabus } from './kit.js';
import { everything, fixed, lists, numbers, parts } from './values.js';

describe('messages', () => {
  it('read back every kind of field as it was written from a plain object', () => {
    assert.deepEqual(new Bench(Everything).put(everything).clone(), everything);
    assert.deepEqual(new Bench(Lists).put(lists).clone(), lists);
    assert.deepEqual(new Bench(Fixed).put(fixed).clone(), fixed);
  });

  it('read in place', () => {
    const view = new Bench(Everything).put(everything);
    assert.equal(view.frame_id, 'kamera \u{1F916}');
    assert.equal(view.mode, 'drive');
    assert.equal(view.numbers.u64, 18446744073709551615n);
    assert.equal(view.numbers.flag, true);
    assert.equal(view.numbers.m, 7);
    assert.equal(view.numbers.class, 8);
    assert.equal(view.stamp.ns, 1_700_000_000_123_456_789n);
    assert.equal(view.stamp.ms, 1_700_000_000_123.4568);
    assert.equal(view.age.ns, -1_999_999_999n);
    assert.equal(view.lists.parts.length, 2);
    assert.equal(view.lists.parts.at(0).label, 'léft');
    assert.equal(view.lists.parts.at(0).points.at(0).y, 2);
    assert.equal(view.lists.parts.at(-1).marks.length, 0);
    assert.equal(view.fixed.parts.at(0).marks[1], 2.5);
    assert.equal(view.fixed.states.at(0), 'cold');
    assert.equal(view.vector.origin.z, 3);
    assert.equal(view.end, 77);
    assert.deepEqual([...view.lists.states], ['on', 'off', 'on']);
    assert.deepEqual(
      [...view.lists.points].map((point) => point.x),
      [1, 3, 5],
    );
  });

  it('are written in place', () => {
    const bench = new Bench(Everything);
    const loan = bench.loan();
    loan.stamp = { sec: 3, nsec: 4 };
    loan.stamp.sec = 5;
    loan.age.ns = -1n;
    loan.mode = 'constructor';
    loan.frame_id = 'x';
    loan.numbers.i64 = -5n;
    loan.std_vector = { x: 1, y: 2, z: 3 };
    loan.std_vector.y = 20;
    loan.lists.allocate('bytes', 3).set([1, 2, 3]);
    const cells = loan.lists.allocate('parts', 2);
    cells.at(1).label = 'second';
    cells.at(1).allocate('marks', 1)[0] = 2.5;
    loan.lists.allocate('states', 2).put(1, 'on');
    loan.lists.shorts = [1, 2, 65535];
    loan.fixed.bools = [1, 0, 1];
    loan.fixed.states.put(2, 'on');
    loan.fixed.times.at(1).sec = 8;
    assert.equal(loan.publish(), 1);

    const { view } = bench;
    assert.deepEqual(view.stamp.clone(), { sec: 5, nsec: 4 });
    assert.deepEqual(view.age.clone(), { sec: -1, nsec: 999_999_999 });
    assert.equal(view.mode, 'constructor');
    assert.equal(view.numbers.i64, -5n);
    assert.deepEqual(view.std_vector.clone(), { x: 1, y: 20, z: 3 });
    assert.deepEqual([...view.lists.bytes], [1, 2, 3]);
    assert.equal(view.lists.parts.at(0).label, '');
    assert.equal(view.lists.parts.at(1).label, 'second');
    assert.deepEqual([...view.lists.parts.at(1).marks], [2.5]);
    assert.deepEqual(view.lists.states.clone(), ['off', 'on']);
    assert.deepEqual([...view.lists.shorts], [1, 2, 65535]);
    assert.equal(view.fixed.times.at(1).ms, 8000);
    assert.deepEqual([...view.fixed.bools], [1, 0, 1]);
    assert.deepEqual(view.fixed.states.clone(), ['off', 'off', 'on']);
  });

  it('start as zeros, whatever the buffer held before', () => {
    const bench = new Bench(Everything);
    bench.put(everything);
    const view = bench.put({});
    assert.equal(view.frame_id, '');
    assert.equal(view.mode, 'idle');
    assert.equal(view.lists.parts.length, 0);
    assert.deepEqual(view.std_vector.clone(), { x: 0, y: 0, z: 0 });
    assert.equal(bench.memory.length, Everything.size);
  });

  it('of one buffer follow each other without a trace of the previous one', () => {
    const bench = new Bench(Lists);
    bench.put(lists);
    const { view } = bench;
    const first = { bytes: view.bytes, parts: view.parts, label: view.parts.at(0).label };
    assert.equal(first.label, 'léft');
    bench.put({
      bytes: Uint8Array.of(1, 2),
      parts: [{ ...parts[0]!, label: 'changed', marks: Float64Array.of(9) }],
    });
    assert.deepEqual([...view.bytes], [1, 2]);
    assert.equal(view.parts.length, 1);
    assert.equal(view.parts.at(0).label, 'changed');
    assert.deepEqual([...view.parts.at(0).marks], [9]);
    assert.equal(view.points.length, 0);
    // The same places and lengths, other content.
    bench.put({
      bytes: Uint8Array.of(3, 4),
      parts: [{ ...parts[0]!, label: 'CHANGED', marks: Float64Array.of(8) }],
    });
    assert.deepEqual([...view.bytes], [3, 4]);
    assert.equal(view.parts.at(0).label, 'CHANGED');
    assert.deepEqual([...view.parts.at(0).marks], [8]);
  });

  it('are the same as JSON, whether read by their view or by their descriptor', () => {
    const bench = new Bench(Everything);
    const json: unknown = JSON.parse(JSON.stringify(bench.put(everything)));
    const dynamic = readDynamic(Everything.descriptor, bench.memory);
    assert.deepEqual(JSON.parse(JSON.stringify(dynamic)), json);
    const { lists: listsJson, numbers: numbersJson } = json as {
      lists: Record<string, unknown>;
      numbers: object;
    };
    assert.deepEqual(listsJson['bools'], [false, true, true, false]);
    assert.deepEqual(listsJson['longs'], ['18446744073709551615']);
    assert.deepEqual(listsJson['doubles'], [Math.E, 0]);
    assert.deepEqual(numbersJson, { ...numbers, i64: '-9223372036854775808', u64: '18446744073709551615' });
  });

  it('can be set from a view of the same schema', () => {
    const from = new Bench(Everything).put(everything);
    const bench = new Bench(Everything);
    const loan = bench.loan();
    loan.part = from.part;
    loan.lists.parts = from.lists.parts;
    loan.lists.doubles = from.lists.doubles;
    loan.stamp = from.stamp;
    loan.std_vector = from.std_vector;
    loan.publish();
    assert.deepEqual(bench.view.part.clone(), everything.part);
    assert.deepEqual(bench.view.lists.parts.clone(), everything.lists.parts);
    assert.deepEqual(bench.view.lists.doubles, everything.lists.doubles);
    assert.deepEqual(bench.view.stamp.clone(), everything.stamp);
    Everything.assign(bench.loan(), from as unknown as Everything);
    assert.deepEqual(bench.view.clone(), everything);
  });

  it('keep what clone() returned when the buffer is used again', () => {
    const bench = new Bench(Lists);
    const copy = bench.put(lists).clone();
    bench.put({ bytes: Uint8Array.of(0), parts: [] });
    assert.deepEqual(copy, lists);
  });

  it('print themselves', () => {
    assert.equal(inspect(new Bench(Point).put({ x: 1, y: 2 })), '{ x: 1, y: 2 }');
    const bench = new Bench(Part);
    const view = bench.put({ label: 'abc' });
    bench.memory.length = Part.size;
    assert.match(
      inspect(view),
      /^\[sample\/Part: test\/slot: Part\.label .* leaves the message of 28 bytes\]$/,
    );
  });

  it('keep strings of every kind', () => {
    for (const text of ['', 'a\0b', '\uFEFFbom', 'ä'.repeat(500), '\u{10FFFF}'])
      assert.equal(new Bench(Part).put({ label: text }).label, text);
    assert.equal(new Bench(Part).put({ label: 'half \uD83D' }).label, 'half \uFFFD');
  });

  it('read strings that are as they were, or one byte other, as what they are', () => {
    const bench = new Bench(Part);
    for (const text of [
      'base',
      'base',
      'bass',
      'bas',
      '',
      'base',
      'x'.repeat(64),
      `${'x'.repeat(63)}y`,
      'z'.repeat(65),
    ])
      for (let time = 0; time < 2; time++) assert.equal(bench.put({ label: text }).label, text);
  });

  it('name the array and the index that does not exist', () => {
    const view: View<Lists> = new Bench(Lists).put(lists);
    for (const index of [3, -4, 0.5, NaN])
      throwsBabus(
        () => view.points.at(index),
        'ERR_BABUS_ARGUMENT',
        `test/slot: Lists.points has 3 elements; there is none at index ${index}`,
      );
    assert.equal(view.points.at(-1).x, 5);
  });

  it('have a summary that is plain data', () => {
    assert.equal(Numbers.hasSpans, false);
    assert.equal(Fixed.hasSpans, true);
    assert.deepEqual(JSON.parse(JSON.stringify(Numbers.descriptor)), Numbers.descriptor);
  });
});
