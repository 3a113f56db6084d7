/** What generated schema code stands on, published as `babus/schema`. Loads no YAML, no ajv, no addon. */
export type {
  FieldDescriptor,
  FieldType,
  ScalarType,
  SchemaDescriptor,
  StructDescriptor,
} from './descriptor.js';
export type { Loan, Message, NumberRange, Rules, Schema, View } from './types.js';
export { canonicalJson } from './canonical.js';
export { typeName } from './type-name.js';
export { checkMessage, defineSchema, summaryOf, type SchemaParts } from './runtime/define.js';
export { readDynamic, type DynamicOptions } from './runtime/dynamic.js';
export { toFoxgloveJson } from './runtime/foxglove-json.js';
export { fromRos2, toRos2 } from './runtime/ros2.js';
export { parseDescriptor } from './runtime/parse-descriptor.js';
export { Memory, type HeldView, type LoanOwner } from './runtime/memory.js';
export { noSuchArray, StructLoan, StructView } from './runtime/struct.js';
export { DurationLoan, TimeLoan, TimeView, wallClockMs, type Duration, type Time } from './runtime/time.js';
export { TextSpan, TextSpanLoan } from './runtime/text.js';
export { fixedNumbers, NumberSpan, NumberSpanLoan, setFixedNumbers } from './runtime/number-array.js';
export {
  EnumArray,
  EnumArrayLoan,
  EnumSpan,
  EnumSpanLoan,
  fixedEnums,
  fixedEnumsLoan,
} from './runtime/enum-array.js';
export {
  TextArray,
  TextArrayLoan,
  TextArraySpan,
  TextArraySpanLoan,
  type TextValues,
} from './runtime/text-array.js';
export { validatorOf } from './runtime/validate.js';
export { rangeWords } from './runtime/range-words.js';
export { EnumType } from './runtime/enum.js';
export {
  StructArray,
  StructArrayLoan,
  StructSpan,
  StructSpanLoan,
  type ElementType,
} from './runtime/struct-array.js';
export {
  BOOL,
  fitsFloat32,
  fitsInt64,
  fitsUint64,
  FLOAT32,
  FLOAT64,
  INT16,
  INT32,
  INT64,
  INT8,
  UINT16,
  UINT32,
  UINT64,
  UINT8,
  type NumberArray,
  type NumberType,
} from './runtime/numbers.js';
export { refuseNumber, refuseValue, type NumberValues, type ValueOf, type Values } from './runtime/values.js';
