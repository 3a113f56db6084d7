import { basename, dirname } from 'node:path';
import { BabusError } from '../../errors/index.js';
import { YamlSource } from '../../yaml/index.js';
import { canonicalJson } from '../canonical.js';
import type { Rules } from '../types.js';
import { fieldTypeOf, unknownType } from './field-type.js';
import { layoutHash } from './hash.js';
import { layOut, MAX_DESCRIPTOR_BYTES, MAX_FIXED_BYTES, type TypedField } from './layout.js';
import { rangeOf } from './range.js';
import type { FieldSource, LoadedField, LoadedSchema, SchemaFile } from './model.js';
import { shippedPath } from './package-root.js';
import { readSchemaFile } from './schema-file.js';
import { readSchemaFolder, unknownPackage, type SchemaFolder } from './schema-files.js';

/** Package name → folder of its schema files. `std` is known. */
export type PackageFolders = Readonly<Record<string, string>>;

export interface LoadedFolder {
  readonly packageName: string | undefined;
  /** In alphabetical order; those without errors. */
  readonly schemas: readonly LoadedSchema[];
  /** These and all that they name in other packages; each after those that it names. */
  readonly all: readonly LoadedSchema[];
  /** Every package that was looked into → its folder. */
  readonly folders: ReadonlyMap<string, string>;
  /** In the order of files and lines. Empty when all is well. */
  readonly errors: readonly BabusError[];
}

/**
 * Reads the schema files of a folder, with the schemas of other packages that they name, and computes their layouts. Wrong
 * files never throw: all that is wrong with them is in `errors`.
 */
export function loadSchemas(folder: string, packages: PackageFolders = {}): LoadedFolder {
  const loader = new Loader(packages);
  return loader.load(folder);
}

/** One file of a schema, as `loadSchemaFile` reads it. */
export interface LoadedFile {
  /** Undefined when the file, or a schema that it names, is wrong. */
  readonly schema: LoadedSchema | undefined;
  /** What is wrong with it; empty when it could be read, whatever else is wrong with its folder. */
  readonly errors: readonly BabusError[];
}

/**
 * Reads one schema file, which may be called otherwise than its schema: an older version, say. What that names is looked up in
 * the folder that `packages` has for its package; what a file called as its schema names, in the file's own folder.
 * @throws BabusError ERR_BABUS_YAML when it cannot be read as YAML
 */
export function loadSchemaFile(path: string, packages: PackageFolders = {}): LoadedFile {
  return new Loader(packages).loadFile(path);
}

class Loader {
  private readonly errors: BabusError[] = [];
  private readonly folders = new Map<string, SchemaFolder>();
  private readonly done = new Map<SchemaFile, LoadedSchema | undefined>();
  /** Schemas whose fields are being looked at, outermost first. */
  private readonly open: SchemaFile[] = [];

  constructor(private packages: PackageFolders) {}

  load(folder: string): LoadedFolder {
    const own = readSchemaFolder(folder, this.errors);
    if (own.packageName !== undefined) this.folders.set(own.packageName, own);
    const loaded = [...own.files.values()].map((file) => this.schemaOf(file));
    const place = ({ at }: BabusError): string => `${at?.file ?? ''}\0${pad(at?.line)}\0${pad(at?.column)}`;
    return {
      packageName: own.packageName,
      schemas: loaded.filter((schema) => schema !== undefined),
      // A schema is done after the ones that it names.
      all: [...this.done.values()].filter((schema) => schema !== undefined),
      folders: new Map([...this.folders].map(([name, { folder: path }]) => [name, path])),
      errors: this.errors.sort((a, b) => (place(a) < place(b) ? -1 : 1)),
    };
  }

  loadFile(path: string): LoadedFile {
    const file = readSchemaFile(YamlSource.read(path), this.errors, { anyFileName: true });
    if (!file) return { schema: undefined, errors: this.errors };
    const isOfItsFolder = basename(path) === `${file.title}.yaml`;
    const isKnown = Object.hasOwn(this.packages, file.packageName) || file.packageName === 'std';
    if (isOfItsFolder || !isKnown) this.packages = { ...this.packages, [file.packageName]: dirname(path) };
    const schema = this.schemaOf(file);
    return { schema, errors: schema ? [] : this.errors };
  }

  private schemaOf(file: SchemaFile): LoadedSchema | undefined {
    if (this.done.has(file)) return this.done.get(file);
    this.open.push(file);
    const schema = this.build(file);
    this.open.pop();
    this.done.set(file, schema);
    return schema;
  }

