import { isUtf8 } from 'node:buffer';
import { BabusError } from '../errors/index.js';

/** What a YAML file may not have in it, though a library may read it: most often the file is none, or in another encoding. */
// eslint-disable-next-line no-control-regex
const NO_TEXT = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]|\r(?!\n)/;

/** A file's bytes as text. @throws BabusError ERR_BABUS_YAML when they are not UTF-8 */
export function decodeText(bytes: Buffer, file: string): string {
  const wide = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  if (wide) throw notText('is UTF-16; save the file as UTF-8', file, '', 0);
  const text = bytes.toString('utf8');
  if (isUtf8(bytes)) return text;
  const at = text.indexOf('\uFFFD');
  const byte = bytes[Buffer.byteLength(text.slice(0, at))]!;
  throw notText(`byte 0x${byte.toString(16)} is not UTF-8; save the file as UTF-8`, file, text, at);
}

/** @throws BabusError ERR_BABUS_YAML at the first control character */
export function demandText(text: string, file: string): void {
  const found = NO_TEXT.exec(text);
  if (!found) return;
  const what =
    found[0] === '\r'
      ? 'a carriage return without a line feed; let lines end in LF or CR LF'
      : `control character U+${found[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}; is this a text file? Write it as an escape in double quotes, or leave it out`;
  throw notText(what, file, text, found.index);
}

function notText(message: string, file: string, text: string, index: number): BabusError {
  const before = text.slice(0, index).split('\n');
  return new BabusError('ERR_BABUS_YAML', message, {
    file,
    line: before.length,
    column: before.at(-1)!.length + 1,
  });
}
