import type { FieldType, ScalarType, SchemaDescriptor, StructDescriptor } from '../descriptor.js';
import { checkMessage } from './define.js';
import { structOf } from './json.js';
import type { Memory } from './memory.js';
import { NUMBER_TYPES } from './numbers.js';
import { corruptSpan, SPAN_BYTES } from './span.js';

export interface DynamicOptions {
  /** Arrays longer than this are cut to their first elements, and a last one says how many there are. Default: no limit. */
  readonly maxArray?: number;
  /** Texts longer than this many bytes are cut in the same way. Default: no limit. */
  readonly maxText?: number;
  /**
   * Values read from one message; what exceeds them is left out like the rest of a long array. Spans may overlap, so that a
   * short hostile message could otherwise stand for terabytes. Default 1,000,000.
   */
  readonly maxValues?: number;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads a message whose schema is only known by its descriptor, as data for JSON: 64-bit integers as strings, bools as
 * booleans. Enum numbers without a name are given as numbers here, so that a broken message can be looked at.
 * @param descriptor checked, as `parseDescriptor` returns it or generated code holds it
 * @throws BabusError ERR_BABUS_MESSAGE_CORRUPT when a span does not lie in the message's tail
 */
export function readDynamic(
  descriptor: SchemaDescriptor,
  memory: Memory,
  options: DynamicOptions = {},
): Record<string, unknown> {
  checkMessage(descriptor, memory);
  return new DynamicReader(descriptor, memory, options).struct(descriptor, 0);
}

class DynamicReader {
  private readonly data: DataView;
  private readonly maxArray: number;
  private readonly maxText: number;
  private valuesLeft: number;

  constructor(
    private readonly schema: SchemaDescriptor,
    private readonly memory: Memory,
    options: DynamicOptions,
  ) {
    this.data = new DataView(memory.buffer, memory.byteOffset, memory.capacity);
    this.maxArray = options.maxArray ?? Infinity;
    this.maxText = options.maxText ?? Infinity;
    this.valuesLeft = options.maxValues ?? 1_000_000;
  }

  struct(struct: StructDescriptor, at: number): Record<string, unknown> {
    const title = struct.name.slice(struct.name.indexOf('/') + 1);
    return Object.fromEntries(
      struct.fields.map(({ name, offset, type }) => [
        name,
        this.value(type, at + offset, `${title}.${name}`),
      ]),
    );
  }

  private value(type: FieldType, at: number, field: string): unknown {
    this.valuesLeft--;
    switch (type.kind) {
      case 'scalar':
        return toJson(type.type, this.number(type.type, at));
      case 'enum':
        return this.enumName(type.values, Number(this.number(type.base, at)));
      case 'time':
      case 'duration':
        return { sec: this.data.getInt32(at, true), nsec: this.data.getUint32(at + 4, true) };
      case 'struct':
        return this.struct(structOf(this.schema, type.schema), at);
      case 'string': {
        const { start, length } = this.span(at, 1, 1, field);
        return this.text(start, length);
      }
      case 'array':
        return this.list(type.element, at, type.length, field);
      case 'sequence': {
        const { bytes, align } = sizeOf(type.element, this.schema);
        const { start, length } = this.span(at, bytes, align, field);
        return this.list(type.element, start, length, field);
      }
    }
  }

  private list(element: FieldType, start: number, length: number, field: string): unknown[] {
    const { bytes } = sizeOf(element, this.schema);
    const most = Math.min(length, this.maxArray);
    const values: unknown[] = [];
    while (values.length < most && this.valuesLeft > 0)
      values.push(this.value(element, start + values.length * bytes, field));
    if (values.length < length) values.push(`… ${length} in all`);
    return values;
  }

  private text(start: number, length: number): string {
    const shown = Math.min(length, this.maxText);
    const text = decoder.decode(this.memory.u8.subarray(start, start + shown));
    return shown < length ? `${text}… ${length} bytes in all` : text;
  }

  private span(at: number, stride: number, align: number, field: string): { start: number; length: number } {
    const { memory, schema } = this;
    const start = this.data.getUint32(at, true);
    const length = this.data.getUint32(at + 4, true);
    const fits = start >= schema.size && start + length * stride <= memory.length && start % align === 0;
    if (length !== 0 && !fits) throw corruptSpan(memory, field, start, length, stride, align, schema.size);
    return { start: length === 0 ? 0 : start, length };
  }

  private enumName(values: Readonly<Record<string, number>>, number: number): string | number {
    return Object.keys(values).find((name) => values[name] === number) ?? number;
  }

  private number(type: ScalarType, at: number): number | bigint {
    const { data } = this;
    switch (type) {
      case 'bool':
      case 'uint8':
        return data.getUint8(at);
      case 'int8':
        return data.getInt8(at);
      case 'uint16':
        return data.getUint16(at, true);
      case 'int16':
        return data.getInt16(at, true);
      case 'uint32':
        return data.getUint32(at, true);
      case 'int32':
        return data.getInt32(at, true);
      case 'uint64':
        return data.getBigUint64(at, true);
      case 'int64':
        return data.getBigInt64(at, true);
      case 'float32':
        return data.getFloat32(at, true);
      case 'float64':
        return data.getFloat64(at, true);
    }
  }
}

function toJson(type: ScalarType, value: number | bigint): unknown {
  if (type === 'bool') return value !== 0;
  return typeof value === 'bigint' ? String(value) : value;
}

/** Bytes and alignment of one value of a type where it stands: a span for strings and variable arrays. */
export function sizeOf(type: FieldType, schema: SchemaDescriptor): { bytes: number; align: number } {
  switch (type.kind) {
    case 'scalar':
      return both(NUMBER_TYPES[type.type].bytes);
    case 'enum':
      return both(NUMBER_TYPES[type.base].bytes);
    case 'time':
    case 'duration':
    case 'string':
    case 'sequence':
      return { bytes: SPAN_BYTES, align: 4 };
    case 'struct': {
      const { size, align } = structOf(schema, type.schema);
      return { bytes: size, align };
    }
    case 'array': {
      const { bytes, align } = sizeOf(type.element, schema);
      return { bytes: bytes * type.length, align };
    }
  }
}

function both(bytes: number): { bytes: number; align: number } {
  return { bytes, align: bytes };
}
