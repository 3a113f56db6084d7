import { MAX_LINE_CHARS, RECORD_MARK } from '../../log-line.js';

/**
 * Cuts text that arrives in pieces into lines of bounded length. A carriage return alone ends a line too: a progress bar writes
 * no other end for minutes. A record of the node's log stands on a line of its own, whatever was printed before it.
 */
export class LineSplitter {
  #partial = '';

  /** @returns the lines that `chunk` completes, without their ends */
  push(chunk: string): string[] {
    const pieces = (this.#partial + chunk).split('\n');
    this.#partial = pieces.pop()!;
    const lines = pieces.flatMap(linesOf);
    // The last character may be the first half of an end of line.
    const at = this.#partial.lastIndexOf('\r', this.#partial.length - 2) + 1;
    if (at > 0) lines.push(...this.#take(at));
    const record = this.#partial.indexOf(RECORD_MARK);
    if (record > 0) lines.push(...this.#take(record));
    while (this.#partial.length > MAX_LINE_CHARS) {
      lines.push(this.#partial.slice(0, MAX_LINE_CHARS));
      this.#partial = this.#partial.slice(MAX_LINE_CHARS);
    }
    return lines;
  }

  /** @returns the lines of the first `length` characters of the partial line, which are over */
  #take(length: number): string[] {
    const taken = this.#partial.slice(0, length);
    this.#partial = this.#partial.slice(length);
    return linesOf(taken);
  }

  /** What stands after the last end of line; nothing is kept. */
  flush(): string[] {
    const rest = this.#partial;
    this.#partial = '';
    return rest === '' ? [] : linesOf(rest);
  }
}

function linesOf(text: string): string[] {
  const whole = text.includes('\r') ? text.split('\r').filter((part) => part !== '') : [text];
  // Only carriage returns: an empty line.
  const lines = whole.length === 0 ? [''] : whole;
  return lines.flatMap((line) => (line.indexOf(RECORD_MARK) > 0 ? beforeRecord(line) : cut(line)));
}

function beforeRecord(line: string): string[] {
  const at = line.indexOf(RECORD_MARK);
  return [...cut(line.slice(0, at)), ...cut(line.slice(at))];
}

function cut(line: string): string[] {
  if (line.length <= MAX_LINE_CHARS) return [line];
  const parts: string[] = [];
  for (let at = 0; at < line.length; at += MAX_LINE_CHARS) parts.push(line.slice(at, at + MAX_LINE_CHARS));
  return parts;
}
