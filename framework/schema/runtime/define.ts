import { BabusError } from '../../errors/index.js';
import type { SchemaSummary } from '../../spec.js';
import type { FieldType, SchemaDescriptor } from '../descriptor.js';
import type { Loan, Rules, Schema, View } from '../types.js';
import type { Memory } from './memory.js';

/** What generated code knows of its schema. */
export interface SchemaParts<M> {
  readonly descriptor: SchemaDescriptor;
  /** 16 hexadecimal digits, computed when the code was generated. */
  readonly hash: string;
  /** Ranges that the schema gives its numbers, and those of structs in it. */
  readonly rules?: Rules;
  readonly view: new (memory: Memory, offset?: number) => View<M>;
  readonly loan: new (memory: Memory, offset?: number) => Loan<M>;
}

/** Makes the constant that stands for a schema at run time. */
export function defineSchema<M>(parts: SchemaParts<M>): Schema<M> {
  const { descriptor, hash, rules, view, loan } = parts;
  return {
    name: descriptor.name,
    hash,
    size: descriptor.size,
    hasSpans: hasSpans(descriptor),
    descriptor,
    ...(rules && { rules }),
    view,
    loan,
    assign(open, value) {
      (open as { set(value: M): void }).set(value);
    },
  };
}

/** The part of a schema that is plain data and can be sent to another process. */
export function summaryOf(schema: SchemaSummary): SchemaSummary {
  const { name, hash, size, descriptor } = schema;
  return { name, hash, size, hasSpans: schema.hasSpans, descriptor };
}

/** True when messages have a tail: a field is, or holds, a string or a variable array. */
export function hasSpans(descriptor: SchemaDescriptor): boolean {
  const isSpan = (type: FieldType): boolean =>
    type.kind === 'string' || type.kind === 'sequence' || (type.kind === 'array' && isSpan(type.element));
  return [descriptor, ...descriptor.structs].some((struct) =>
    struct.fields.some((field) => isSpan(field.type)),
  );
}

/**
 * To be called for each message before its view is handed out: fields of the fixed part are read unchecked after that.
 * @throws BabusError ERR_BABUS_MESSAGE_CORRUPT when the message is shorter than the fixed part, or longer than its buffer
 */
export function checkMessage(schema: { readonly name: string; readonly size: number }, memory: Memory): void {
  if (memory.length >= schema.size && memory.length <= memory.capacity) return;
  throw new BabusError(
    'ERR_BABUS_MESSAGE_CORRUPT',
    `${memory.slot}: a message of ${memory.length} bytes; ${schema.name} takes ${schema.size} or more, its buffer ${memory.capacity}`,
  );
}
