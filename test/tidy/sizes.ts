import { LIMITS, SIZED } from './rules.js';
import { isUnder, type SourceText } from './tree.js';
import { functionsOf, parse } from './typescript.js';

const CODE = /\.(ts|js|mjs|cjs|cc|hpp|h|c|py|rs)$/;

/** Files that are longer than one idea needs. */
export function fileViolations(files: readonly SourceText[]): string[] {
  return files
    .filter(({ path }) => isUnder(path, SIZED) && CODE.test(path))
    .map(({ path, text }) => ({ path, lines: text.split('\n').length - 1 }))
    .filter(({ lines }) => lines > LIMITS.fileLines)
    .map(
      ({ path, lines }) =>
        `${path}: ${lines} lines, at most ${LIMITS.fileLines}: a file tells one idea, split it`,
    );
}

/** Functions that do not fit on a screen. */
export function functionViolations(files: readonly SourceText[]): string[] {
  return scripts(files).flatMap((file) =>
    functionsOf(parse(file))
      .filter(({ lines }) => lines > LIMITS.functionLines)
      .map(
        ({ name, line, lines }) =>
          `${file.path}:${line}: ${name} has ${lines} lines, at most ${LIMITS.functionLines}: it must fit on a screen`,
      ),
  );
}

/** The length that nine functions of ten in framework/ do not exceed, and the longest ones. */
export function functionLengths(files: readonly SourceText[]): { p90: number; longest: string[] } {
  const sizes = scripts(files)
    .filter(({ path }) => isUnder(path, ['framework']))
    .flatMap((file) => functionsOf(parse(file)).map((each) => ({ ...each, path: file.path })))
    .sort((a, b) => a.lines - b.lines);
  const p90 = sizes[Math.max(0, Math.ceil(sizes.length * 0.9) - 1)]?.lines ?? 0;
  const longest = sizes.slice(-5).reverse();
  return { p90, longest: longest.map(({ path, line, name, lines }) => `${path}:${line} ${name}: ${lines}`) };
}

function scripts(files: readonly SourceText[]): SourceText[] {
  return files.filter(({ path }) => isUnder(path, SIZED) && /\.(ts|mjs)$/.test(path));
}
