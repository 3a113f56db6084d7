import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { BabusError } from 'babus';

/** Where NMEA comes from. */
export type Source =
  | { readonly kind: 'serial'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'file'; readonly path: string };

const KINDS = "give the path of a serial device, tcp://host:port, or a recording's path";

/**
 * Finds out what the parameter means. What does not exist and has no extension is taken for a device that is not plugged in.
 *
 * @throws BabusError ERR_BABUS_PARAM when it can be none of the kinds
 */
export async function findSource(source: string): Promise<Source> {
  const refuse = (why: string): BabusError =>
    new BabusError('ERR_BABUS_PARAM', `source '${source}': ${why}; ${KINDS}`);
  if (source === '' || source.includes('\0')) throw refuse('it is no path');
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(source)) return tcpSource(source, refuse);
  const found = await stat(source).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' && extname(source) === '') return undefined;
    throw refuse(error.code === 'ENOENT' ? 'there is no such file' : error.message);
  });
  if (!found || found.isCharacterDevice()) return { kind: 'serial', path: source };
  if (found.isFile()) return { kind: 'file', path: source };
  throw refuse('it is neither a serial device nor a regular file');
}

function tcpSource(source: string, refuse: (why: string) => BabusError): Source {
  const match = /^tcp:\/\/(?:\[([\da-f:.%a-z]+)\]|([^\s:/?#@[\]]+)):(\d{1,5})\/?$/i.exec(source);
  const port = Number(match?.[3]);
  if (!match || port < 1 || port > 65_535) throw refuse('it is no tcp://host:port');
  return { kind: 'tcp', host: (match[1] ?? match[2])!, port };
}
