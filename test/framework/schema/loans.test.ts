import assert from 'node:assert/strict';
import { Image } from '../../../schemas/index.js';
import { Everything, Fixed, Lists, Numbers, Part, Point, Velocity } from './fixtures/index.js';
import { Bench, makeMemory, TestOwner, throwsBabus } from './kit.js';
import { fixed } from './values.js';

/** Sets a field to something its type forbids. */
function force(target: object, field: string, value: unknown): void {
  (target as Record<string, unknown>)[field] = value;
}

const wrongNumbers: [field: string & keyof Numbers, wanted: string, type: string, values: unknown[]][] = [
  ['flag', 'true or false', 'bool', [1, 0, 'true', null]],
  ['i8', 'a whole number from -128 to 127', 'int8', [-129, 128, 0.5, NaN, Infinity, '1', 1n, {}]],
  ['u8', 'a whole number from 0 to 255', 'uint8', [-1, 256, 0.5, NaN, true]],
  ['i16', 'a whole number from -32768 to 32767', 'int16', [-32769, 32768, 0.5]],
  ['u16', 'a whole number from 0 to 65535', 'uint16', [-1, 65536, 0.5]],
  ['i32', 'a whole number from -2147483648 to 2147483647', 'int32', [-2147483649, 2147483648, 1e300, 0.5]],
  ['u32', 'a whole number from 0 to 4294967295', 'uint32', [-1, 4294967296, 0.5, '5', 5n, undefined]],
  [
    'i64',
    'a bigint from -9223372036854775808n to 9223372036854775807n',
    'int64',
    [1, 2n ** 63n, -(2n ** 63n) - 1n],
  ],
  ['u64', 'a bigint from 0n to 18446744073709551615n', 'uint64', [1, -1n, 2n ** 64n]],
  ['f32', 'a number of at most 3.4e38 either way', 'float32', [1e39, -1e39, '1', 1n]],
  ['f64', 'a number', 'float64', ['1', null, 1n]],
];

const printed = (value: unknown): string =>
  typeof value === 'bigint'
    ? `${value}n`
    : typeof value === 'string'
      ? `'${value}'`
      : typeof value === 'object' && value
        ? '{}'
        : String(value);

