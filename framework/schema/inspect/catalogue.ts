import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BabusError, didYouMean, isBabusError } from '../../errors/index.js';
import { YamlSource } from '../../yaml/index.js';
import { loadSchemaFile, loadSchemas, type LoadedFolder, type PackageFolders } from '../load/load.js';
import type { LoadedSchema } from '../load/model.js';
import { shippedPath } from '../load/package-root.js';

export interface ListedSchemas {
  /** In the order of packages, then names. */
  readonly schemas: readonly LoadedSchema[];
  readonly errors: readonly BabusError[];
}

/** The schemas that a user can name: of std, of packages that were given, and of those below a folder of schema files. */
export class Catalogue {
  private readonly packages: PackageFolders;
  private readonly loaded = new Map<string, LoadedFolder>();

  /** @param folder holds schema files, or folders of them; need not exist */
  constructor(folder: string, packages: PackageFolders) {
    this.packages = { std: shippedPath('schemas', 'std'), ...packagesBelow(folder), ...packages };
  }

  list(): ListedSchemas {
    const folders = Object.keys(this.packages)
      .sort()
      .map((name) => this.folder(name));
    const errors = new Map(folders.flatMap((each) => each.errors.map((error) => [error.message, error])));
    return { schemas: folders.flatMap(({ schemas }) => schemas), errors: [...errors.values()] };
  }

  /**
   * Finds what a user names: a file, `std/Image`, or `Image`, looked up in all packages, std last.
   * @throws BabusError what is wrong with the schema; ERR_BABUS_ARGUMENT when there is none, or several of that name
   */
  find(given: string): LoadedSchema {
    if (/\.ya?ml$/.test(given) || (existsSync(given) && statSync(given).isFile())) {
      const { schema, errors } = loadSchemaFile(given, this.packages);
      return schema ?? refuse(errors);
    }
    const slash = given.indexOf('/');
    const title = given.slice(slash + 1);
    if (slash >= 0) return this.inPackage(given.slice(0, slash), title, given);
    const own = Object.keys(this.packages).filter((name) => name !== 'std');
    const found = own.flatMap((name) => this.folder(name).schemas.filter((schema) => schema.title === title));
    if (found.length > 1)
      throw new BabusError(
        'ERR_BABUS_ARGUMENT',
        `'${given}' is ambiguous: ${found.map(({ name }) => name).join(', ')}; give one of them`,
      );
    return found[0] ?? this.inPackage('std', title, given);
  }

  private inPackage(packageName: string, title: string, given: string): LoadedSchema {
    if (!Object.hasOwn(this.packages, packageName))
      throw new BabusError(
        'ERR_BABUS_ARGUMENT',
        `'${given}': unknown package '${packageName}'${didYouMean(packageName, Object.keys(this.packages))}; name its folder with --package ${packageName}=FOLDER`,
      );
    const found = this.folder(packageName).schemas.find((schema) => schema.title === title);
    if (found) return found;
    const { schemas, errors } = this.list();
    const wrong = errors.filter(({ at }) => at?.file.endsWith(`/${title}.yaml`));
    if (wrong.length > 0) return refuse(wrong);
    const names = schemas.map(({ name, title: each }) => (given.includes('/') ? name : each));
    throw new BabusError('ERR_BABUS_ARGUMENT', `'${given}': no such schema${didYouMean(given, names)}`);
  }

  private folder(packageName: string): LoadedFolder {
    const known = this.loaded.get(packageName);
    if (known) return known;
    const loaded = loadSchemas(this.packages[packageName]!, this.packages);
    this.loaded.set(packageName, loaded);
    return loaded;
  }
}

/** Throws the first error; there is at least one where a schema is missing. */
function refuse(errors: readonly BabusError[]): never {
  throw errors[0]!;
}

/** Packages of a folder and of the folders in it, by the name that a file of theirs gives. */
function packagesBelow(folder: string): PackageFolders {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) return {};
  const inner = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules')
    .map(({ name }) => join(folder, name));
  const found = [folder, ...inner.sort()].flatMap((path): [string, string][] => {
    const name = packageNameOf(path);
    return name === undefined || name === 'std' ? [] : [[name, path]];
  });
  return Object.fromEntries(found);
}

/** As the first readable schema file says. */
function packageNameOf(folder: string): string | undefined {
  for (const entry of readdirSync(folder).sort()) {
    if (!/^[A-Z][A-Za-z0-9]*\.yaml$/.test(entry)) continue;
    try {
      const { data } = YamlSource.read(join(folder, entry));
      const name = (data as { name?: unknown } | null)?.name;
      if (typeof name === 'string' && name.includes('/')) return name.slice(0, name.indexOf('/'));
    } catch (error) {
      // What is wrong with the file is said when the package is loaded.
      if (!isBabusError(error)) throw error;
    }
  }
  return undefined;
}
