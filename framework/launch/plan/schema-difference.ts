import type { FieldDescriptor, SchemaDescriptor, StructDescriptor } from '../../schema/descriptor.js';

/** The first thing that differs between two versions of a schema, in words; undefined when their fields are the same. */
export function firstDifference(mine: SchemaDescriptor, theirs: SchemaDescriptor): string | undefined {
  const own = differenceOfStructs(mine, theirs);
  if (own !== undefined) return own;
  for (const struct of mine.structs) {
    const other = theirs.structs.find((each) => each.name === struct.name);
    const inner = other && differenceOfStructs(struct, other);
    if (inner !== undefined) return `in ${struct.name}: ${inner}`;
  }
  return undefined;
}

function differenceOfStructs(mine: StructDescriptor, theirs: StructDescriptor): string | undefined {
  const count = Math.max(mine.fields.length, theirs.fields.length);
  for (let index = 0; index < count; index++) {
    const [a, b] = [mine.fields[index], theirs.fields[index]];
    if (a?.name !== b?.name) return `field ${index + 1} is ${nameOf(a)} in one and ${nameOf(b)} in the other`;
    if (a && b && !sameType(a, b)) return `field '${a.name}' has another type`;
  }
  return undefined;
}

function sameType(a: FieldDescriptor, b: FieldDescriptor): boolean {
  return a.offset === b.offset && JSON.stringify(a.type) === JSON.stringify(b.type);
}

function nameOf(field: FieldDescriptor | undefined): string {
  return field ? `'${field.name}'` : 'missing';
}
