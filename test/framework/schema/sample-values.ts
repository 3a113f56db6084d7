import type {
  FieldType,
  ScalarType,
  SchemaDescriptor,
  StructDescriptor,
} from '../../../framework/schema/index.js';

/** Numbers from 0 to below 1 that are the same for the same seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const TEXTS = ['', 'a', 'grü', '日本語 テキスト', '🤖🦾', 'x'.repeat(200), 'line\nline'];
const BITS: Readonly<Record<string, number>> = { '8': 8, '16': 16, '32': 32, '64': 64 };

/** A message of a schema whose numbers are often the least and the greatest of their type. */
export function sampleOf(schema: SchemaDescriptor, next: () => number): Record<string, unknown> {
  return struct(schema, schema, next);
}

function struct(of: StructDescriptor, schema: SchemaDescriptor, next: () => number): Record<string, unknown> {
  return Object.fromEntries(of.fields.map(({ name, type }) => [name, sample(type, schema, next)]));
}

function sample(type: FieldType, schema: SchemaDescriptor, next: () => number): unknown {
  switch (type.kind) {
    case 'scalar':
      return number(type.type, next);
    case 'enum':
      return pick(Object.keys(type.values), next);
    case 'time':
    case 'duration':
      return { sec: number('int32', next), nsec: Math.floor(next() * 1e9) };
    case 'string':
      return pick(TEXTS, next);
    case 'struct':
      return struct(
        schema.structs.find(({ name }) => name === type.schema)!,
        schema,
        next,
      );
    case 'array':
      return list(type.element, type.length, schema, next);
    case 'sequence':
      return list(type.element, Math.floor(next() * 4), schema, next);
  }
}

function list(element: FieldType, length: number, schema: SchemaDescriptor, next: () => number): unknown {
  const values = Array.from({ length }, () => sample(element, schema, next));
  return element.kind === 'scalar' ? ARRAYS[element.type](values as never) : values;
}

const ARRAYS = {
  bool: (values: boolean[]) => Uint8Array.from(values, Number),
  int8: (values: number[]) => Int8Array.from(values),
  uint8: (values: number[]) => Uint8Array.from(values),
  int16: (values: number[]) => Int16Array.from(values),
  uint16: (values: number[]) => Uint16Array.from(values),
  int32: (values: number[]) => Int32Array.from(values),
  uint32: (values: number[]) => Uint32Array.from(values),
  int64: (values: bigint[]) => BigInt64Array.from(values),
  uint64: (values: bigint[]) => BigUint64Array.from(values),
  float32: (values: number[]) => Float32Array.from(values),
  float64: (values: number[]) => Float64Array.from(values),
};

function number(type: ScalarType, next: () => number): unknown {
  if (type === 'bool') return next() < 0.5;
  if (type === 'float32')
    return pick([0, -0, 1.5, 2 ** -149, 3.4028234663852886e38, Math.fround(next())], next);
  if (type === 'float64') return pick([0, -0, 5e-324, Number.MAX_VALUE, -Infinity, next()], next);
  const bits = BITS[/\d+/.exec(type)![0]]!;
  const [least, most] = type.startsWith('u')
    ? [0n, 2n ** BigInt(bits) - 1n]
    : [-(2n ** BigInt(bits - 1)), 2n ** BigInt(bits - 1) - 1n];
  const value = pick(
    [least, most, least + BigInt(Math.floor(next() * Number(2 ** Math.min(bits, 52))))],
    next,
  );
  return bits === 64 ? value : Number(value);
}

function pick<T>(values: readonly T[], next: () => number): T {
  return values[Math.floor(next() * values.length)]!;
}

/** The line that the C program prints when it reads the same. */
export function expectedLine(value: Readonly<Record<string, unknown>>, schema: SchemaDescriptor): string {
  return structText(value, schema, schema);
}

function structText(
  value: Readonly<Record<string, unknown>>,
  of: StructDescriptor,
  schema: SchemaDescriptor,
): string {
  return of.fields.map(({ name, type }) => text(value[name], type, schema)).join('');
}

function text(value: unknown, type: FieldType, schema: SchemaDescriptor): string {
  switch (type.kind) {
    case 'scalar':
      return numberText(value as number | bigint | boolean, type.type);
    case 'enum':
      return ` ${type.values[value as string]}`;
    case 'time':
    case 'duration': {
      const { sec, nsec } = value as { sec: number; nsec: number };
      return ` ${sec}.${nsec}`;
    }
    case 'string':
      return ` '${Buffer.from(value as string).toString('hex')}`;
    case 'struct':
      return structText(
        value as Record<string, unknown>,
        schema.structs.find(({ name }) => name === type.schema)!,
        schema,
      );
    case 'array':
    case 'sequence': {
      const values = Array.from(value as ArrayLike<unknown>, (each) => text(each, type.element, schema));
      return (type.kind === 'sequence' ? ` #${values.length}` : '') + values.join('');
    }
  }
}

function numberText(value: number | bigint | boolean, type: ScalarType): string {
  if (type === 'bool') return ` ${Number(value)}`;
  if (type !== 'float32' && type !== 'float64') return ` ${value}`;
  const bytes = Buffer.alloc(type === 'float32' ? 4 : 8);
  if (type === 'float32') bytes.writeFloatBE(value as number);
  else bytes.writeDoubleBE(value as number);
  return ` ${type === 'float32' ? 'f' : 'd'}${bytes.toString('hex')}`;
}
