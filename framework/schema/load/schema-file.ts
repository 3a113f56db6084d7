import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { didYouMean, type BabusError } from '../../errors/index.js';
import { compileJsonSchema, validateYaml, type ValidateFunction, type YamlSource } from '../../yaml/index.js';
import { constantsOf, type ConstantData } from './constants.js';
import type { FieldSource, SchemaFile } from './model.js';
import { shippedPath } from './package-root.js';

/** Members of views and loans, now or by design: a field of that name would hide them. */
export const RESERVED_FIELDS: ReadonlySet<string> = new Set([
  'allocate',
  'clone',
  'constructor',
  'discard',
  'hold',
  'publish',
  'release',
  'reset',
  'set',
  'then',
]);

/** Names that generated code needs for itself. */
const RESERVED_TITLES: ReadonlySet<string> = new Set([
  'BigInt64Array',
  'BigUint64Array',
  'Float32Array',
  'Float64Array',
  'Int8Array',
  'Int16Array',
  'Int32Array',
  'Uint8Array',
  'Uint16Array',
  'Uint32Array',
]);

interface FieldData {
  readonly type: string;
  readonly base?: string;
  readonly values?: Readonly<Record<string, number>>;
  readonly unit?: string;
  readonly doc?: string;
  readonly deprecated?: string;
  readonly minimum?: number | string;
  readonly maximum?: number | string;
}

interface FileData {
  readonly name: string;
  readonly doc?: string;
  readonly constants?: Readonly<Record<string, ConstantData>>;
  readonly fields: Readonly<Record<string, string | FieldData>>;
}

let shape: ValidateFunction | undefined;

/**
 * Reads one schema file and checks all that can be checked without looking at others.
 * @param options.anyFileName lets the file be called otherwise than its schema
 * @returns undefined when there were errors
 */
export function readSchemaFile(
  source: YamlSource,
  errors: BabusError[],
  { anyFileName = false }: { anyFileName?: boolean } = {},
): SchemaFile | undefined {
  shape ??= compileJsonSchema(
    JSON.parse(readFileSync(shippedPath('schemas', 'schema.schema.json'), 'utf8')) as Record<string, unknown>,
  );
  const wrong = nestedFields(source, fieldKeys(shape.schema));
  if (wrong.length === 0) wrong.push(...validateYaml(source, shape, 'ERR_BABUS_SCHEMA'));
  if (wrong.length === 0) wrong.push(...nameProblems(source, source.data as FileData, anyFileName));
  const data = source.data as FileData;
  const constants = wrong.length === 0 ? constantsOf(source, data.constants ?? {}, wrong) : [];
  errors.push(...wrong);
  return wrong.length === 0 ? { ...toSchemaFile(source, data), constants } : undefined;
}

/** Maps of fields where a type belongs: said once each, not for every key in them. */
function nestedFields(source: YamlSource, known: readonly string[]): BabusError[] {
  const fields = asMap(asMap(source.data)?.['fields']);
  return Object.entries(fields ?? {}).flatMap(([name, field]) => {
    const keys = Object.keys(asMap(field) ?? {});
    const isField = keys.some((key) => didYouMean(key, known).startsWith('; did you mean'));
    if (keys.length === 0 || isField || keys.includes('<<')) return [];
    const message = `fields.${name}: fields in a field are not supported; write a schema of its own for them and name it here, such as ${name}: Vector3`;
    return [source.error('ERR_BABUS_SCHEMA', ['fields', name], message, { key: true })];
  });
}

/** Keys of a field's map, as the JSON Schema has them. */
function fieldKeys(schema: ValidateFunction['schema']): string[] {
  const forms = (schema as { $defs: { field: { oneOf: { properties?: object }[] } } }).$defs.field.oneOf;
  return forms.flatMap(({ properties }) => Object.keys(properties ?? {}));
}

function asMap(data: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof data === 'object' && data !== null && !Array.isArray(data)
    ? (data as Readonly<Record<string, unknown>>)
    : undefined;
}

function nameProblems(source: YamlSource, data: FileData, anyFileName: boolean): BabusError[] {
  const problems: BabusError[] = [];
  const title = data.name.slice(data.name.indexOf('/') + 1);
  const expected = basename(source.file, '.yaml');
  if (title !== expected && !anyFileName)
    problems.push(
      source.error(
        'ERR_BABUS_SCHEMA',
        ['name'],
        `'${data.name}' is in ${expected}.yaml; file and schema have one name`,
      ),
    );
  if (RESERVED_TITLES.has(title))
    problems.push(
      source.error(
        'ERR_BABUS_SCHEMA',
        ['name'],
        `'${title}' is a name that the generated code needs; choose another`,
      ),
    );
  for (const name of Object.keys(data.fields))
    if (RESERVED_FIELDS.has(name))
      problems.push(
        source.error(
          'ERR_BABUS_SCHEMA',
          ['fields', name],
          `fields.${name}: views and loans have a member of that name; choose another`,
          { key: true },
        ),
      );
  return problems;
}

function toSchemaFile(source: YamlSource, data: FileData): Omit<SchemaFile, 'constants'> {
  const [packageName = '', title = ''] = data.name.split('/');
  const fields = Object.entries(data.fields).map(([name, field]) => toFieldSource(name, field));
  return { source, file: source.file, name: data.name, packageName, title, doc: data.doc, fields };
}

function toFieldSource(name: string, field: string | FieldData): FieldSource {
  const data: FieldData = typeof field === 'string' ? { type: field } : field;
  const { type, base, values, unit, doc, deprecated, minimum, maximum } = data;
  const typePath = typeof field === 'string' ? ['fields', name] : ['fields', name, 'type'];
  return { name, type, base, values, unit, doc, deprecated, minimum, maximum, typePath };
}
