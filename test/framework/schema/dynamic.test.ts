import assert from 'node:assert/strict';
import { canonicalJson, parseDescriptor, readDynamic } from '../../../framework/schema/index.js';
import { Everything, Lists, Point } from './fixtures/index.js';
import { Bench, throwsBabus } from './kit.js';
import { everything, lists } from './values.js';

describe('readDynamic', () => {
  it('reads with a descriptor that came as text', () => {
    const bench = new Bench(Everything);
    bench.put(everything);
    const descriptor = parseDescriptor(canonicalJson(Everything.descriptor), 'test/slot');
    assert.deepEqual(readDynamic(descriptor, bench.memory), readDynamic(Everything.descriptor, bench.memory));
    assert.deepEqual(readDynamic(descriptor, bench.memory)['std_vector'], { x: -1, y: -2, z: -3 });
  });

  it('shortens long arrays and texts and says how long they are', () => {
    const bench = new Bench(Lists);
    bench.put({
      ...lists,
      bytes: new Uint8Array(100).fill(7),
      parts: [{ ...lists.parts[0]!, label: 'abcdef' }],
    });
    const read = readDynamic(Lists.descriptor, bench.memory, { maxArray: 2, maxText: 3 });
    assert.deepEqual(read['bytes'], [7, 7, '… 100 in all']);
    assert.deepEqual(read['points'], [{ x: 1, y: 2 }, { x: 3, y: 4 }, '… 3 in all']);
    assert.equal((read['parts'] as { label: string }[])[0]!.label, 'abc… 6 bytes in all');
    assert.deepEqual(read['shorts'], [1, 65535]);
  });

  it('reads no more values than allowed', () => {
    const bench = new Bench(Lists);
    bench.put({ bytes: new Uint8Array(1000) });
    const read = readDynamic(Lists.descriptor, bench.memory, { maxValues: 50 });
    assert.ok((read['bytes'] as unknown[]).length < 60);
    assert.equal((read['bytes'] as unknown[]).at(-1), '… 1000 in all');
  });
});

describe('parseDescriptor', () => {
  const good = (): Record<string, unknown> =>
    JSON.parse(canonicalJson(Lists.descriptor)) as Record<string, unknown>;
  /** A struct that holds itself, or two that hold each other. */
  const circle = (kind: 'struct' | 'sequence'): unknown => {
    const inner = { kind: 'struct', schema: 'a/B' };
    const type = kind === 'struct' ? inner : { kind, element: inner };
    const fields = [{ name: 'b', offset: 0, type }];
    return { name: 'a/A', size: 8, align: 8, fields, structs: [{ name: 'a/B', size: 8, align: 8, fields }] };
  };
  const point = (change: object): unknown => ({
    ...(JSON.parse(canonicalJson(Point.descriptor)) as object),
    ...change,
  });
  const field = (change: object): unknown =>
    point({ fields: [{ name: 'x', offset: 0, type: { kind: 'string' }, ...change }] });
  const cases: [title: string, json: string, problem: string][] = [
    ['no object', '5', 'it is no descriptor'],
    ['a list', '[]', 'it is no descriptor'],
    ['no structs', JSON.stringify({ ...good(), structs: undefined }), 'it is no descriptor'],
    ['a struct that is missing', JSON.stringify({ ...good(), structs: [] }), 'sample/Point is not described'],
    ['a size of 0', JSON.stringify(point({ size: 0 })), 'a struct has no name, size, alignment or fields'],
    [
      'a strange alignment',
      JSON.stringify(point({ align: 3 })),
      'a struct has no name, size, alignment or fields',
    ],
    [
      'a size that does not fit its alignment',
      JSON.stringify(point({ size: 9 })),
      'the size of sample/Point is no multiple of its alignment',
    ],
    [
      'a field outside the struct',
      JSON.stringify(field({ offset: 4 })),
      'sample/Point.x does not fit into its struct',
    ],
    [
      'a field that is not aligned',
      JSON.stringify(point({ size: 16, fields: [{ name: 'x', offset: 2, type: { kind: 'string' } }] })),
      'sample/Point.x does not fit into its struct',
    ],
    [
      'a negative offset',
      JSON.stringify(field({ offset: -8 })),
      'a field of sample/Point has no name, offset or known type',
    ],
    [
      'an unknown type',
      JSON.stringify(field({ type: { kind: 'list' } })),
      'a field of sample/Point has no name, offset or known type',
    ],
    [
      'a scalar type that every object has',
      JSON.stringify(field({ type: { kind: 'scalar', type: 'constructor' } })),
      'a field of sample/Point has no name, offset or known type',
    ],
    [
      'arrays of arrays',
      JSON.stringify(
        field({
          type: {
            kind: 'array',
            length: 2,
            element: { kind: 'array', length: 2, element: { kind: 'string' } },
          },
        }),
      ),
      'a field of sample/Point has no name, offset or known type',
    ],
    [
      'two structs of one name',
      JSON.stringify(point({ structs: [point({})] })),
      'two structs are named sample/Point',
    ],
    [
      'structs that contain each other',
      JSON.stringify(circle('struct')),
      'its structs contain each other or are nested too deep',
    ],
    [
      'lists of structs that contain each other',
      JSON.stringify(circle('sequence')),
      'its structs contain each other or are nested too deep',
    ],
  ];
  for (const [title, json, problem] of cases)
    it(`refuses ${title}`, () => {
      throwsBabus(
        () => parseDescriptor(json, 'some/slot'),
        'ERR_BABUS_SLOT_CORRUPT',
        `some/slot: its schema is not valid: ${problem}`,
      );
    });

  it('refuses what is not JSON', () => {
    assert.throws(() => parseDescriptor('{', 'some/slot'), { code: 'ERR_BABUS_SLOT_CORRUPT' });
  });

  it('ends in time for structs that share structs many levels deep', () => {
    const type = (level: number): unknown => ({ kind: 'struct', schema: `a/L${level}` });
    const struct = (level: number): object => ({
      name: `a/L${level}`,
      size: 2 ** (20 - level) * 8,
      align: 4,
      fields:
        level === 20
          ? [{ name: 'end', offset: 0, type: { kind: 'time' } }]
          : [0, 1].map((i) => ({ name: `f${i}`, offset: i * 2 ** (19 - level) * 8, type: type(level + 1) })),
    });
    const structs = Array.from({ length: 20 }, (_, level) => struct(level + 1));
    const parsed = parseDescriptor(JSON.stringify({ ...struct(0), structs }), 'some/slot');
    assert.equal(parsed.structs.length, 20);
  });
});
