/**
 * Text as it may go to a terminal: line ends and tabs stay, every other control character is written out (`\u001b`). What
 * nodes, files and other processes say could otherwise rewrite what stands on the screen.
 */
export function printable(text: string): string {
  return text.replace(/[^\P{Cc}\n\t]/gu, escaped);
}

/** The same in one line: line ends and tabs are written out too. */
export function printableLine(text: string): string {
  return text.replace(/\p{Cc}/gu, escaped);
}

function escaped(character: string): string {
  const short = JSON.stringify(character).slice(1, -1);
  return short === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}` : short;
}
