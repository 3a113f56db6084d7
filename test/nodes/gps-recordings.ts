import { nmea } from './gps-kit.js';

type PositionType = 'GGA' | 'GNS' | 'RMC' | 'GLL';

/** One moment of a receiver, and which sentences it has for it. */
export interface EpochPlan {
  /** Since the moment before. */
  readonly stepMs: number;
  readonly types: readonly PositionType[];
  readonly talker: string;
  readonly isValid: boolean;
  /** RMC has its date. */
  readonly hasDate: boolean;
  /** Degrees, ten-millionths of minutes, and whether south or west. */
  readonly latitude: readonly [number, number, boolean];
  readonly longitude: readonly [number, number, boolean];
  /** Decimetres. */
  readonly height: number;
}

export type Damage =
  'none' | 'no checksum' | 'wrong checksum' | 'lower case' | 'cut' | 'overlong before' | '0xff before';

/** The sentences of an epoch without their line ends. @param decimals of minutes */
export function writeEpoch(plan: EpochPlan, timeMs: number, decimals: number): string[] {
  const iso = new Date(timeMs).toISOString();
  const time = iso.slice(11, 23).replaceAll(':', '');
  const date = plan.hasDate ? iso.slice(8, 10) + iso.slice(5, 7) + iso.slice(2, 4) : '';
  const { talker, isValid } = plan;
  const place = [
    coordinate(plan.latitude, 2, decimals, 'NS'),
    coordinate(plan.longitude, 3, decimals, 'EW'),
  ].join(',');
  const height = (plan.height / 10).toFixed(1);
  const bodies: Record<PositionType, string> = {
    GGA: `${time},${place},${isValid ? 1 : 0},08,1.1,${height},M,-12.5,M,,`,
    GNS: `${time},${place},${isValid ? 'AN' : 'NN'},08,1.1,${height},-12.5,,`,
    RMC: `${time},${isValid ? 'A' : 'V'},${place},1.0,2.0,${date},,,${isValid ? 'A' : 'N'}`,
    GLL: `${place},${time},${isValid ? 'A' : 'V'},${isValid ? 'A' : 'N'}`,
  };
  return plan.types.map((type) => nmea(`${talker}${type},${bodies[type]}`).trim());
}

function coordinate(
  [degrees, minutes, isNegative]: EpochPlan['latitude'],
  digits: number,
  decimals: number,
  letters: string,
): string {
  const text = String(minutes).padStart(9, '0');
  const fraction = decimals === 0 ? '' : `.${text.slice(2, 2 + decimals)}`;
  const whole = String(degrees).padStart(digits, '0') + text.slice(0, 2);
  return `${whole}${fraction},${letters[isNegative ? 1 : 0]}`;
}

/** What arrives of a sentence. @param counts where it is noted what the node should count */
export function damaged(
  sentence: string,
  damage: Damage,
  lineEnd: string,
  counts: { bad_checksum: number; half: number; too_long: number },
): Uint8Array {
  if (damage === 'wrong checksum') counts.bad_checksum++;
  if (damage === 'no checksum' || damage === 'cut') counts.half++;
  if (damage === 'overlong before') counts.too_long++;
  const checksum = sentence.slice(-2);
  switch (damage) {
    case 'none':
      return Buffer.from(sentence + lineEnd);
    case 'no checksum':
      return Buffer.from(sentence.slice(0, -3) + lineEnd);
    case 'wrong checksum':
      return Buffer.from(sentence.slice(0, -2) + (checksum === '00' ? '01' : '00') + lineEnd);
    case 'lower case':
      return Buffer.from(sentence.slice(0, -2) + checksum.toLowerCase() + lineEnd);
    case 'cut':
      // The next one follows at once.
      return Buffer.from(sentence.slice(0, sentence.length / 2));
    case 'overlong before':
      return Buffer.from(`$GPGGA,${'1'.repeat(10_000)}${sentence}${lineEnd}`);
    case '0xff before':
      return Buffer.concat([Buffer.alloc(100, 0xff), Buffer.from(sentence + lineEnd)]);
  }
}

/** A fix as an independent reading has it. */
export interface PlainFix {
  readonly atMs: number;
  readonly ofDayMs: number;
  readonly place: 'known' | 'unknown';
  readonly latitude: number;
  readonly longitude: number;
  readonly altitude: number;
}

/** Where in each type of sentence time, place, validity, height and separation are. */
const PLACES: Readonly<
  Record<string, readonly [time: number, place: number, state: number, height: number]>
> = {
  GGA: [1, 2, 6, 9],
  GNS: [1, 2, 6, 9],
  RMC: [1, 3, 2, 0],
  GLL: [5, 1, 6, 0],
};

/**
 * Reads positions in another way than the node does: with regular expressions over the whole text, and with the date of the
 * recording's beginning, once a sentence has told one.
 * @param startMs the recording begins after this, and lasts for less than a day
 */
export function readPlainly(text: string, startMs: number, arrivalMs: number): PlainFix[] {
  const epochs = new Map<string, Map<string, string[]>>();
  let knowsDate = false;
  const dated = new Set<string>();
  for (const [, body = '', told = ''] of text.matchAll(/\$([^$*\r\n]*)\*([\da-f]{2})(?=[\r\n])/gi)) {
    const sum = [...body].reduce((all, letter) => all ^ letter.charCodeAt(0), 0);
    const fields = body.split(',');
    const type = fields[0]!.slice(2);
    const time = fields[PLACES[type]?.[0] ?? 0] ?? '';
    if (sum !== Number.parseInt(told, 16) || !PLACES[type] || time === '') continue;
    const epoch = epochs.get(time) ?? new Map<string, string[]>();
    epochs.set(time, epoch.set(type, fields));
    knowsDate ||= type === 'RMC' && fields[9] !== '';
    if (knowsDate) dated.add(time);
  }
  return [...epochs].map(([time, epoch]) => {
    const atMs = dated.has(time) ? utcAfter(startMs, time) : arrivalMs;
    const [type, fields] = Object.keys(PLACES)
      .map((name) => [name, epoch.get(name)] as const)
      .find(([, given]) => given)!;
    const [, place, state, height] = PLACES[type]!;
    const isKnown = /^(1|AN|A)$/.test(fields![state]!);
    const number = (at: number): number => (isKnown && at > 0 ? Number(fields![at]) : NaN);
    return {
      atMs,
      ofDayMs: ofDayMs(time),
      place: isKnown ? 'known' : 'unknown',
      latitude: isKnown ? degrees(fields![place]!, fields![place + 1]!) : NaN,
      longitude: isKnown ? degrees(fields![place + 2]!, fields![place + 3]!) : NaN,
      altitude: number(height) + number(type === 'GGA' ? 11 : height && 10),
    };
  });
}

function degrees(text: string, letter: string): number {
  const [, whole, minutes] = /^(\d+)(\d\d(?:\.\d*)?)$/.exec(text)!;
  return (Number(whole) + Number(minutes) / 60) * ('SW'.includes(letter) ? -1 : 1);
}

function ofDayMs(time: string): number {
  const [, h, m, s] = /^(\d\d)(\d\d)(.*)$/.exec(time)!;
  return Math.round((Number(h) * 3600 + Number(m) * 60 + Number(s)) * 1000);
}

/** The first moment after another that has this time of day. */
function utcAfter(startMs: number, time: string): number {
  const atMs = startMs - (startMs % 86_400_000) + ofDayMs(time);
  return atMs <= startMs ? atMs + 86_400_000 : atMs;
}