describe('loans', () => {
  for (const [field, wanted, type, values] of wrongNumbers)
    it(`refuse what no ${type} can hold`, () => {
      const loan = new Bench(Numbers).loan();
      for (const value of values)
        throwsBabus(
          () => force(loan, field, value),
          'ERR_BABUS_VALUE',
          `test/slot: Numbers.${field} wants ${wanted} (${type}), given ${printed(value)}`,
        );
      assert.equal(Number(loan[field]), 0, 'nothing was written');
    });

  it('take the special numbers that floats have', () => {
    const loan = new Bench(Numbers).loan();
    for (const value of [NaN, Infinity, -Infinity, -0, 3.4028234663852886e38]) {
      loan.f32 = value;
      loan.f64 = value;
      assert.ok(Object.is(loan.f32, value) && Object.is(loan.f64, value));
    }
    loan.u8 = -0;
    assert.equal(loan.u8, 0);
  });

  const wrongFields: [title: string, message: string, write: () => void][] = [
    [
      'an unknown enum value',
      "Everything.mode has no value 'drve'; did you mean 'drive'?",
      () => force(new Bench(Everything).loan(), 'mode', 'drve'),
    ],
    [
      'an enum number',
      'Everything.mode wants the name of a value, given 7',
      () => force(new Bench(Everything).loan(), 'mode', 7),
    ],
    [
      'a number as text',
      'Part.label wants a string, given 5',
      () => force(new Bench(Part).loan(), 'label', 5),
    ],
    [
      'text as array',
      "Lists.bytes wants a Uint8Array or a list of uint8, given 'abc'",
      () => force(new Bench(Lists).loan(), 'bytes', 'abc'),
    ],
    [
      'an ArrayBuffer',
      'Lists.bytes wants a Uint8Array or a list of uint8, given ArrayBuffer { [Uint8Contents]: <00 00>, byteLength: 2 }',
      () => force(new Bench(Lists).loan(), 'bytes', new ArrayBuffer(2)),
    ],
    [
      'an element out of range',
      'Lists.bytes[1] wants a whole number from 0 to 255 (uint8), given 256',
      () => force(new Bench(Lists).loan(), 'bytes', [1, 256]),
    ],
    [
      'elements of a wider typed array',
      'Lists.bytes[0] wants a whole number from 0 to 255 (uint8), given 300',
      () => force(new Bench(Lists).loan(), 'bytes', Uint16Array.of(300)),
    ],
    [
      'a bool that is none',
      'Lists.bools[0] wants true or false (bool), given 2',
      () => force(new Bench(Lists).loan(), 'bools', Uint8Array.of(2)),
    ],
    [
      'numbers for bigints',
      'Lists.longs[0] wants a bigint from 0n to 18446744073709551615n (uint64), given 1',
      () => force(new Bench(Lists).loan(), 'longs', [1]),
    ],
    [
      'too few for a fixed array',
      'Fixed.doubles wants 9 values of float64, given [ 1, 2 ]',
      () => force(new Bench(Fixed).loan(), 'doubles', [1, 2]),
    ],
    [
      'too many structs',
      'Fixed.points wants 2 values, given []',
      () => force(new Bench(Fixed).loan(), 'points', []),
    ],
    [
      'no list of structs',
      'Lists.points wants a list, given 5',
      () => force(new Bench(Lists).loan(), 'points', 5),
    ],
    [
      'a struct that is none',
      'Point wants an object of its fields, given 5',
      () => force(new Bench(Lists).loan(), 'points', [5]),
    ],
    [
      'an unknown field of a struct',
      "Vector3 has no field 'w'; did you mean 'x'?",
      () => force(new Bench(Everything).loan(), 'std_vector', { w: 1 }),
    ],
    [
      'half a time',
      "Everything.stamp wants { sec: a whole number from -2147483648 to 2147483647, nsec: 0 to 999999999 }, given { sec: '1', nsec: 'undefined' }",
      () => force(new Bench(Everything).loan(), 'stamp', { sec: 1 }),
    ],
    [
      'a time with a fraction',
      'Everything.stamp.sec wants a whole number from -2147483648 to 2147483647, given 0.5',
      () => force(new Bench(Everything).loan().stamp, 'sec', 0.5),
    ],
    [
      'nanoseconds of more than a second',
      'Everything.stamp.nsec wants a whole number from 0 to 999999999, given 1000000000',
      () => force(new Bench(Everything).loan().stamp, 'nsec', 1e9),
    ],
  ];
  for (const [title, message, write] of wrongFields)
    it(`refuse ${title}`, () => {
      throwsBabus(write, 'ERR_BABUS_VALUE', `test/slot: ${message}`);
    });

  it('refuse objects with fields that the schema does not have', () => {
    const bench = new Bench(Point);
    throwsBabus(
      () => bench.put({ x: 1, z: 2 } as Partial<Point>),
      'ERR_BABUS_VALUE',
      "test/slot: Point has no field 'z'; did you mean 'x'?",
    );
    for (const value of [null, 5, 'x', [1, 2]] as unknown[])
      assert.throws(() => bench.put(value as Partial<Point>), { code: 'ERR_BABUS_VALUE' });
    const inherited = Object.create({ x: 5 }) as Partial<Point>;
    assert.equal(bench.put(inherited).x, 0, 'inherited properties are no fields');
  });

  it('leave an array as it was when an element of the new one does not fit', () => {
    const loan = new Bench(Lists).loan();
    loan.bytes = [1, 2, 3];
    assert.throws(() => force(loan, 'bytes', [9, 9, 999]), { code: 'ERR_BABUS_VALUE' });
    assert.deepEqual([...loan.bytes], [1, 2, 3]);
  });

  it('place tails in order of allocation, aligned, and reserve memory before they hand it out', () => {
    const bench = new Bench(Lists);
    const loan = bench.loan();
    const size = Lists.size;
    loan.bytes = [1, 2, 3];
    const doubles = loan.allocate('doubles', 2);
    const start = Math.ceil((size + 3) / 8) * 8;
    assert.equal(doubles.byteOffset, bench.memory.byteOffset + start);
    assert.equal(bench.memory.length, start + 16);
    assert.deepEqual(bench.owner.reserved, [size + 3, start + 16]);
    assert.deepEqual(
      [...bench.memory.u8.subarray(size + 3, start)],
      [0, 0, 0, 0, 0].slice(0, start - size - 3),
    );
  });

  it('use the place of an array again when it fits, and else take new room', () => {
    const bench = new Bench(Lists);
    const loan = bench.loan();
    const first = loan.allocate('bytes', 10).byteOffset;
    loan.allocate('doubles', 1);
    const end = bench.memory.length;
    assert.equal(loan.allocate('bytes', 10).byteOffset, first);
    assert.equal(loan.allocate('bytes', 4).byteOffset, first);
    assert.equal(bench.memory.length, end);
    assert.equal(loan.allocate('bytes', 11).byteOffset, bench.memory.byteOffset + end);
    assert.equal(bench.memory.length, end + 11);
    assert.equal(loan.bytes.length, 11);
  });

  it('let the last array grow and shrink in its place', () => {
    const bench = new Bench(Lists);
    const loan = bench.loan();
    const first = loan.allocate('bytes', 10).byteOffset;
    assert.equal(loan.allocate('bytes', 1000).byteOffset, first);
    assert.equal(bench.memory.length, Lists.size + 1000);
    loan.allocate('bytes', 2);
    assert.equal(bench.memory.length, Lists.size + 2);
    loan.allocate('bytes', 0);
    assert.equal(bench.memory.length, Lists.size);
    assert.equal(loan.bytes.length, 0);
  });

  it('hand out structs, bools and enum values as zeros, whatever lay there before', () => {
    const bench = new Bench(Lists);
    bench.memory.u8.fill(0xff);
    const loan = bench.loan();
    assert.equal(loan.allocate('parts', 2).at(1).label, '');
    assert.deepEqual([...loan.allocate('bools', 3)], [0, 0, 0]);
    assert.deepEqual([...loan.allocate('states', 2)], ['off', 'off']);
    assert.deepEqual(loan.allocate('times', 1).at(0).clone(), { sec: 0, nsec: 0 });
  });

  it('say what is missing when a message becomes too long', () => {
    const memory = makeMemory(Image.size + 6_220_800, 'camera/image');
    memory.owner = new TestOwner();
    const loan = new Image.loan(memory);
    loan.reset();
    memory.u8.fill(0, 0, Image.size);
    throwsBabus(
      () => loan.allocate('data', 24883200),
      'ERR_BABUS_MESSAGE_TOO_LONG',
      'camera/image: Image.data needs 24883200 bytes, 6220800 left; raise slots.camera/image.max_bytes',
    );
    assert.equal(loan.allocate('data', 6_220_800).length, 6_220_800);
    throwsBabus(
      () => (loan.frame_id = 'x'),
      'ERR_BABUS_MESSAGE_TOO_LONG',
      'camera/image: Image.frame_id needs 1 bytes, 0 left; raise slots.camera/image.max_bytes',
    );
    assert.equal(loan.data.length, 6_220_800, 'what was there stays');
  });

  it('refuse lengths that are none', () => {
    const loan = new Bench(Lists).loan();
    for (const length of [-1, 0.5, NaN, 2 ** 32, '3' as unknown as number])
      throwsBabus(
        () => loan.allocate('bytes', length),
        'ERR_BABUS_ARGUMENT',
        `test/slot: Lists.bytes wants a length that is a whole number from 0 to 4294967295, given ${String(length)}`,
      );
  });

  it('change nothing when the shared memory is full', () => {
    const bench = new Bench(Lists);
    const loan = bench.loan();
    bench.owner.reserve = () => {
      throw new Error('full');
    };
    assert.throws(() => loan.allocate('bytes', 5), /full/);
    assert.equal(loan.bytes.length, 0);
    assert.equal(bench.memory.length, Lists.size);
  });

  it('know which arrays can be allocated', () => {
    const loan = new Bench(Lists).loan() as unknown as { allocate(field: string, length: number): unknown };
    throwsBabus(
      () => loan.allocate('byte', 1),
      'ERR_BABUS_ARGUMENT',
      "test/slot: sample/Lists has no variable array 'byte'; did you mean 'bytes'?",
    );
  });

  it('are closed by publish() and by discard()', () => {
    const bench = new Bench(Lists);
    for (const close of ['publish', 'discard'] as const) {
      const loan = bench.loan();
      const point = loan.allocate('points', 1).at(0);
      const time = loan.allocate('times', 1).at(0);
      loan[close]();
      const uses: (() => unknown)[] = [
        () => loan.publish(),
        () => loan.discard(),
        () => loan.allocate('bytes', 1),
        () => (loan.bytes = [1]),
        () => (loan.states = ['on']),
        () => (loan.points = []),
        () => loan.set({ bytes: Uint8Array.of(1) }),
        () => point.set({ x: 1, y: 2 }),
        () => time.set({ sec: 1, nsec: 2 }),
      ];
      for (const use of uses)
        throwsBabus(use, 'ERR_BABUS_LOAN_CLOSED', 'test/slot: this loan was already published or discarded');
    }
    assert.deepEqual([bench.owner.published, bench.owner.discarded], [1, 1]);
    const closed = new Bench(Fixed);
    const loan = closed.loan();
    loan.discard();
    assert.throws(() => (loan.doubles = fixed.doubles), { code: 'ERR_BABUS_LOAN_CLOSED' });
    assert.throws(() => (loan.states = ['on', 'on', 'on']), { code: 'ERR_BABUS_LOAN_CLOSED' });
    assert.throws(() => (loan.points = fixed.points), { code: 'ERR_BABUS_LOAN_CLOSED' });
  });

  it('are published as a whole, not in part', () => {
    const loan = new Bench(Everything).loan();
    throwsBabus(
      () => loan.std_vector.publish(),
      'ERR_BABUS_ARGUMENT',
      'test/slot: publish() was called on a std/Vector3 that is a part of the message; call it on the loan',
    );
    assert.throws(() => loan.part.discard(), { code: 'ERR_BABUS_ARGUMENT' });
    loan.publish();
  });

  it('take the time of the wall clock', () => {
    const loan = new Bench(Everything).loan();
    const before = Date.now();
    loan.stamp.setNow();
    const after = Date.now() + 1;
    assert.ok(loan.stamp.ms >= before && loan.stamp.ms <= after, `${before} <= ${loan.stamp.ms} <= ${after}`);
    loan.stamp.ns = 1_700_000_000_000_000_001n;
    assert.deepEqual(loan.stamp.clone(), { sec: 1_700_000_000, nsec: 1 });
    assert.throws(() => (loan.stamp.ns = 2n ** 70n), { code: 'ERR_BABUS_VALUE' });
  });

  it('set several fields and leave the others', () => {
    const loan = new Bench(Velocity).loan();
    loan.set({ x: 1, y: 2 });
    loan.set({ y: 3 });
    assert.deepEqual(loan.clone(), { x: 1, y: 3 });
  });
});
