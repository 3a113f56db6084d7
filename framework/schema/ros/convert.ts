import { BabusError, didYouMean } from '../../errors/index.js';
import { MAX_FIXED_LENGTH, SCALAR_TYPES } from '../load/type-text.js';
import { RESERVED_FIELDS } from '../load/schema-file.js';
import { STANDARD_OF_ROS } from './counterparts.js';
import type { Msg, MsgField, MsgLine } from './parse-msg.js';

export interface Finding {
  readonly message: string;
  readonly at: MsgLine['at'];
}

export interface Converted {
  /** Of the schema file. */
  readonly text: string;
  /** Schemas of other packages than std that the fields name. */
  readonly names: readonly string[];
}

interface MsgName {
  /** `sensor_msgs` */
  readonly packageName: string;
  /** `Imu` */
  readonly title: string;
}

/** Numbers that an enum can have for its base. */
const ENUM_BASES = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32'];
const PLAIN_TYPES: readonly string[] = [...SCALAR_TYPES, 'string', 'time', 'duration'];

/**
 * A schema file that says the same as a definition. What it cannot say goes to `errors` when messages would lose it, to
 * `lost` when only words or defaults do.
 */
export function convertMsg(msg: Msg, name: MsgName, errors: BabusError[], lost: Finding[]): Converted {
  const fields = msg.lines.filter(({ field }) => field.isConstant !== true);
  const constants = msg.lines.filter(({ field }) => field.isConstant === true);
  const enums = new Map(fields.map(({ field }) => [field.name, enumValues(field, fields, constants)]));
  const used = new Set([...enums.values()].flatMap((values) => values?.map(({ line }) => line) ?? []));
  const names = new Set<string>();
  const others = constants.filter((line) => !used.has(line));
  const kept = others.flatMap((line) => constantText(line));
  const rest = others.filter((line) => constantText(line).length === 0);
  for (const { at, field } of rest)
    lost.push({
      at,
      message: `constant ${field.name} is kept in the doc alone: its name or type is none that a schema's constants can have`,
    });
  const lines = fields.flatMap((line) =>
    fieldText(line, name, enums.get(line.field.name), names, errors, lost),
  );
  const words = rest.map(({ field }) => `${field.name} = ${field.valueText ?? String(field.value)}`);
  const doc = [msg.doc, words.length > 0 ? `Constants: ${words.join(', ')}.` : ''].join(' ').trim();
  const text = [
    `# From ${name.packageName}/msg/${name.title}.msg`,
    `name: ${name.packageName}/${name.title}`,
    ...(doc === '' ? [] : [`doc: ${JSON.stringify(doc)}`]),
    ...(kept.length > 0 ? ['constants:', ...kept] : []),
    'fields:',
    ...lines,
    '',
  ].join('\n');
  return { text, names: [...names] };
}

/** The line of a schema's constant; none for what it cannot say. */
function constantText({ doc, field }: MsgLine): string[] {
  const { name, type, value } = field;
  const known = type === 'string' || (SCALAR_TYPES as readonly string[]).includes(type);
  const finite = typeof value !== 'number' || Number.isFinite(value);
  if (!known || !finite || !/^[A-Z][A-Z0-9_]*$/.test(name) || name.length > 64) return [];
  const text =
    typeof value === 'bigint' || (type.endsWith('64') && type !== 'float64')
      ? `'${String(value)}'`
      : JSON.stringify(value);
  const keys = [`type: ${type}`, `value: ${text}`, ...(doc === '' ? [] : [`doc: ${JSON.stringify(doc)}`])];
  return [`  ${name}: { ${keys.join(', ')} }`];
}

interface EnumValue {
  readonly name: string;
  readonly number: number;
  readonly line: MsgLine;
}

