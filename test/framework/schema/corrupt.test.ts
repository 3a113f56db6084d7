import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isBabusError } from '../../../framework/errors/index.js';
import { checkMessage, readDynamic, type Memory, type Schema } from '../../../framework/schema/index.js';
import { Everything, Lists, Part } from './fixtures/index.js';
import { Bench, makeMemory, throwsBabus } from './kit.js';
import { everything, lists } from './values.js';

/** Runs a reader on a message that may be broken. @returns what it read, or undefined when it was refused */
function readOrRefuse<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    assert.ok(isBabusError(error), `${String((error as Error).stack)}`);
    assert.equal(error.code, 'ERR_BABUS_MESSAGE_CORRUPT');
    return undefined;
  }
}

/** Every typed array that can be reached from a view. */
function arraysOf(value: unknown, found: ArrayBufferView[] = []): ArrayBufferView[] {
  if (typeof value !== 'object' || value === null) return found;
  if (ArrayBuffer.isView(value)) found.push(value);
  else if (Symbol.iterator in value)
    readOrRefuse(() => {
      for (const each of value as Iterable<unknown>) arraysOf(each, found);
    });
  else
    for (const name of Object.getOwnPropertyNames(Object.getPrototypeOf(value)))
      if (!['constructor', 'clone', 'toJSON', '__proto__'].includes(name))
        arraysOf(
          readOrRefuse(() => (value as Record<string, unknown>)[name]),
          found,
        );
  return found;
}

/** Arrays lie in the fixed part or in the tail. */
function assertInside(memory: Memory, fixed: number, view: object): void {
  const end = memory.byteOffset + Math.max(fixed, Math.min(memory.length, memory.capacity));
  for (const { byteOffset, byteLength } of arraysOf(view))
    if (byteLength > 0)
      assert.ok(
        byteOffset >= memory.byteOffset && byteOffset + byteLength <= end,
        `an array at ${byteOffset} of ${byteLength} bytes`,
      );
}

const words = fc.oneof(
  fc.constantFrom(0, 1, 3, 0x7fffffff, 0x80000000, 0xfffffff8, 0xfffffffc, 0xffffffff),
  fc.integer({ min: 0, max: 4096 }),
  fc.integer({ min: 0, max: 0xffffffff }),
);

/** Overwrites words of a valid message. */
const damages = fc.array(fc.record({ at: fc.nat({ max: 1100 }), value: words }), {
  minLength: 1,
  maxLength: 6,
});

function fuzz<M>(schema: Schema<M>, value: M): void {
  const bench = new Bench(schema, 4096);
  fc.assert(
    fc.property(damages, fc.option(fc.nat({ max: 5000 })), (damage, length) => {
      bench.put(value);
      const { memory, view } = bench;
      const valid = memory.length;
      for (const { at, value: word } of damage) memory.u32[at % ((valid + 3) >>> 2)] = word;
      if (length !== null) memory.length = length;
      readOrRefuse(() => checkMessage(schema, memory));
      const asJson = readOrRefuse(() => (view as { toJSON(): unknown }).toJSON());
      readOrRefuse(() => readDynamic(schema.descriptor, memory, { maxValues: 10_000 }));
      assertInside(memory, schema.size, view as object);
      if (asJson !== undefined && length === null)
        assert.deepEqual(
          JSON.parse(JSON.stringify(readDynamic(schema.descriptor, memory, { maxValues: Infinity }))),
          JSON.parse(JSON.stringify(asJson)),
          'a view and the dynamic reader agree',
        );
    }),
    { numRuns: 400 },
  );
}

