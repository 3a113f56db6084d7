import { SPECIMENS, TEXT_RULES, type TextRule } from './rules.js';
import { lineOf, type SourceText } from './tree.js';
import { emptyCatches, parse } from './typescript.js';

/** Text that one of the rules forbids. */
export function textViolations(
  files: readonly SourceText[],
  table: readonly TextRule[] = TEXT_RULES,
): string[] {
  return files.flatMap(({ path, text }) =>
    table
      .filter((rule) => rule.files.test(path))
      .flatMap((rule) =>
        [...text.matchAll(new RegExp(rule.pattern, 'g'))].map(
          (match) =>
            `${path}:${lineOf(text, match.index)}: '${match[0].trim()}' breaks "${rule.name}": ${rule.because}`,
        ),
      ),
  );
}

/** Errors that vanish. */
export function emptyCatchViolations(files: readonly SourceText[]): string[] {
  return files
    .filter(({ path }) => /\.(ts|mjs|cjs|js)$/.test(path) && !SPECIMENS.test(path))
    .flatMap((file) =>
      emptyCatches(parse(file)).map(
        (line) => `${file.path}:${line}: an empty catch: handle the error, or let it through`,
      ),
    );
}
