import type { YAMLError } from 'yaml';

/** What the library says at its errors → what to say instead: what is wrong, and what to do. */
const WORDS: readonly (readonly [pattern: RegExp, words: string])[] = [
  [/^Tabs are not allowed/, 'a tab in the indentation; use spaces'],
  [/^Nested mappings are not allowed/, "a second ': ' in one line; put text that has a colon in quotes"],
  [/^Implicit (map )?keys? need/, "a key without a value; write 'key: value', and text in quotes"],
  [/must start at the same column$/, 'it is indented otherwise than its neighbours; align them'],
  [/^Missing closing (["'])quote/, 'a text in quotes is not closed; end it with the same quote'],
  [
    /must be sufficiently indented and end with a (.)/,
    'a { or [ that begins above is not closed; end it with $1',
  ],
  [/^Unexpected flow-map-end/, 'a } without a { before it; remove it, or put the text in quotes'],
  [/^Unexpected flow-seq-end/, 'a ] without a [ before it; remove it, or put the text in quotes'],
  [/^Plain value cannot start with .*?(\S)$/, 'text cannot begin with $1; put it in quotes'],
  [/^Unresolved tag: (?:tag:yaml\.org,2002:)?(.*)/, 'the tag $1 is not allowed; write the value without it'],
  [/^Maximum call stack/, 'lists and maps are nested too deep'],
  [
    /^Invalid escape sequence (.*)/,
    "$1 is no escape of a text in double quotes; use single quotes or '\\\\\\\\'",
  ],
  [/^Missing (. )?comma|^Missing , between/, 'a comma is missing between two entries'],
  [/^Unsupported YAML version (.*)/, 'YAML version $1 is not known; remove the line with %YAML'],
  [/^Unknown directive (.*)/, '$1 is no directive of YAML; remove the line'],
];

/** A syntax error of the library in our words, where they are better. */
export function syntaxWords({ code, message }: YAMLError): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document starts here; a file may hold one';
  const first = message.split('\n')[0]!.replace(/:$/, '');
  const known = WORDS.find(([pattern]) => pattern.test(first));
  if (!known) return first;
  const [pattern, words] = known;
  const match = pattern.exec(first)!;
  return words.replace(/\$1/, () => match[1] ?? '');
}