/** Constants FIELD_NAME of the field's type are its values, unless they are bits that may stand together. */
function enumValues(
  field: MsgField,
  fields: readonly MsgLine[],
  constants: readonly MsgLine[],
): EnumValue[] | undefined {
  if (!ENUM_BASES.includes(field.type)) return undefined;
  const prefix = `${field.name.toUpperCase()}_`;
  const longer = fields.filter(({ field: { name } }) => name.startsWith(`${field.name}_`));
  const values = constants
    .filter(({ field: { name, type } }) => type === field.type && name.startsWith(prefix))
    .filter(
      ({ field: { name } }) => !longer.some((each) => name.startsWith(`${each.field.name.toUpperCase()}_`)),
    )
    .map((line) => ({
      name: line.field.name.slice(prefix.length).toLowerCase(),
      number: Number(line.field.value),
      line,
    }));
  const numbers = new Set(values.map(({ number }) => number));
  const named = values.every(({ name }) => /^[0-9]*[a-z][a-z0-9_]*$/.test(name));
  if (values.length === 0 || numbers.size < values.length || !named) return undefined;
  return areBits(numbers) ? undefined : values;
}

/** 1, 2, 4: three or more powers of two without a 3 between them. */
function areBits(numbers: ReadonlySet<number>): boolean {
  const above = [...numbers].filter((number) => number > 0);
  return above.length >= 3 && above.every((number) => Number.isInteger(Math.log2(number)));
}

function fieldText(
  { at, doc, field }: MsgLine,
  name: MsgName,
  values: readonly EnumValue[] | undefined,
  names: Set<string>,
  errors: BabusError[],
  lost: Finding[],
): string[] {
  const refused = refusal(field);
  const type = refused === undefined ? typeOf(field, name) : undefined;
  if (refused !== undefined || type === undefined) {
    const message = refused ?? `unknown type '${field.type}'${didYouMean(field.type, PLAIN_TYPES)}`;
    errors.push(new BabusError('ERR_BABUS_SCHEMA', `${field.name}: ${message}`, at));
    return [];
  }
  for (const what of losses(field)) lost.push({ at, message: `${field.name}: ${what}` });
  if (values && !values.some(({ number }) => number === 0))
    lost.push({
      at,
      message: `${field.name}: no constant is 0, which messages start with; add a name for it`,
    });
  if (type.includes('/') && !type.startsWith('std/')) names.add(type);
  const { arrayLength, arrayUpperBound, upperBound } = field;
  const most = arrayUpperBound === undefined ? '' : `<=${arrayUpperBound}`;
  const list = field.isArray === true ? `[${arrayLength ?? most}]` : '';
  const text = upperBound === undefined ? '' : `<=${upperBound}`;
  const written = values ? `enum${list}` : `${type}${text}${list}`;
  const keys = [
    `type: '${written}'`,
    ...(values
      ? [
          `base: ${field.type}`,
          `values: { ${values.map((each) => `${each.name}: ${each.number}`).join(', ')} }`,
        ]
      : []),
    ...(doc === '' ? [] : [`doc: ${JSON.stringify(doc)}`]),
  ];
  return [`  ${field.name}: { ${keys.join(', ')} }`];
}

/** Why messages could not carry the field. */
function refusal({ name, type, arrayLength = 1 }: MsgField): string | undefined {
  if (type === 'wstring') return 'text of 16-bit characters (wstring) has no counterpart; use string';
  if (arrayLength > MAX_FIXED_LENGTH || arrayLength < 1)
    return `a fixed array has 1 to ${MAX_FIXED_LENGTH} elements; use one of any length`;
  if (RESERVED_FIELDS.has(name)) return 'views and loans have a member of that name; rename it';
  if (name.length > 64) return 'a field name has at most 64 characters';
  return undefined;
}

function losses({ defaultValue }: MsgField): string[] {
  return [...(defaultValue === undefined ? [] : ['its default is left out: messages start as zeros'])];
}

/** @returns undefined for what is no type */
function typeOf({ type, isComplex }: MsgField, { packageName }: MsgName): string | undefined {
  if (isComplex !== true) return PLAIN_TYPES.includes(type) ? type : undefined;
  const full = type.includes('/') ? type.replace('/msg/', '/') : `${packageName}/${type}`;
  if (!/^[a-z][a-z0-9_]*\/[A-Z][A-Za-z0-9]*$/.test(full)) return undefined;
  // What is imported itself stays with its package: only other packages' messages become those of std.
  if (full.startsWith(`${packageName}/`)) return full;
  return STANDARD_OF_ROS.get(full) ?? full;
}
