import type { FieldType, ScalarType } from '../descriptor.js';
import type { LoadedField } from '../load/model.js';
import { arrayCode } from './array-code.js';
import {
  enumeration,
  enumTypeName,
  fieldTitle,
  NOTHING,
  offsetOf,
  structNames,
  type FieldCode,
  type NestedTypes,
  type StructNames,
} from './field-model.js';

const MEMORY_ARRAYS: Readonly<Record<ScalarType, readonly [array: string, shift: number]>> = {
  bool: ['u8', 0],
  int8: ['i8', 0],
  uint8: ['u8', 0],
  int16: ['i16', 1],
  uint16: ['u16', 1],
  int32: ['i32', 2],
  uint32: ['u32', 2],
  int64: ['i64', 3],
  uint64: ['u64', 3],
  float32: ['f32', 2],
  float64: ['f64', 3],
};

/** What is true of a value that does not fit, in one comparison where JavaScript has one. */
const MISFITS: Readonly<Record<ScalarType, string>> = {
  bool: "typeof value !== 'boolean'",
  int8: "typeof value !== 'number' || (value << 24) >> 24 !== value",
  uint8: "typeof value !== 'number' || (value & 0xff) !== value",
  int16: "typeof value !== 'number' || (value << 16) >> 16 !== value",
  uint16: "typeof value !== 'number' || (value & 0xffff) !== value",
  int32: "typeof value !== 'number' || (value | 0) !== value",
  uint32: "typeof value !== 'number' || value >>> 0 !== value",
  int64: '!babus.fitsInt64(value)',
  uint64: '!babus.fitsUint64(value)',
  float32: '!babus.fitsFloat32(value)',
  float64: "typeof value !== 'number'",
};

/** The TypeScript of one field of schema `title`. */
export function fieldCode(title: string, field: LoadedField, nested: NestedTypes): FieldCode {
  const { type } = field;
  switch (type.kind) {
    case 'scalar':
      return scalarCode(title, field, type.type);
    case 'enum':
      return enumCode(title, field, type);
    case 'string':
      return textCode(title, field);
    case 'time':
    case 'duration':
    case 'struct':
      return structCode(title, field, structNames(type, nested));
    case 'array':
    case 'sequence':
      return arrayCode(title, field, type, nested);
  }
}

function same(type: string): Pick<FieldCode, 'plain' | 'viewType' | 'loanType' | 'setType'> {
  return { plain: type, viewType: type, loanType: type, setType: type };
}

function access(type: ScalarType, offset: number): string {
  const [array, shift] = MEMORY_ARRAYS[type];
  const place = offset === 0 ? 'this._o' : `this._o + ${offset}`;
  if (shift === 0) return `this._m.${array}[${place}]`;
  return `this._m.${array}[${offset === 0 ? place : `(${place})`} >>> ${shift}]`;
}

function scalarCode(title: string, field: LoadedField, type: ScalarType): FieldCode {
  const place = access(type, field.offset);
  const plain = type === 'bool' ? 'boolean' : type === 'int64' || type === 'uint64' ? 'bigint' : 'number';
  const get = type === 'bool' ? `${place} !== 0` : `${place}!`;
  const refuse = `babus.refuseNumber(this._m, '${fieldTitle(title, field)}', '${type}', value)`;
  const set = [
    `if (${MISFITS[type]}) ${refuse};`,
    `${place} = ${type === 'bool' ? 'value ? 1 : 0' : 'value'};`,
  ];
  return { ...NOTHING, ...same(plain), field, viewGet: get, loanGet: get, set, clone: `from.${field.name}` };
}

function enumCode(title: string, field: LoadedField, type: FieldType & { kind: 'enum' }): FieldCode {
  const place = access(type.base, field.offset);
  const get = `${field.name}Enum.nameOf(this._m, ${place}!)`;
  return {
    ...NOTHING,
    ...same(enumTypeName(title, field.name)),
    field,
    viewGet: get,
    loanGet: get,
    set: [`${place} = ${field.name}Enum.numberOf(this._m, value);`],
    clone: `from.${field.name}`,
    enumeration: enumeration(type),
  };
}

function textCode(title: string, field: LoadedField): FieldCode {
  const args = `(memory, ${offsetOf(field)}, tail, '${fieldTitle(title, field)}')`;
  const { textBytes } = field.bounds ?? {};
  const bound = textBytes === undefined ? '' : `.atMost(${textBytes})`;
  return {
    ...NOTHING,
    ...same('string'),
    field,
    member: {
      viewType: 'babus.TextSpan',
      loanType: 'babus.TextSpanLoan',
      viewMaker: `new babus.TextSpan${args}`,
      loanMaker: `new babus.TextSpanLoan${args}${bound}`,
    },
    viewGet: `this.$${field.name}.get()`,
    loanGet: `this.$${field.name}.get()`,
    set: [`this.$${field.name}.set(value);`],
    clone: `from.${field.name}`,
    needsTail: true,
  };
}

function structCode(title: string, field: LoadedField, names: StructNames): FieldCode {
  const args = names.isTime
    ? `(memory, ${offsetOf(field)}, 0, '${fieldTitle(title, field)}')`
    : `(memory, ${offsetOf(field)}, tail)`;
  return {
    ...NOTHING,
    field,
    plain: names.plain,
    viewType: names.view,
    loanType: names.loan,
    setType: names.isTime ? names.plain : `babus.ValueOf<${names.plain}>`,
    member: {
      viewType: names.view,
      loanType: names.loan,
      viewMaker: `new ${names.view}${args}`,
      loanMaker: `new ${names.loan}${args}`,
    },
    viewGet: `this.$${field.name}`,
    loanGet: `this.$${field.name}`,
    set: [`this.$${field.name}.set(value);`],
    clone: `from.${field.name}.clone()`,
    needsTail: !names.isTime,
  };
}
