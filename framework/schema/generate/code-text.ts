import { rangeWords } from '../runtime/range-words.js';
import type { NumberRange } from '../types.js';
import { boundWords, type LoadedField } from '../load/model.js';
import type { SchemaDescriptor, StructDescriptor } from '../descriptor.js';

/** What a doc comment says of a schema, a field or a constant. */
interface Documented {
  readonly doc: string | undefined;
  readonly unit?: string | undefined;
  readonly deprecated?: string | undefined;
  readonly range?: NumberRange | undefined;
  readonly bounds?: LoadedField['bounds'];
}

/** A doc comment; nothing when there is nothing to say. */
export function docComment({ doc, unit, deprecated, range, bounds }: Documented, indent: string): string[] {
  const most = bounds && `${boundWords(bounds)!.replace(/^a/, 'A')}.`;
  const limits = range && `Range: ${rangeWords(range)}.`;
  const text = [doc?.trim(), limits, most, unit && `Unit: ${unit.trim()}.`].filter(Boolean).join(' ');
  // Editors strike through what has the tag; it ends with the comment.
  const tag = deprecated === undefined ? '' : `@deprecated ${deprecated.trim()}`;
  if (text === '' && tag === '') return [];
  // A comment must not end early, and must not hold line ends that only JavaScript knows.
  const all = [text, tag].filter(Boolean).join('\n');
  const lines = all.replaceAll('*/', '*\\/').split(/\r\n|[\n\r\u2028\u2029]/);
  if (lines.length === 1) return [`${indent}/** ${lines[0]!} */`];
  return [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`];
}

/** A descriptor as TypeScript: one field a line, keys in canonical order. */
export function literal(descriptor: SchemaDescriptor): string {
  return structLiteral(descriptor, '', descriptor.structs);
}

function structLiteral(
  struct: StructDescriptor,
  indent: string,
  structs?: readonly StructDescriptor[],
): string {
  const inner = `${indent}  `;
  const fields = struct.fields.map((field) => `\n${inner}  ${JSON.stringify(field)},`);
  const nested = structs?.map((each) => `\n${inner}  ${structLiteral(each, `${inner}  `)},`);
  const lines = [
    `"align": ${struct.align},`,
    `"fields": [${fields.join('')}\n${inner}],`,
    `"name": ${JSON.stringify(struct.name)},`,
    `"size": ${struct.size},`,
    ...(nested ? [`"structs": [${nested.length > 0 ? `${nested.join('')}\n${inner}` : ''}],`] : []),
  ];
  return `{\n${lines.map((line) => inner + line).join('\n')}\n${indent}}`;
}
