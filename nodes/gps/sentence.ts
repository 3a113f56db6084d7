import { GPS } from 'gps';
import { decoders, type DecodedType, type Statement } from './decode.js';
import { parseTimeOfDay } from './utc.js';

/** What one sentence says. */
export interface Sentence extends Statement {
  /** Talker and type, as GNGGA. */
  readonly key: string;
  /** Nanoseconds since midnight UTC; undefined when the sentence tells no time. */
  readonly time: number | undefined;
}

export type Refusal = 'unknown' | 'malformed';

interface Format {
  /** How many fields there are at most, that of the type included, and at least. */
  readonly most: number;
  readonly least: number;
  /** Fields that hold a number or nothing. */
  readonly numbers: readonly number[];
  /** The field of the latitude; its hemisphere, the longitude and its hemisphere follow. */
  readonly place?: number;
  readonly time?: number;
  /** The field of the letter for the mode. */
  readonly mode?: number;
}

const FORMATS: Readonly<Record<DecodedType, Format>> = {
  GGA: { most: 15, least: 10, numbers: [7, 8, 9, 11], place: 2, time: 1 },
  GNS: { most: 13, least: 10, numbers: [7, 8, 9, 10], place: 2, time: 1 },
  RMC: { most: 13, least: 10, numbers: [7, 8], place: 3, time: 1, mode: 12 },
  GLL: { most: 8, least: 7, numbers: [], place: 1, time: 5, mode: 7 },
  VTG: { most: 10, least: 9, numbers: [1, 3, 5, 7], mode: 9 },
  GST: { most: 9, least: 9, numbers: [2, 3, 4, 5, 6, 7, 8], time: 1 },
  GSA: { most: 19, least: 18, numbers: [15, 16, 17] },
  ZDA: { most: 7, least: 5, numbers: [2, 3, 4], time: 1 },
};

/**
 * Reads one sentence whose checksum is right. The library is strict where receivers are not (numbers of fields, letters of
 * modes), generous where they err (12x4 is 12, no hemisphere is north), and keeps no more than milliseconds: all that is put
 * right around it.
 *
 * @param text from $ to the checksum
 * @returns what it says, which may be nothing; or why it is not read
 */
export function readSentence(text: string): Sentence | Refusal {
  const [address = '', ...rest] = text.slice(1, -3).split(',');
  if (!/^[A-Z]{5}$/.test(address) || !text.startsWith('$')) return 'unknown';
  const type = address.slice(2);
  if (!isDecoded(type))
    return Object.hasOwn(GPS.parsers, type) ? { key: address, time: undefined } : 'unknown';
  const format = FORMATS[type];
  const fields = [type, ...rest];
  if (fields.length < format.least || !isWellFormed(fields, format)) return 'malformed';
  const time = format.time === undefined ? undefined : parseTimeOfDay(fields[format.time]!);
  try {
    return { key: address, time, ...decoders[type](text, normal(fields, format)) };
  } catch {
    // What the library throws says only that a field is outside of the standard.
    return 'malformed';
  }
}

function isDecoded(type: string): type is DecodedType {
  return Object.hasOwn(FORMATS, type);
}

function isWellFormed(fields: readonly string[], { numbers, place, time }: Format): boolean {
  if (!numbers.every((index) => /^([+-]?(\d+\.?\d*|\.\d+))?$/.test(fields[index] ?? ''))) return false;
  if (time !== undefined && fields[time] !== '' && parseTimeOfDay(fields[time]!) === undefined) return false;
  if (place === undefined) return true;
  const [latitude = '', northSouth = '', longitude = '', eastWest = ''] = fields.slice(place, place + 4);
  if (latitude === '' && longitude === '') return true;
  return (
    /^([0-8]\d[0-5]\d(\.\d*)?|9000(\.0*)?)$/.test(latitude) &&
    /^((0\d\d|1[0-7]\d)[0-5]\d(\.\d*)?|18000(\.0*)?)$/.test(longitude) &&
    /^[NS]$/.test(northSouth) &&
    /^[EW]$/.test(eastWest)
  );
}

/** As many fields as the library wants, that of the checksum included, with no mode that it does not know. */
function normal(fields: readonly string[], { most, mode }: Format): string[] {
  const all = Array.from({ length: most }, (_, i) => fields[i] ?? '');
  if (mode !== undefined && !/^[ADEMSNPRF]$/.test(all[mode]!)) all[mode] = '';
  return [...all, '00'];
}
