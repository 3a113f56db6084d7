import type { FieldType, ScalarType } from '../descriptor.js';
import type { LoadedField } from '../load/model.js';
import { NUMBER_TYPES } from '../runtime/numbers.js';
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

type ListType = FieldType & { kind: 'array' | 'sequence' };

/** The TypeScript of an array field, inside the message or in its tail. */
export function arrayCode(title: string, field: LoadedField, type: ListType, nested: NestedTypes): FieldCode {
  const { element } = type;
  if (element.kind === 'scalar') return numbersCode(title, field, type, element.type);
  if (element.kind === 'enum') return enumsCode(title, field, type, element);
  if (element.kind === 'string') return textsCode(title, field, type);
  return structsCode(title, field, type, structNames(element, nested));
}

/** A bound that a loan keeps. */
function atMost({ bounds }: LoadedField): string {
  return bounds?.elements === undefined ? '' : `.atMost(${bounds.elements})`;
}

function textsAtMost({ bounds }: LoadedField): string {
  return bounds?.textBytes === undefined ? '' : `.textsAtMost(${bounds.textBytes})`;
}

function numbersCode(title: string, field: LoadedField, type: ListType, element: ScalarType): FieldCode {
  const array = NUMBER_TYPES[element].array.name;
  const constant = `babus.${element.toUpperCase()}`;
  const name = fieldTitle(title, field);
  const base = {
    ...NOTHING,
    field,
    plain: array,
    viewType: array,
    loanType: array,
    setType: `babus.NumberValues<${array}>`,
    clone: `from.${field.name}.slice()`,
  };
  if (type.kind === 'array') {
    const maker = `babus.fixedNumbers(memory, ${offsetOf(field)}, ${constant}, ${type.length})`;
    return {
      ...base,
      member: { viewType: array, loanType: array, viewMaker: maker, loanMaker: maker },
      viewGet: `this.$${field.name}`,
      loanGet: `this.$${field.name}`,
      set: [`babus.setFixedNumbers(this._m, '${name}', ${constant}, this.$${field.name}, value);`],
    };
  }
  const args = `(memory, ${offsetOf(field)}, tail, '${name}', ${constant})`;
  return {
    ...base,
    member: {
      viewType: `babus.NumberSpan<${array}>`,
      loanType: `babus.NumberSpanLoan<${array}>`,
      viewMaker: `new babus.NumberSpan${args}`,
      loanMaker: `new babus.NumberSpanLoan${args}${atMost(field)}`,
    },
    viewGet: `this.$${field.name}.get()`,
    loanGet: `this.$${field.name}.get()`,
    set: [`this.$${field.name}.set(value);`],
    allocated: array,
    needsTail: true,
  };
}

function enumsCode(
  title: string,
  field: LoadedField,
  type: ListType,
  element: FieldType & { kind: 'enum' },
): FieldCode {
  const name = enumTypeName(title, field.name);
  const [view, loan] = [`babus.EnumArray<${name}>`, `babus.EnumArrayLoan<${name}>`];
  const isFixed = type.kind === 'array';
  const fixedArgs = `(memory, ${offsetOf(field)}, ${field.name}Enum, ${isFixed ? type.length : 0})`;
  const spanArgs = `(memory, ${offsetOf(field)}, tail, ${field.name}Enum)`;
  const get = isFixed ? `this.$${field.name}` : `this.$${field.name}.get()`;
  return {
    ...NOTHING,
    field,
    plain: `${name}[]`,
    viewType: view,
    loanType: loan,
    setType: `babus.Values<${name}>`,
    member: {
      viewType: isFixed ? view : `babus.EnumSpan<${name}>`,
      loanType: isFixed ? loan : `babus.EnumSpanLoan<${name}>`,
      viewMaker: isFixed ? `babus.fixedEnums${fixedArgs}` : `new babus.EnumSpan${spanArgs}`,
      loanMaker: isFixed
        ? `babus.fixedEnumsLoan${fixedArgs}`
        : `new babus.EnumSpanLoan${spanArgs}${atMost(field)}`,
    },
    viewGet: get,
    loanGet: get,
    set: [`this.$${field.name}.set(value);`],
    allocated: isFixed ? undefined : loan,
    clone: `from.${field.name}.clone()`,
    enumeration: enumeration(element),
    needsTail: !isFixed,
  };
}

function textsCode(title: string, field: LoadedField, type: ListType): FieldCode {
  const name = fieldTitle(title, field);
  const isFixed = type.kind === 'array';
  const kind = isFixed ? 'babus.TextArray' : 'babus.TextArraySpan';
  const maker = (end: string): string =>
    isFixed
      ? `new ${kind}${end}(memory, '${name}', tail).moveTo(${offsetOf(field)}, ${type.length})`
      : `new ${kind}${end}(memory, ${offsetOf(field)}, tail, '${name}')`;
  const get = isFixed ? `this.$${field.name}` : `this.$${field.name}.get()`;
  return {
    ...NOTHING,
    field,
    plain: 'string[]',
    viewType: 'babus.TextArray',
    loanType: 'babus.TextArrayLoan',
    setType: 'babus.TextValues',
    member: {
      viewType: kind,
      loanType: `${kind}Loan`,
      viewMaker: maker(''),
      loanMaker: maker('Loan') + atMost(field) + textsAtMost(field),
    },
    viewGet: get,
    loanGet: get,
    set: [`this.$${field.name}.set(value);`],
    allocated: isFixed ? undefined : 'babus.TextArrayLoan',
    clone: `from.${field.name}.clone()`,
    needsTail: true,
  };
}

function structsCode(title: string, field: LoadedField, type: ListType, names: StructNames): FieldCode {
  const view = `babus.StructArray<${names.view}, ${names.plain}>`;
  const loan = `babus.StructArrayLoan<${names.loan}, ${names.plain}>`;
  const isFixed = type.kind === 'array';
  const name = fieldTitle(title, field);
  const elementType = (make: string): string =>
    `{ make: ${make}, bytes: ${names.bytes}, align: ${names.align} }`;
  const maker = (kind: string, make: string): string =>
    isFixed
      ? `new babus.StructArray${kind}<${make}, ${names.plain}>(memory, '${name}', tail, ${elementType(make)}).moveTo(${offsetOf(field)}, ${type.length})`
      : `new babus.StructSpan${kind}<${make}, ${names.plain}>(memory, ${offsetOf(field)}, tail, '${name}', ${elementType(make)})`;
  const get = isFixed ? `this.$${field.name}` : `this.$${field.name}.get()`;
  return {
    ...NOTHING,
    field,
    plain: `${names.plain}[]`,
    viewType: view,
    loanType: loan,
    setType: `babus.Values<babus.ValueOf<${names.plain}>>`,
    member: {
      viewType: isFixed ? view : `babus.StructSpan<${names.view}, ${names.plain}>`,
      loanType: isFixed ? loan : `babus.StructSpanLoan<${names.loan}, ${names.plain}>`,
      viewMaker: maker('', names.view),
      loanMaker: maker('Loan', names.loan) + atMost(field),
    },
    viewGet: get,
    loanGet: get,
    set: [`this.$${field.name}.set(value);`],
    allocated: isFixed ? undefined : loan,
    clone: `from.${field.name}.clone()`,
    needsTail: true,
  };
}
