import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testNode, type ParamValue, type TestNode } from '../../framework/index.js';
import { Gps } from '../../nodes/gps.js';
import type { NavSatFix, TwistStamped } from '../../schemas/index.js';
import { tempDir, watchdog } from '../support/index.js';

/** A sentence with its checksum and end of line. */
export function nmea(body: string): string {
  let sum = 0;
  for (const byte of Buffer.from(body, 'latin1')) sum ^= byte;
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}\r\n`;
}

export interface Moment {
  readonly time: string;
  readonly talker?: string;
  readonly latitude?: string;
  readonly longitude?: string;
  readonly quality?: number | string;
  readonly hdop?: string;
  readonly height?: string;
  readonly separation?: string;
}

export function gga({
  time,
  talker = 'GP',
  latitude = '4807.038,N',
  longitude = '01131.000,E',
  quality = 1,
  hdop = '0.9',
  height = '545.4',
  separation = '46.9',
}: Moment): string {
  return nmea(
    `${talker}GGA,${time},${latitude},${longitude},${quality},08,${hdop},${height},M,${separation},M,,`,
  );
}

export function rmc({
  time,
  talker = 'GP',
  date = '230394',
  status = 'A',
  place = '4807.038,N,01131.000,E',
  speed = '022.4',
  course = '084.4',
}: {
  time: string;
  talker?: string;
  date?: string;
  status?: string;
  place?: string;
  speed?: string;
  course?: string;
}): string {
  return nmea(`${talker}RMC,${time},${status},${place},${speed},${course},${date},,,A`);
}

/** Plays a recording, as fast as can be, to its end. */
export async function play(
  words: string | Uint8Array,
  params: Record<string, ParamValue> = {},
): Promise<Played> {
  const source = join(tempDir(), 'recording.nmea');
  writeFileSync(source, words);
  return playFile(source, params);
}

export interface Played {
  readonly fixes: readonly NavSatFix[];
  readonly velocities: readonly TwistStamped[];
  /** The fields of the last line of the log. */
  readonly total: Readonly<Record<string, unknown>>;
  readonly log: readonly string[];
}

export async function playFile(source: string, params: Record<string, ParamValue> = {}): Promise<Played> {
  const t = await testNode(Gps, { params: { source, speed: 0, ...params } });
  try {
    await watchdog(t.finished(), 'the end of the recording');
  } finally {
    await t.stop();
  }
  const total = t.log.at(-1)?.fields ?? {};
  return { fixes: fixes(t), velocities: velocities(t), total, log: t.log.map(({ message }) => message) };
}

export function fixes(t: TestNode<Gps>): readonly NavSatFix[] {
  return t.received('fix') as unknown as readonly NavSatFix[];
}

export function velocities(t: TestNode<Gps>): readonly TwistStamped[] {
  return t.received('velocity') as unknown as readonly TwistStamped[];
}

/** UTC of a stamp, to the millisecond. */
export function utc({ stamp: { sec, nsec } }: NavSatFix | TwistStamped): string {
  return new Date(sec * 1000 + Math.round(nsec / 1e6)).toISOString();
}

/** An independent reading of GGA sentences, for those with a position: [latitude, longitude, height above the ellipsoid]. */
export function plainPositions(words: string): [number, number, number][] {
  const degrees = (text: string, hemisphere: string): number => {
    const value = Number(text);
    const whole = Math.trunc(value / 100);
    const sign = hemisphere === 'S' || hemisphere === 'W' ? -1 : 1;
    return sign * (whole + (value - whole * 100) / 60);
  };
  return words
    .split(/\r?\n/)
    .filter((line) => /^\$..GGA,/.test(line))
    .map((line) => line.split(','))
    .filter((fields) => Number(fields[6]) > 0)
    .map((f) => [degrees(f[2]!, f[3]!), degrees(f[4]!, f[5]!), Number(f[9]) + Number(f[11])]);
}
