import { dirname, join } from 'node:path/posix';
import { CPP_HOMES, CPP_LAYERS } from './rules.js';
import { isUnder, lineOf, type SourceText } from './tree.js';

const INCLUDE = /^[ \t]*#[ \t]*include[ \t]*"([^"]+)"/gm;

/** Comments become blanks, so that lines and offsets stay and words in comments do not count. */
export function withoutComments(text: string): string {
  // Strings come first in the pattern, so that a // inside one starts no comment.
  const token = /R"([^(\s]*)\([^]*?\)\1"|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/[^\n]*|\/\*[^]*?\*\//g;
  return text.replace(token, (found) => (found.startsWith('/') ? found.replace(/[^\n]/g, ' ') : found));
}

/** C++ files that include what their layer does not allow, or cannot be found. */
export function includeViolations(files: readonly SourceText[]): string[] {
  const paths = new Set(files.map(({ path }) => path));
  return nativeSources(files).flatMap((file) =>
    [...withoutComments(file.text).matchAll(INCLUDE)].flatMap((match) => {
      const included = match[1]!;
      const where = `${file.path}:${lineOf(file.text, match.index)}: includes "${included}"`;
      return judge(file.path, included, paths).map((why) => `${where}, ${why}`);
    }),
  );
}

function judge(path: string, included: string, paths: ReadonlySet<string>): string[] {
  // Headers of a package have a home of their own.
  if (CPP_HOMES.some(({ what }) => what.test(`#include "${included}"`))) return [];
  const candidates = [join(dirname(path), included), join('native', included), included];
  const target = candidates.find((candidate) => paths.has(candidate));
  if (target === undefined) return ['which does not exist beside it, under native/ or from the top'];
  const own = layerOf(path);
  if (own === undefined) return ['but its folder has no layer; give it one in test/tidy/rules.ts'];
  const allowed = [own, ...CPP_LAYERS[own]!];
  return isUnder(target, allowed) ? [] : [`but ${own} may only include ${allowed.join(', ')}`];
}

function layerOf(path: string): string | undefined {
  return Object.keys(CPP_LAYERS).find((layer) => isUnder(path, [layer]));
}

function nativeSources(files: readonly SourceText[]): SourceText[] {
  return files.filter(({ path }) => isUnder(path, ['native']) && /\.(cc|hpp|h|c)$/.test(path));
}

/** Linux headers, atomics and Node's headers away from their homes. */
export function homeViolations(files: readonly SourceText[]): string[] {
  return nativeSources(files).flatMap((file) => {
    const code = withoutComments(file.text);
    return CPP_HOMES.filter(
      ({ home, besides }) => !isUnder(file.path, [home]) && !besides?.test(file.path),
    ).flatMap(({ what, home, because }) =>
      [...code.matchAll(new RegExp(what, 'g'))].map(
        (match) =>
          `${file.path}:${lineOf(code, match.index)}: '${match[0]}' belongs in ${home}, because ${because}`,
      ),
    );
  });
}