  private build(file: SchemaFile): LoadedSchema | undefined {
    const nested = new Map<string, LoadedSchema>();
    const find = (name: string, from: SchemaFile, field: FieldSource): LoadedSchema | undefined => {
      const found = this.find(name, from, field);
      if (found) nested.set(found.name, found);
      return found;
    };
    const typed: TypedField[] = [];
    const before = this.errors.length;
    for (const source of file.fields) {
      const bounded = fieldTypeOf(file, source, this.errors, find);
      if (bounded)
        typed.push({ source, ...bounded, range: rangeOf(file, source, bounded.type, this.errors) });
    }
    if (typed.length < file.fields.length || this.errors.length > before) return undefined;
    const { fields, descriptor, tooFar } = layOut(
      file.name,
      typed,
      [...nested.values()].map(({ descriptor: each }) => each),
    );
    if (tooFar) {
      const message = `fields.${tooFar.name}: the fixed part of the message would take ${descriptor.size} bytes; at most ${MAX_FIXED_BYTES} are allowed, use a variable array such as uint8[]`;
      this.errors.push(
        file.source.error('ERR_BABUS_SCHEMA', ['fields', tooFar.name], message, { key: true }),
      );
      return undefined;
    }
    const described = Buffer.byteLength(canonicalJson(descriptor));
    if (described > MAX_DESCRIPTOR_BYTES) {
      const message = `the schema's description takes ${described} bytes; at most ${MAX_DESCRIPTOR_BYTES} are allowed, use fewer fields or enum values`;
      this.errors.push(file.source.error('ERR_BABUS_SCHEMA', ['fields'], message, { key: true }));
      return undefined;
    }
    const rules = rulesOf(file.name, fields, [...nested.values()]);
    return { ...file, fields, descriptor, hash: layoutHash(descriptor), rules };
  }

  /** Finds `Vector3` in the file's own package, then in std; `my_robot/Grip` in its package. */
  private find(name: string, from: SchemaFile, field: FieldSource): LoadedSchema | undefined {
    const slash = name.indexOf('/');
    const packages = slash < 0 ? [from.packageName, 'std'] : [name.slice(0, slash)];
    const title = name.slice(slash + 1);
    for (const packageName of packages) {
      const folder = this.folderOf(packageName);
      if (!folder) {
        const known = [...new Set([...this.folders.keys(), ...Object.keys(this.packages), 'std'])];
        const standard = this.folderOf('std')?.files ?? new Map<string, SchemaFile>();
        return this.report(from, field, unknownPackage(packageName, title, known, standard));
      }
      if (folder.unreadable || folder.refused.has(title)) return undefined;
      const file = folder.files.get(title);
      if (file) return this.use(file, from, field);
    }
    const titles = packages.flatMap((packageName) =>
      [...(this.folderOf(packageName)?.files.keys() ?? [])].map((each) =>
        slash < 0 ? each : `${packageName}/${each}`,
      ),
    );
    return this.report(from, field, unknownType(name, [...new Set(titles)]));
  }

  private use(file: SchemaFile, from: SchemaFile, field: FieldSource): LoadedSchema | undefined {
    const first = this.open.indexOf(file);
    if (first < 0) return this.schemaOf(file);
    const circle = [...this.open.slice(first), file].map((each) => each.name).join(' > ');
    return this.report(from, field, `a message cannot contain itself: ${circle}`);
  }

  private folderOf(packageName: string): SchemaFolder | undefined {
    const known = this.folders.get(packageName);
    if (known) return known;
    const given = Object.hasOwn(this.packages, packageName) ? this.packages[packageName] : undefined;
    const path = given ?? (packageName === 'std' ? shippedPath('schemas', 'std') : undefined);
    if (path === undefined) return undefined;
    const folder = readSchemaFolder(path, this.errors);
    if (folder.packageName !== undefined && folder.packageName !== packageName)
      this.errors.push(
        new BabusError(
          'ERR_BABUS_SCHEMA',
          `${path}: holds package ${folder.packageName}, not ${packageName}`,
        ),
      );
    this.folders.set(packageName, folder);
    return folder;
  }

  private report(file: SchemaFile, field: FieldSource, message: string): undefined {
    this.errors.push(
      file.source.error('ERR_BABUS_SCHEMA', field.typePath, `fields.${field.name}: ${message}`),
    );
  }
}

/** Ranges of a schema's own fields, and of all structs inside. */
function rulesOf(name: string, fields: readonly LoadedField[], nested: readonly LoadedSchema[]): Rules {
  const own = fields.flatMap(({ name: field, range }) =>
    range ? [[`${name}.${field}`, range] as const] : [],
  );
  return Object.assign({}, ...nested.map(({ rules }) => rules), Object.fromEntries(own)) as Rules;
}

/** Makes positions sort as text. */
function pad(count: number | undefined): string {
  return String(count ?? 0).padStart(9, '0');
}
