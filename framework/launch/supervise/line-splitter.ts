/** Longer lines are cut: a node may write megabytes without an end of line. */
export const MAX_LINE_CHARS = 16 * 1024;

/** Cuts text that arrives in pieces into lines of bounded length. */
export class LineSplitter {
  #partial = '';

  /** @returns the lines that `chunk` completes, without their ends */
  push(chunk: string): string[] {
    const pieces = (this.#partial + chunk).split('\n');
    this.#partial = pieces.pop()!;
    const lines = pieces.flatMap(cut);
    while (this.#partial.length > MAX_LINE_CHARS) {
      lines.push(this.#partial.slice(0, MAX_LINE_CHARS));
      this.#partial = this.#partial.slice(MAX_LINE_CHARS);
    }
    return lines;
  }

  /** What stands after the last end of line; nothing is kept. */
  flush(): string[] {
    const rest = this.#partial;
    this.#partial = '';
    return rest === '' ? [] : [rest];
  }
}

function cut(line: string): string[] {
  const whole = line.endsWith('\r') ? line.slice(0, -1) : line;
  if (whole.length <= MAX_LINE_CHARS) return [whole];
  const parts: string[] = [];
  for (let at = 0; at < whole.length; at += MAX_LINE_CHARS) parts.push(whole.slice(at, at + MAX_LINE_CHARS));
  return parts;
}
