import { BabusError, didYouMean } from '../../errors/index.js';
import type { FieldType, SchemaDescriptor, StructDescriptor } from '../descriptor.js';
import { structOf } from './json.js';

type Data = Readonly<Record<string, unknown>>;

/** How a standard struct differs from its counterpart beside what all of them do. */
interface Difference {
  toRos(data: Data): Data;
  fromRos(data: Data): Data;
}

const DIFFERENCES: Readonly<Record<string, Difference>> = {
  'std/Image': {
    toRos: (data) => ({ ...data, is_bigendian: Number(data['is_bigendian']) }),
    fromRos: (data) => ({ ...data, is_bigendian: data['is_bigendian'] !== 0 }),
  },
  'std/NavSatFix': {
    toRos: ({ status, service, ...rest }) => ({ ...rest, status: { status, service } }),
    fromRos: ({ status, ...rest }) => ({ ...rest, ...(status as Data) }),
  },
  'std/Pose2D': {
    toRos: ({ x, y, ...rest }) => ({ ...rest, position: { x, y } }),
    fromRos: ({ position, ...rest }) => ({ ...rest, ...(position as Data) }),
  },
};

/** Enums whose names are ROS's own, as text. */
const TEXT_IN_ROS = new Set(['std/Image.encoding']);

/**
 * A message of a standard schema as its ROS 2 counterpart: `stamp` and `frame_id` as `header`, `nsec` as `nanosec`, enums as
 * numbers. Nothing is lost: `fromRos2` gives the same message back.
 * @param value what `clone()` or `toJSON()` of a view returned
 */
export function toRos2(value: Data, schema: SchemaDescriptor): Record<string, unknown> {
  return structToRos(value, schema, schema);
}

/**
 * The message that a ROS 2 message stands for, as publishers take it.
 * @throws BabusError ERR_BABUS_VALUE when an enum has no such value, naming the field
 */
export function fromRos2(value: Data, schema: SchemaDescriptor): Record<string, unknown> {
  return structFromRos(value, schema, schema);
}

/** ROS has both fields in a struct of their own, but for that struct itself. */
function hasHeader({ name, fields }: StructDescriptor): boolean {
  const has = (field: string): boolean => fields.some((each) => each.name === field);
  return name !== 'std/Header' && has('stamp') && has('frame_id');
}

function structToRos(
  value: Data,
  struct: StructDescriptor,
  schema: SchemaDescriptor,
): Record<string, unknown> {
  const fields = struct.fields.map(({ name, type }) => [
    name,
    TEXT_IN_ROS.has(`${struct.name}.${name}`) ? value[name] : toRos(value[name], type, schema),
  ]);
  const data = Object.fromEntries(fields) as Data;
  const own = DIFFERENCES[struct.name]?.toRos(data) ?? data;
  if (!hasHeader(struct)) return own;
  const { stamp, frame_id, ...rest } = own;
  return { header: { stamp, frame_id }, ...rest };
}

function toRos(value: unknown, type: FieldType, schema: SchemaDescriptor): unknown {
  switch (type.kind) {
    case 'enum':
      return typeof value === 'string' ? type.values[value] : value;
    case 'time':
    case 'duration': {
      const { sec, nsec } = value as { sec: number; nsec: number };
      return { sec, nanosec: nsec };
    }
    case 'struct':
      return structToRos(value as Data, structOf(schema, type.schema), schema);
    case 'array':
    case 'sequence':
      return isPlain(type.element)
        ? value
        : Array.from(value as Iterable<unknown>, (each) => toRos(each, type.element, schema));
    default:
      return value;
  }
}

function structFromRos(
  value: Data,
  struct: StructDescriptor,
  schema: SchemaDescriptor,
): Record<string, unknown> {
  const { header, ...rest } = value;
  const flat = hasHeader(struct) ? { ...(header as Data), ...rest } : value;
  const own = DIFFERENCES[struct.name]?.fromRos(flat) ?? flat;
  return Object.fromEntries(
    struct.fields.map(({ name, type }) => [name, fromRos(own[name], type, schema, `${struct.name}.${name}`)]),
  );
}

function fromRos(value: unknown, type: FieldType, schema: SchemaDescriptor, field: string): unknown {
  switch (type.kind) {
    case 'enum':
      return enumName(value, type.values, field);
    case 'time':
    case 'duration': {
      const { sec, nanosec } = value as { sec: number; nanosec: number };
      return { sec, nsec: nanosec };
    }
    case 'struct':
      return structFromRos(value as Data, structOf(schema, type.schema), schema);
    case 'array':
    case 'sequence':
      return isPlain(type.element)
        ? value
        : Array.from(value as Iterable<unknown>, (each) => fromRos(each, type.element, schema, field));
    default:
      return value;
  }
}

function enumName(value: unknown, values: Readonly<Record<string, number>>, field: string): string {
  const found = TEXT_IN_ROS.has(field)
    ? Object.keys(values).find((name) => name === value)
    : Object.keys(values).find((name) => values[name] === value);
  if (found !== undefined) return found;
  const numbers = Object.entries(values).map(([name, number]) => `${name} (${number})`);
  const hint =
    typeof value === 'string'
      ? didYouMean(value, Object.keys(values))
      : `; known: ${numbers.slice(0, 12).join(', ')}`;
  throw new BabusError('ERR_BABUS_VALUE', `${field} has no value ${JSON.stringify(value)}${hint}`);
}

/** Lists of these stay what they are, typed arrays too. */
function isPlain(element: FieldType): boolean {
  return element.kind === 'scalar' || element.kind === 'string';
}
