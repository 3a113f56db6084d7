import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { BabusError } from '../../errors/index.js';
import { convertMsg, type Converted, type Finding } from './convert.js';
import { parseMsg } from './parse-msg.js';

export interface ImportOptions {
  /** Gets a folder for each package. */
  readonly out: string;
  /** Package of all files. Default: the folder that holds their `msg/`. */
  readonly packageName?: string;
  /** Writes over files that are there. */
  readonly force?: boolean;
}

export interface ImportReport {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  /** What messages carry all the same, such as bounds that nobody checks any more. */
  readonly lost: readonly Finding[];
  /** Schemas that are named and are neither here nor in std. */
  readonly missing: readonly string[];
  /** When there are any, nothing was written. */
  readonly errors: readonly BabusError[];
}

const MAX_FILE_BYTES = 1024 * 1024;

/**
 * Writes a schema file for each ROS 2 message definition: `out/sensor_msgs/Imu.yaml` for `sensor_msgs/msg/Imu.msg`.
 * @throws BabusError ERR_BABUS_SYSTEM when a file cannot be written
 */
export function importMessages(files: readonly string[], options: ImportOptions): ImportReport {
  const errors: BabusError[] = [];
  const lost: Finding[] = [];
  const results = files.flatMap((file) => {
    const converted = convertFile(file, options, errors, lost);
    return converted ? [converted] : [];
  });
  const outputs = new Map(results.map(({ path, text }) => [path, text]));
  const changed = [...outputs].filter(
    ([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
  );
  for (const [path] of changed)
    if (existsSync(path) && options.force !== true)
      errors.push(
        new BabusError('ERR_BABUS_SCHEMA', `${path}: is there and differs; move it, or give --force`),
      );
  if (errors.length > 0) return { written: [], unchanged: [], lost, missing: [], errors };
  for (const [path, text] of changed) write(path, text);
  const names = new Set(results.flatMap((each) => each.names));
  const isThere = (name: string): boolean => existsSync(`${join(options.out, name)}.yaml`);
  return {
    written: changed.map(([path]) => path),
    unchanged: [...outputs.keys()].filter((path) => !changed.some(([each]) => each === path)),
    lost,
    missing: [...names].filter((name) => !isThere(name)).sort(),
    errors: [],
  };
}

function convertFile(
  file: string,
  options: ImportOptions,
  errors: BabusError[],
  lost: Finding[],
): (Converted & { readonly path: string }) | undefined {
  const refuse = (message: string): undefined => {
    errors.push(new BabusError('ERR_BABUS_SCHEMA', `${file}: ${message}`));
  };
  const title = basename(file, '.msg');
  if (!file.endsWith('.msg')) return refuse('is no .msg file; services and actions are not messages');
  if (!/^[A-Z][A-Za-z0-9]*$/.test(title))
    return refuse('a message is named in letters and digits, beginning with a capital');
  const packageName = options.packageName ?? packageOf(file);
  if (!/^[a-z][a-z0-9_]*$/.test(packageName))
    return refuse(`'${packageName}' is no name of a package; give one with --as NAME`);
  if (!existsSync(file)) return refuse('no such file');
  const { size } = statSync(file);
  if (!statSync(file).isFile() || size > MAX_FILE_BYTES)
    return refuse(`is no file of at most ${MAX_FILE_BYTES} bytes`);
  const before = errors.length;
  const msg = parseMsg(readFileSync(file, 'utf8'), file, errors);
  const twice = msg.lines.find(({ field }, index) =>
    msg.lines.slice(0, index).some((other) => other.field.name === field.name),
  );
  if (twice)
    errors.push(new BabusError('ERR_BABUS_SCHEMA', `'${twice.field.name}' stands here twice`, twice.at));
  if (errors.length === before && msg.lines.every(({ field }) => field.isConstant === true))
    return refuse('has no field; a message has one or more');
  const converted = convertMsg(msg, { packageName, title }, errors, lost);
  return errors.length > before
    ? undefined
    : { ...converted, path: join(options.out, packageName, `${title}.yaml`) };
}

/** `sensor_msgs` of `sensor_msgs/msg/Imu.msg`; without `msg/`, the folder of the file. */
function packageOf(file: string): string {
  const folder = dirname(resolve(file));
  return basename(basename(folder) === 'msg' ? dirname(folder) : folder);
}

function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  } catch (cause) {
    throw new BabusError(
      'ERR_BABUS_SYSTEM',
      `${path} cannot be written: ${(cause as Error).message}`,
      undefined,
      {
        cause,
      },
    );
  }
}
