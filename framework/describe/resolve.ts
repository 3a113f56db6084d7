import { readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { BabusError, didYouMean } from '../errors/index.js';
import { babusPackage, isBabusSpecifier, resolveBabus } from './babus-package.js';
import { resolvePackagePath } from './compiler.js';

/** A module that holds a node class, found but not read yet. */
export interface ResolvedModule {
  /** Absolute path, symbolic links resolved. */
  readonly file: string;
  /** The part of `use` after `#`. */
  readonly className?: string;
  /** True for sources, which are compiled into the cache; false for a package's JavaScript, which is imported as it is. */
  readonly compile: boolean;
}

/** In order of preference when the path has none. */
const EXTENSIONS = ['.ts', '.mts', '.js', '.mjs'] as const;

/** What is looked for when an extension was given and there is no such file: TypeScript is imported by its output's name. */
const SOURCES: Readonly<Record<string, string>> = { '.js': '.ts', '.mjs': '.mts' };

/**
 * Finds the module that `use:` of a launch file names.
 * @param use a path that starts with ./, ../ or /, or a package path; either may end with #ClassName
 * @param fromFile the launch file, which relative paths and packages start from
 * @throws BabusError ERR_BABUS_NODE_MODULE, without a position: the caller knows where `use` stands
 */
export async function resolveModule(use: string, fromFile: string): Promise<ResolvedModule> {
  const { path, className } = splitUse(use);
  const file = isPath(path) ? findFile(path, fromFile) : await findInPackage(path, fromFile);
  return {
    file: realpathSync(file),
    compile: isPath(path) || /\.[cm]?tsx?$/.test(file),
    ...(className === undefined ? {} : { className }),
  };
}

function splitUse(use: string): { path: string; className?: string } {
  const hash = use.lastIndexOf('#');
  // Folders may have a # in their names; classes have no slash in theirs.
  if (hash < 0 || use.includes('/', hash)) return { path: use };
  const path = use.slice(0, hash);
  const className = use.slice(hash + 1);
  if (path === '' || !/^[A-Za-z_$][\w$]*$/.test(className))
    throw moduleError(`'${use}' is not a module; write path#ClassName, such as ../nodes/camera#Camera`);
  return { path, className };
}

function isPath(path: string): boolean {
  return path.startsWith('./') || path.startsWith('../') || isAbsolute(path);
}

function findFile(path: string, fromFile: string): string {
  const folder = dirname(fromFile);
  const candidates = candidatesOf(path);
  const found = candidates.find((candidate) => isFile(resolve(folder, candidate)));
  if (found !== undefined) return resolve(folder, found);
  const shown = candidates.map((candidate) => (isAbsolute(candidate) ? candidate : join(folder, candidate)));
  const [first, ...others] = shown;
  const tried = [first, ...others.map((other) => extname(other))].join(', ');
  throw moduleError(`there is no node module '${path}' (tried ${tried})${neighbours(path, folder)}`);
}

function candidatesOf(path: string): string[] {
  const extension = extname(path);
  if (!/^\.[cm]?[jt]s$/.test(extension)) return EXTENSIONS.map((each) => path + each);
  const source = SOURCES[extension];
  return source === undefined ? [path] : [path, path.slice(0, -extension.length) + source];
}

/** A hint at modules of the same folder whose names are near. */
function neighbours(path: string, folder: string): string {
  const parent = dirname(path);
  try {
    const names = readdirSync(resolve(folder, parent))
      .filter((name) => /\.m?[jt]s$/.test(name) && !/\.d\.m?ts$/.test(name))
      .map((name) => `${parent}/${name.replace(/\.m?[jt]s$/, '')}`);
    return didYouMean(path, [...new Set(names)].sort());
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'it cannot be read';
    return `; of the folder ${join(folder, parent)}: ${code === 'ENOENT' ? 'there is none' : code}`;
  }
}

async function findInPackage(path: string, fromFile: string): Promise<string> {
  if (isBabusSpecifier(path)) {
    const file = resolveBabus(path);
    if (file !== undefined) return file;
    throw moduleError(`babus has no node '${path}'${didYouMean(path, ownNodes())}`);
  }
  const folder = resolve(dirname(fromFile));
  const file = await resolvePackagePath(path, folder);
  if (file !== undefined) return file;
  const beside = candidatesOf(path).some((candidate) => isFile(join(folder, candidate)));
  const hint = beside ? `; did you mean './${path}'?` : '; a path of a file starts with ./ or ../';
  throw moduleError(`there is no package path '${path}' as seen from ${folder}${hint}`);
}

function ownNodes(): string[] {
  const folder = join(babusPackage.folder, 'dist/nodes');
  if (!isFolder(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.js'))
    .map((name) => `babus/nodes/${basename(name, '.js')}`);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

function moduleError(message: string): BabusError {
  return new BabusError('ERR_BABUS_NODE_MODULE', message);
}
