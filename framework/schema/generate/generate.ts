import { join, relative, resolve, sep } from 'node:path';
import type { BabusError } from '../../errors/index.js';
import { loadSchemas, type LoadedFolder, type PackageFolders } from '../load/load.js';
import { exportedNames, type ImportSource } from './imports.js';
import { GENERATED_MARK, schemaCode } from './schema-code.js';

export interface GenerateOptions {
  /** Package name → folder, for schemas of other packages than std. */
  readonly packages?: PackageFolders;
}

export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

export interface Generated {
  /** `Name.ts` for each schema and index.ts, in alphabetical order; none when there are errors. */
  readonly files: readonly GeneratedFile[];
  /** In the order of files and lines. */
  readonly errors: readonly BabusError[];
}

/** Turns a folder's schema files into TypeScript. The same files give the same text. Writes nothing. */
export function generate(folder: string, options: GenerateOptions = {}): Generated {
  const loaded = loadSchemas(folder, options.packages);
  const errors = [...loaded.errors, ...doubleNames(loaded)];
  if (errors.length > 0) return { files: [], errors };
  const importFrom = importSource(folder, loaded);
  const files = loaded.schemas.map((schema) => ({
    path: join(folder, `${schema.title}.ts`),
    text: schemaCode(schema, importFrom),
  }));
  files.push({ path: join(folder, 'index.ts'), text: indexCode(loaded) });
  return { files, errors: [] };
}

function indexCode({ packageName, schemas }: LoadedFolder): string {
  const from = packageName === undefined ? '' : ` from the schemas of package ${packageName}`;
  const lines = schemas.map(({ title }) => `export * from './${title}.js';`);
  const body = lines.length > 0 ? lines : ['export {};'];
  return [`${GENERATED_MARK}${from}. Do not edit: change the YAML files and run it again.`, ...body, ''].join(
    '\n',
  );
}

function importSource(folder: string, { packageName: own, folders }: LoadedFolder): ImportSource {
  return (packageName, title) => {
    if (packageName === own) return `./${title}.js`;
    if (packageName === 'std') return 'babus/schemas';
    const path = relative(resolve(folder), resolve(folders.get(packageName)!, `${title}.js`))
      .split(sep)
      .join('/');
    return path.startsWith('.') ? path : `./${path}`;
  };
}

/** The code of `Image` exports ImageView, so that no other schema of the package can have that name. */
function doubleNames({ schemas }: LoadedFolder): BabusError[] {
  const owners = new Map<string, string>();
  const errors: BabusError[] = [];
  for (const schema of schemas)
    for (const name of exportedNames(schema)) {
      const owner = owners.get(name);
      if (owner !== undefined)
        errors.push(
          schema.source.error(
            'ERR_BABUS_SCHEMA',
            ['name'],
            `the generated code of ${owner} and of ${schema.name} would both export ${name}; rename one`,
          ),
        );
      owners.set(name, schema.name);
    }
  return errors;
}
