import { dirname, join } from 'node:path/posix';
import { DOC_EXAMPLES, TOP_FOLDERS } from './rules.js';
import { lineOf, type SourceText } from './tree.js';

/** `npm run X` in a document without a script X. */
export function scriptViolations(document: SourceText, scripts: readonly string[]): string[] {
  return [...document.text.matchAll(/\bnpm run(?:-script)? ([\w:.-]*\w)/g)]
    .filter((match) => !scripts.includes(match[1]!))
    .map((match) => `${at(document, match)}: '${match[0]}': package.json has no such script`);
}

/** Paths in backticks that lead nowhere: seen from the document's folder or from the top. */
export function pathViolations(document: SourceText, exists: (path: string) => boolean): string[] {
  return [...withoutBlocks(document.text).matchAll(/`([^`\n]+)`/g)].flatMap((match) => {
    const path = match[1]!;
    if (!looksLikePath(path) || DOC_EXAMPLES.includes(path)) return [];
    // A pattern must at least name a folder that is there.
    const fixed = path.replace(/\/[^/]*[*{<].*$/, '');
    const found = [join(dirname(document.path), fixed), fixed].some(exists);
    return found ? [] : [`${at(document, match)}: \`${path}\` does not exist`];
  });
}

/** A path of this repository: it starts with one of its folders, or it is a single file name with a source's extension. */
function looksLikePath(words: string): boolean {
  if (/[\s():;,=$'"]|^https?:|^\.\.?\//.test(words)) return false;
  const [first = '', ...others] = words.split('/');
  if (others.length > 0) return [...TOP_FOLDERS, '.ci'].includes(first);
  return /^[\w.-]+\.(md|json|js|ts|mjs|cjs|hpp|cc)$/.test(words);
}

/** Fenced blocks hold the reader's own files and shell sessions; blanks keep the lines. */
function withoutBlocks(text: string): string {
  return text.replace(/^(```|~~~)[^]*?^\1/gm, (block) => block.replace(/[^\n]/g, ' '));
}

function at(document: SourceText, match: RegExpExecArray): string {
  return `${document.path}:${lineOf(document.text, match.index)}`;
}
