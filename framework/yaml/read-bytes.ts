import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { BabusError } from '../errors/index.js';

/** Files above this are refused unread: no launch or schema file is that long, a generated or hostile one may be. */
const MAX_FILE_BYTES = 1024 * 1024;

/**
 * A file's bytes. Never more than a file may have, whatever its size is said to be: devices have none and no end.
 * @throws BabusError ERR_BABUS_YAML for a file that is too long; Error of the system
 */
export function readBytes(file: string): Buffer {
  const descriptor = openSync(file, 'r');
  try {
    const { size } = fstatSync(descriptor);
    if (size > MAX_FILE_BYTES) throw tooLong(file, `${size} bytes`);
    const bytes = Buffer.alloc(MAX_FILE_BYTES + 1);
    let length = 0;
    for (let got = -1; got !== 0 && length < bytes.length; length += got)
      got = readSync(descriptor, bytes, length, bytes.length - length, null);
    if (length > MAX_FILE_BYTES) throw tooLong(file, 'it goes on');
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}

function tooLong(file: string, what: string): BabusError {
  return new BabusError('ERR_BABUS_YAML', `${file}: ${what}; YAML files may have at most ${MAX_FILE_BYTES}`);
}
