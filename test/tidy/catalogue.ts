import { withoutComments } from './cpp.js';
import { isUnder, lineOf, type SourceText } from './tree.js';

const CATALOGUE = 'framework/errors/catalogue.ts';

const CODE = /\bERR_BABUS_[A-Z0-9_]*[A-Z0-9]\b/g;

/**
 * Error codes that are raised but not listed, listed but not raised (a mention in a comment raises nothing), or out of
 * order.
 */
export function catalogueViolations(files: readonly SourceText[], listed: readonly string[]): string[] {
  const raised = new Map<string, string>();
  for (const { path, text } of files) {
    if (!isUnder(path, ['framework', 'nodes', 'native']) || !/\.(ts|cc|hpp)$/.test(path)) continue;
    if (path === CATALOGUE) continue;
    // Comments of TypeScript and C++ look alike.
    const code = withoutComments(text);
    for (const match of code.matchAll(CODE)) raised.set(match[0], `${path}:${lineOf(code, match.index)}`);
  }
  const sorted = [...listed].sort();
  return [
    ...[...raised]
      .filter(([code]) => !listed.includes(code))
      .map(
        ([code, where]) => `${where}: ${code} is not in ${CATALOGUE}; add a line that says when it is raised`,
      ),
    ...listed
      .filter((code) => !raised.has(code))
      .map((code) => `${CATALOGUE}: ${code} is raised nowhere in framework/, nodes/ or native/; take it out`),
    ...listed
      .filter((code, index) => code !== sorted[index])
      .slice(0, 1)
      .map((code) => `${CATALOGUE}: ${code} is not in its alphabetical place`),
  ];
}

/** Codes of the catalogue's table in a document, with what is said of them; a mention elsewhere counts as one without words. */
export function documentedCodes(text: string): [code: string, words: string][] {
  const rows = new Map<string, string>();
  for (const [, code, words] of text.matchAll(/^\| `(ERR_BABUS_\w+)` +\| (.*?) *\|$/gm))
    rows.set(code!, words!.replace(/ +/g, ' '));
  for (const [code] of text.matchAll(CODE)) if (!rows.has(code)) rows.set(code, '');
  return [...rows];
}
