import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BabusError, didYouMean, formatPosition, isBabusError } from '../../errors/index.js';
import { YamlSource } from '../../yaml/index.js';
import type { SchemaFile } from './model.js';
import { readSchemaFile } from './schema-file.js';

/** All schema files of one folder, in alphabetical order. */
export interface SchemaFolder {
  readonly folder: string;
  /** Undefined when no file could be read. */
  readonly packageName: string | undefined;
  /** By name without the package. */
  readonly files: ReadonlyMap<string, SchemaFile>;
  /** True when the folder could not be read: that is reported once, not for each field that needs it. */
  readonly unreadable: boolean;
  /** Names of files that were refused: fields that use them are not to blame. */
  readonly refused: ReadonlySet<string>;
}

/** Reads the schema files of a folder; what is wrong goes to `errors`. */
export function readSchemaFolder(folder: string, errors: BabusError[]): SchemaFolder {
  const files = new Map<string, SchemaFile>();
  const refused = new Set<string>();
  let packageName: string | undefined;
  const entries = listFolder(folder, errors);
  for (const entry of entries ?? []) {
    if (entry.endsWith('.yml'))
      errors.push(
        new BabusError('ERR_BABUS_SCHEMA', `${join(folder, entry)}: schema files end in .yaml; rename it`),
      );
    if (!entry.endsWith('.yaml')) continue;
    const file = readFile(join(folder, entry), errors);
    packageName ??= file?.packageName;
    if (file?.packageName === packageName && file) files.set(file.title, file);
    else refused.add(entry.slice(0, -'.yaml'.length));
    if (file && file.packageName !== packageName)
      errors.push(
        file.source.error(
          'ERR_BABUS_SCHEMA',
          ['name'],
          `'${file.name}' lies in a folder of package ${String(packageName)}; a folder holds one package`,
        ),
      );
  }
  return { folder, packageName, files, refused, unreadable: entries === undefined };
}

function listFolder(folder: string, errors: BabusError[]): string[] | undefined {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'no such folder' : code === 'ENOTDIR' ? 'is no folder' : message;
    errors.push(new BabusError('ERR_BABUS_SCHEMA', `${folder}: ${why}`, undefined, { cause: error }));
    return undefined;
  }
}

function readFile(path: string, errors: BabusError[]): SchemaFile | undefined {
  let source: YamlSource;
  try {
    source = YamlSource.read(path);
  } catch (error) {
    if (!isBabusError(error)) throw error;
    errors.push(withBracketHint(error));
    return undefined;
  }
  return readSchemaFile(source, errors);
}

/** `{ type: uint8[] }` is the one thing of this language that YAML cannot read: say what to do. */
function withBracketHint(error: BabusError): BabusError {
  const { at, code, message } = error;
  if (!at || !message.includes('flow-seq-start')) return error;
  const cause = message.slice(formatPosition(at).length + 2);
  return new BabusError(
    code,
    `${cause}; inside { } put types with brackets in quotes, such as 'uint8[]'`,
    at,
  );
}

/** What to say about a package that has no folder. */
export function unknownPackage(
  name: string,
  title: string,
  known: readonly string[],
  standard: ReadonlyMap<string, SchemaFile>,
): string {
  // std_msgs/Header, sensor_msgs/msg/Image: most of ROS's messages are here by the same name.
  const ros = title.slice(title.lastIndexOf('/') + 1);
  if (name.endsWith('_msgs') && standard.has(ros))
    return `unknown package '${name}'; did you mean 'std/${ros}'?`;
  return `unknown package '${name}'${didYouMean(name, known)}`;
}
