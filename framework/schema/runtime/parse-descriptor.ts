import { BabusError } from '../../errors/index.js';
import type {
  FieldDescriptor,
  FieldType,
  ScalarType,
  SchemaDescriptor,
  StructDescriptor,
} from '../descriptor.js';
import { sizeOf } from './dynamic.js';
import { NUMBER_TYPES } from './numbers.js';

/** Structs inside structs deeper than this are refused: no reader needs a stack for more. */
const MAX_DEPTH = 64;
/** Elements of an inline array, and bytes of a struct: far above what a schema file may have. */
const MAX_BYTES = 0x1000000;

/**
 * Reads a descriptor from the JSON that another process stored in a slot, and checks all of it, so that reading messages by
 * it stays inside their bytes and ends.
 * @param slot for messages
 * @throws BabusError ERR_BABUS_SLOT_CORRUPT
 */
export function parseDescriptor(json: string, slot: string): SchemaDescriptor {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch (error) {
    throw new BabusError(
      'ERR_BABUS_SLOT_CORRUPT',
      `${slot}: its schema is not JSON (${(error as Error).message})`,
    );
  }
  const problem = schemaProblem(data);
  if (problem !== undefined)
    throw new BabusError('ERR_BABUS_SLOT_CORRUPT', `${slot}: its schema is not valid: ${problem}`);
  return data as SchemaDescriptor;
}

function schemaProblem(data: unknown): string | undefined {
  if (!isRecord(data) || !Array.isArray(data['structs'])) return 'it is no descriptor';
  const structs: readonly unknown[] = [data, ...(data['structs'] as unknown[])];
  const names = new Set<unknown>();
  for (const struct of structs) {
    if (!isStructShape(struct)) return 'a struct has no name, size, alignment or fields';
    if (names.has(struct.name)) return `two structs are named ${struct.name}`;
    names.add(struct.name);
    const field = struct.fields.find((each) => !isFieldShape(each));
    if (field !== undefined) return `a field of ${struct.name} has no name, offset or known type`;
  }
  const schema = data as unknown as SchemaDescriptor;
  const all = [schema, ...schema.structs];
  const missing = all
    .flatMap((struct) => structNamesIn(struct))
    .find((name) => !schema.structs.some((s) => s.name === name));
  if (missing !== undefined) return `${missing} is not described`;
  const tooDeep = depthOf(schema, schema, 0) > MAX_DEPTH;
  if (tooDeep) return 'its structs contain each other or are nested too deep';
  return all.map((struct) => layoutProblem(struct, schema)).find((problem) => problem !== undefined);
}

function layoutProblem(struct: StructDescriptor, schema: SchemaDescriptor): string | undefined {
  for (const field of struct.fields) {
    const { bytes, align } = sizeOf(field.type, schema);
    if (field.offset % align !== 0 || field.offset + bytes > struct.size || struct.align % align !== 0)
      return `${struct.name}.${field.name} does not fit into its struct`;
  }
  return struct.size % struct.align === 0
    ? undefined
    : `the size of ${struct.name} is no multiple of its alignment`;
}

/** Structs that a struct's fields name, whether inline or behind spans. */
function structNamesIn(struct: StructDescriptor): string[] {
  return struct.fields.flatMap(({ type }) => {
    const inner = 'element' in type ? type.element : type;
    return inner.kind === 'struct' ? [inner.schema] : [];
  });
}

function depthOf(schema: SchemaDescriptor, struct: StructDescriptor, depth: number): number {
  if (depth > MAX_DEPTH) return depth;
  const known = depths.get(struct);
  if (known !== undefined) return depth + known;
  const inner = structNamesIn(struct).map((name) =>
    depthOf(
      schema,
      schema.structs.find((s) => s.name === name)!,
      depth + 1,
    ),
  );
  const deepest = Math.max(depth, ...inner);
  if (deepest <= MAX_DEPTH) depths.set(struct, deepest - depth);
  return deepest;
}

/** Levels of structs below each struct looked at: without it, shared structs would be walked once for each path to them. */
const depths = new WeakMap<StructDescriptor, number>();

function isStructShape(data: unknown): data is StructDescriptor {
  if (!isRecord(data)) return false;
  const { name, size, align, fields } = data;
  const sized = isCount(size) && size > 0 && (align === 1 || align === 2 || align === 4 || align === 8);
  return typeof name === 'string' && sized && Array.isArray(fields);
}

function isFieldShape(data: unknown): data is FieldDescriptor {
  return (
    isRecord(data) &&
    typeof data['name'] === 'string' &&
    isCount(data['offset']) &&
    isType(data['type'], true)
  );
}

function isType(data: unknown, listsAllowed: boolean): data is FieldType {
  if (!isRecord(data)) return false;
  switch (data['kind']) {
    case 'scalar':
      return isScalar(data['type']);
    case 'enum':
      return (
        isScalar(data['base']) &&
        isRecord(data['values']) &&
        Object.values(data['values']).every(Number.isInteger)
      );
    case 'time':
    case 'duration':
    case 'string':
      return true;
    case 'struct':
      return typeof data['schema'] === 'string';
    case 'array':
      return listsAllowed && isCount(data['length']) && data['length'] > 0 && isType(data['element'], false);
    case 'sequence':
      return listsAllowed && isType(data['element'], false);
    default:
      return false;
  }
}

function isScalar(data: unknown): data is ScalarType {
  return typeof data === 'string' && Object.hasOwn(NUMBER_TYPES, data);
}

function isCount(data: unknown): data is number {
  return Number.isInteger(data) && (data as number) >= 0 && (data as number) <= MAX_BYTES;
}

function isRecord(data: unknown): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}
