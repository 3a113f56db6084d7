import { createReadStream } from 'node:fs';

const LF = 0x0a;

/**
 * Lines of a text file (UTF-8, LF or CRLF), without their ends, read as they are asked for.
 * @param maxBytes longer lines are passed over, so that a file without line ends takes no memory
 * @param tooLong called for each line passed over
 * @throws Error of the file system
 */
export async function* lines(
  file: string,
  maxBytes: number,
  tooLong: () => void,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  let pending: Buffer = Buffer.alloc(0);
  let isTooLong = false;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(LF); at >= 0; at = chunk.indexOf(LF, from)) {
      const line = Buffer.concat([pending, chunk.subarray(from, at)]);
      from = at + 1;
      pending = Buffer.alloc(0);
      if (isTooLong || line.length > maxBytes) tooLong();
      else yield withoutReturn(decoder.decode(line));
      isTooLong = false;
    }
    pending = Buffer.concat([pending, chunk.subarray(from)]);
    if (pending.length <= maxBytes) continue;
    isTooLong = true;
    pending = Buffer.alloc(0);
  }
  if (isTooLong) tooLong();
  else if (pending.length > 0) yield withoutReturn(decoder.decode(pending));
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
