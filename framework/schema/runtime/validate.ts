import { BabusError } from '../../errors/index.js';
import type { FieldType, ScalarType, SchemaDescriptor, StructDescriptor } from '../descriptor.js';
import { rangeWords } from './range-words.js';
import type { NumberRange, Rules } from '../types.js';
import { sizeOf } from './dynamic.js';
import { structOf } from './json.js';
import type { Memory } from './memory.js';
import { corruptSpan } from './span.js';
import { show } from './values.js';

/** What is wrong with a value, and where: `.force`, `[3].force`. */
interface Problem {
  readonly path: string;
  readonly wanted: string;
  readonly given: number | bigint;
}

/** Looks at what lies at byte `at` of the payload. */
type Check = (memory: Memory, at: number) => Problem | undefined;

/**
 * A function that checks what setters cannot, because arrays are written without them and messages start as zeros: ranges, and that each
 * number of an enum has a name.
 * @returns undefined where a schema says nothing that could be checked; the function throws BabusError ERR_BABUS_VALUE naming field, value
 * and rule
 */
export function validatorOf(schema: {
  readonly descriptor: SchemaDescriptor;
  readonly rules?: Rules;
}): ((memory: Memory) => void) | undefined {
  const { descriptor, rules = {} } = schema;
  const check = new Checks(descriptor, rules).ofStruct(descriptor);
  if (!check) return undefined;
  const title = descriptor.name.slice(descriptor.name.indexOf('/') + 1);
  return (memory) => {
    const problem = check(memory, 0);
    if (!problem) return;
    const { path, wanted, given } = problem;
    throw new BabusError(
      'ERR_BABUS_VALUE',
      `${memory.slot}: ${title}${path} wants ${wanted}, given ${show(given)}; the message was not published`,
    );
  };
}

class Checks {
  readonly #known = new Map<string, Check | undefined>();

  constructor(
    private readonly schema: SchemaDescriptor,
    private readonly rules: Rules,
  ) {}

  ofStruct(struct: StructDescriptor): Check | undefined {
    if (this.#known.has(struct.name)) return this.#known.get(struct.name);
    const checks = struct.fields.flatMap(({ name, offset, type }) => {
      const key = `${struct.name}.${name}`;
      const check = this.ofType(type, Object.hasOwn(this.rules, key) ? this.rules[key] : undefined, key);
      return check ? [{ path: `.${name}`, offset, check }] : [];
    });
    const all: Check | undefined =
      checks.length === 0
        ? undefined
        : (memory, at) => {
            for (const { path, offset, check } of checks) {
              const problem = check(memory, at + offset);
              if (problem) return { ...problem, path: path + problem.path };
            }
            return undefined;
          };
    this.#known.set(struct.name, all);
    return all;
  }

  private ofType(type: FieldType, range: NumberRange | undefined, field: string): Check | undefined {
    switch (type.kind) {
      case 'scalar':
        return range && rangeCheck(type.type, range);
      case 'enum':
        return enumCheck(type.base, type.values);
      case 'struct':
        return this.ofStruct(structOf(this.schema, type.schema));
      case 'array':
      case 'sequence': {
        const element = this.ofType(type.element, range, field);
        const { bytes, align } = sizeOf(type.element, this.schema);
        if (!element) return undefined;
        if (type.kind === 'array') return (memory, at) => checkAll(element, memory, at, type.length, bytes);
        return (memory, at) => {
          const start = memory.u32[at >>> 2]!;
          const length = memory.u32[(at >>> 2) + 1]!;
          if (length === 0) return undefined;
          const { size } = this.schema;
          if (start < size || start + length * bytes > memory.length || start % align !== 0)
            throw corruptSpan(memory, field, start, length, bytes, align, size);
          return checkAll(element, memory, start, length, bytes);
        };
      }
      case 'time':
      case 'duration':
      case 'string':
        return undefined;
    }
  }
}

function checkAll(
  check: Check,
  memory: Memory,
  start: number,
  length: number,
  stride: number,
): Problem | undefined {
  for (let i = 0; i < length; i++) {
    const problem = check(memory, start + i * stride);
    if (problem) return { ...problem, path: `[${i}]${problem.path}` };
  }
  return undefined;
}

function rangeCheck(type: ScalarType, { minimum, maximum }: NumberRange): Check {
  const read = READ[type];
  const least = minimum ?? (type.endsWith('64') && type !== 'float64' ? -(2n ** 63n) : -Infinity);
  const most = maximum ?? (type.endsWith('64') && type !== 'float64' ? 2n ** 64n : Infinity);
  const wanted = rangeWords({ minimum, maximum } as NumberRange);
  return (memory, at) => {
    const given = read(memory, at);
    // NaN is neither.
    return given >= least && given <= most ? undefined : { path: '', wanted, given };
  };
}

function enumCheck(base: ScalarType, values: Readonly<Record<string, number>>): Check {
  const read = READ[base];
  const known = new Set(Object.values(values));
  const names = Object.entries(values).sort(([, a], [, b]) => a - b);
  const shown = names.slice(0, 8).map(([name, number]) => `${name} (${number})`);
  const wanted = `one of ${shown.join(', ')}${names.length > shown.length ? ', …' : ''}`;
  return (memory, at) => {
    const given = read(memory, at) as number;
    return known.has(given) ? undefined : { path: '', wanted, given };
  };
}

const READ: Readonly<Record<ScalarType, (memory: Memory, at: number) => number | bigint>> = {
  bool: ({ u8 }, at) => u8[at]!,
  int8: ({ i8 }, at) => i8[at]!,
  uint8: ({ u8 }, at) => u8[at]!,
  int16: ({ i16 }, at) => i16[at >>> 1]!,
  uint16: ({ u16 }, at) => u16[at >>> 1]!,
  int32: ({ i32 }, at) => i32[at >>> 2]!,
  uint32: ({ u32 }, at) => u32[at >>> 2]!,
  int64: ({ i64 }, at) => i64[at >>> 3]!,
  uint64: ({ u64 }, at) => u64[at >>> 3]!,
  float32: ({ f32 }, at) => f32[at >>> 2]!,
  float64: ({ f64 }, at) => f64[at >>> 3]!,
};
