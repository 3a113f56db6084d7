import type { FieldType } from '../descriptor.js';
import type { LoadedSchema } from '../load/model.js';
import { enumTypeName, type NestedTypes } from './field-model.js';

/** Module that exports a schema of a package: `./CoreLoad.js`, `babus/schemas`. */
export type ImportSource = (packageName: string, title: string) => string;

export interface Imports extends NestedTypes {
  readonly lines: readonly string[];
}

/** Names that the code of one schema exports. */
export function exportedNames(schema: LoadedSchema): string[] {
  const { title } = schema;
  const enums = schema.fields.filter(({ type }) => elementOf(type).kind === 'enum');
  return [title, `${title}View`, `${title}Loan`, ...enums.map((field) => enumTypeName(title, field.name))];
}

/** Chooses names and modules for the schemas that the fields name. */
export function planImports(schema: LoadedSchema, importFrom: ImportSource): Imports {
  const used = new Set(exportedNames(schema));
  const local = new Map<string, string>();
  const lines: string[] = [];
  const direct = new Set(
    schema.fields.flatMap(({ type }) => (elementOf(type).kind === 'struct' ? [schemaOf(type)] : [])),
  );
  for (const name of [...direct].sort()) {
    const [packageName = '', title = ''] = name.split('/');
    const plain = freeName(title, packageName, used);
    local.set(name, plain);
    const items = ['Loan', 'View', ''].map((end) => {
      const item = plain === title ? `${title}${end}` : `${title}${end} as ${plain}${end}`;
      return end === '' ? `type ${item}` : item;
    });
    lines.push(`import { ${items.join(', ')} } from '${importFrom(packageName, title)}';`);
  }
  return {
    lines,
    localName: (name) => local.get(name)!,
    sizeOf: (name) => schema.descriptor.structs.find((struct) => struct.name === name)!,
  };
}

/** `Vector3`, or `StdVector3` where that name is taken. */
function freeName(title: string, packageName: string, used: Set<string>): string {
  const family = (name: string): string[] => [name, `${name}View`, `${name}Loan`];
  let name = title;
  if (family(name).some((each) => used.has(each))) name = enumTypeName('', `${packageName}_${title}`);
  while (family(name).some((each) => used.has(each))) name = `${name}_`;
  for (const each of family(name)) used.add(each);
  return name;
}

function elementOf(type: FieldType): FieldType {
  return type.kind === 'array' || type.kind === 'sequence' ? type.element : type;
}

function schemaOf(type: FieldType): string {
  const element = elementOf(type);
  return element.kind === 'struct' ? element.schema : '';
}