describe('corrupt messages', () => {
  it('never make a reader leave them, whatever their bytes are (every kind of field)', () => {
    fuzz(Everything, everything);
  });

  it('never make a reader leave them, whatever their bytes are (arrays)', () => {
    fuzz(Lists, lists);
  });

  const at = (Lists.descriptor.fields.find((field) => field.name === 'doubles')?.offset ?? 0) >>> 2;
  const { size } = Lists;
  const broken: [title: string, start: number, length: number, why: string][] = [
    [
      'a span that leaves the message',
      size + 8,
      2,
      `(2 x 8 bytes at ${size + 8}) leaves the message of ${size + 20} bytes`,
    ],
    ['a span behind the message', 4000, 1, `(1 x 8 bytes at 4000) leaves the message of ${size + 20} bytes`],
    [
      'a span of more than 4 GiB',
      size,
      0xffffffff,
      `(4294967295 x 8 bytes at ${size}) leaves the message of ${size + 20} bytes`,
    ],
    [
      'a span that would wrap at 32 bits',
      0xfffffff8,
      2,
      `(2 x 8 bytes at 4294967288) leaves the message of ${size + 20} bytes`,
    ],
    ['a span in the fixed part', 8, 1, `(1 x 8 bytes at 8) begins inside the fixed part of ${size} bytes`],
    ['a span that is not aligned', size + 1, 1, `(1 x 8 bytes at ${size + 1}) is not aligned to 8`],
  ];
  for (const [title, start, length, why] of broken)
    it(`are refused: ${title}`, () => {
      assert.equal(size % 8, 0, 'the test counts on this');
      const bench = new Bench(Lists);
      bench.put({ bytes: new Uint8Array(20) });
      bench.memory.u32[at] = start;
      bench.memory.u32[at + 1] = length;
      throwsBabus(() => bench.view.doubles, 'ERR_BABUS_MESSAGE_CORRUPT', `test/slot: Lists.doubles ${why}`);
      throwsBabus(
        () => readDynamic(Lists.descriptor, bench.memory),
        'ERR_BABUS_MESSAGE_CORRUPT',
        `test/slot: Lists.doubles ${why}`,
      );
      assert.equal(bench.view.bytes.length, 20, 'other fields can still be read');
    });

  it('are refused even where the same place was good in the message before', () => {
    const bench = new Bench(Lists);
    bench.put({ bytes: new Uint8Array(20) });
    assert.equal(bench.view.bytes.length, 20);
    bench.memory.length -= 1;
    assert.throws(() => bench.view.bytes, { code: 'ERR_BABUS_MESSAGE_CORRUPT' });
  });

  it('are refused inside the elements of arrays', () => {
    const bench = new Bench(Lists);
    const loan = bench.loan();
    const part = loan.allocate('parts', 1).at(0);
    part.label = 'abc';
    loan.publish();
    bench.memory.length -= 1;
    throwsBabus(
      () => bench.view.parts.at(0).label,
      'ERR_BABUS_MESSAGE_CORRUPT',
      `test/slot: Part.label (3 x 1 bytes at ${size + Part.size}) leaves the message of ${size + Part.size + 2} bytes`,
    );
  });

  it('are refused for an enum number without a name', () => {
    const bench = new Bench(Everything);
    bench.put({});
    const mode = Everything.descriptor.fields.find((field) => field.name === 'mode')?.offset ?? 0;
    bench.memory.u16[mode >>> 1] = 8;
    throwsBabus(
      () => bench.view.mode,
      'ERR_BABUS_MESSAGE_CORRUPT',
      'test/slot: Everything.mode holds 8, which has no name',
    );
    assert.equal(
      readDynamic(Everything.descriptor, bench.memory)['mode'],
      8,
      'shown as a number where one looks for faults',
    );
  });

  it('are refused when they are shorter than the fixed part, or longer than their buffer', () => {
    const memory = makeMemory(64);
    memory.length = Part.size - 1;
    throwsBabus(
      () => checkMessage(Part, memory),
      'ERR_BABUS_MESSAGE_CORRUPT',
      'test/slot: a message of 27 bytes; sample/Part takes 28 or more, its buffer 64',
    );
    memory.length = 65;
    assert.throws(() => checkMessage(Part, memory), { code: 'ERR_BABUS_MESSAGE_CORRUPT' });
  });

  it('are told from messages whose participant has left', () => {
    const bench = new Bench(Lists);
    const view = bench.put(lists);
    assert.equal(view.bytes.length, 1);
    structuredClone(bench.memory.buffer, { transfer: [bench.memory.buffer] });
    for (const field of ['bytes', 'parts', 'states'] as const)
      throwsBabus(
        () => view[field],
        'ERR_BABUS_CLOSED',
        `test/slot: Lists.${field} was read after its participant left the domain`,
      );
  });
});
