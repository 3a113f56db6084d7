import { GPS, type FAAMode, type GGAQuality, type GSA } from 'gps';
import { parseDate } from './utc.js';

/** What a position rests on. */
export type Quality =
  'none' | 'estimated' | 'manual' | 'simulated' | 'autonomous' | 'differential' | 'rtk_float' | 'rtk_fixed';

export interface Position {
  readonly quality: Quality;
  /** Degrees; NaN for quality none. */
  readonly latitude: number;
  readonly longitude: number;
  /** Metres above the WGS 84 ellipsoid; NaN when not told. */
  readonly altitude: number;
  /** Horizontal dilution of precision; NaN when not told. */
  readonly hdop: number;
  /** How much the sentence tells: of an epoch the highest is taken. */
  readonly rank: number;
}

export interface Motion {
  /** Metres per second over ground. */
  readonly speed: number;
  /** Degrees clockwise from true north; NaN when not told, as many receivers do at rest. */
  readonly course: number;
}

/** Standard deviations, m. */
export interface Accuracy {
  readonly east: number;
  readonly north: number;
  /** NaN when not told. */
  readonly up: number;
}

/** What the fields of a sentence say, beside the time. */
export interface Statement {
  /** Days since 1970. */
  readonly day?: number | undefined;
  readonly position?: Position;
  readonly motion?: Motion | undefined;
  readonly accuracy?: Accuracy | undefined;
  /** Satellite systems, by the name or else the talker, and whether they are in use now. */
  readonly systems?: ReadonlyMap<string, boolean>;
}

export type DecodedType = 'GGA' | 'GNS' | 'RMC' | 'GLL' | 'VTG' | 'GST' | 'GSA' | 'ZDA';
type Decode = (text: string, fields: string[]) => Statement;

const MPS_PER_KMH = 1 / 3.6;

export const decoders: Readonly<Record<DecodedType, Decode>> = {
  GGA(text, fields) {
    // Some write 9 for corrections by satellites, which the standard calls 2.
    if (fields[6] === '9') fields[6] = '2';
    const { quality, lat, lon, alt, geoidal, hdop } = GPS.parsers.GGA(text, fields);
    const what = quality === null ? 'none' : GGA_QUALITIES[quality];
    return { position: position(what, lat, lon, { altitude: sum(alt, geoidal), hdop, rank: 3 }) };
  },

  GNS(text, fields) {
    const { mode, lat, lon, alt, sep, hdop } = GPS.parsers.GNS(text, fields);
    const modes = [...mode].map((letter) => GNS_QUALITIES[letter] ?? 'none');
    const best = QUALITY_ORDER.findLast((quality) => modes.includes(quality)) ?? 'none';
    const systems = new Map(modes.map((each, i) => [GNS_SYSTEMS[i] ?? 'other', each !== 'none']));
    return { position: position(best, lat, lon, { altitude: sum(alt, sep), hdop, rank: 2 }), systems };
  },

  RMC(text, fields) {
    const { status, faa, lat, lon, speed, track } = GPS.parsers.RMC(text, fields);
    const where = position(modeQuality(status, faa), lat, lon, { rank: 1 });
    const motion = where.quality === 'none' ? undefined : motionOf(speed, track);
    return { day: parseDate(fields[9]!), position: where, motion };
  },

  GLL(text, fields) {
    const { status, faa, lat, lon } = GPS.parsers.GLL(text, fields);
    return { position: position(modeQuality(status, faa), lat, lon, { rank: 0 }) };
  },

  VTG(text, fields) {
    const { speed, track, faa } = GPS.parsers.VTG(text, fields);
    return { motion: faa === 'not valid' ? undefined : motionOf(speed, track) };
  },

  GST(text, fields) {
    const { latitudeError, longitudeError, heightError } = GPS.parsers.GST(text, fields);
    // A receiver that does not estimate them leaves them empty or writes zeros.
    if (!latitudeError || !longitudeError) return {};
    return { accuracy: { east: longitudeError, north: latitudeError, up: heightError ?? Number.NaN } };
  },

  GSA(text, fields) {
    return { systems: systemsOf(GPS.parsers.GSA(text, fields)) };
  },

  ZDA(_text, fields) {
    const [day = '', month = '', year = ''] = fields.slice(2, 5);
    return { day: parseDate(day.padStart(2, '0') + month.padStart(2, '0') + year) };
  },
};

const GGA_QUALITIES: Readonly<Record<GGAQuality, Quality>> = {
  fix: 'autonomous',
  'pps-fix': 'autonomous',
  'dgps-fix': 'differential',
  rtk: 'rtk_fixed',
  'rtk-float': 'rtk_float',
  estimated: 'estimated',
  manual: 'manual',
  simulated: 'simulated',
};

const MODE_QUALITIES: Readonly<Record<FAAMode, Quality>> = {
  autonomous: 'autonomous',
  precise: 'autonomous',
  differential: 'differential',
  rtk: 'rtk_fixed',
  'rtk-float': 'rtk_float',
  estimated: 'estimated',
  'manual input': 'manual',
  simulated: 'simulated',
  'not valid': 'none',
};

/** One letter for each system; the worst first in QUALITY_ORDER. */
const GNS_QUALITIES: Readonly<Record<string, Quality>> = {
  A: 'autonomous',
  P: 'autonomous',
  D: 'differential',
  R: 'rtk_fixed',
  F: 'rtk_float',
  E: 'estimated',
  M: 'manual',
  S: 'simulated',
};
const GNS_SYSTEMS = ['GPS', 'GLONASS', 'Galileo', 'BeiDou'];
const QUALITY_ORDER: readonly Quality[] = [
  'estimated',
  'manual',
  'simulated',
  'autonomous',
  'differential',
  'rtk_float',
  'rtk_fixed',
];

function position(
  quality: Quality,
  latitude: number | null,
  longitude: number | null,
  { altitude = Number.NaN, hdop = null as number | null, rank = 0 },
): Position {
  if (quality === 'none' || latitude === null || longitude === null) {
    const nowhere = Number.NaN;
    return { quality: 'none', latitude: nowhere, longitude: nowhere, altitude: nowhere, hdop: nowhere, rank };
  }
  return { quality, latitude, longitude, altitude, hdop: hdop ?? Number.NaN, rank };
}

/** Above the sea plus that of the sea above the ellipsoid: without both, nothing can be said. */
function sum(height: number | null, separation: number | null): number {
  return height === null || separation === null ? Number.NaN : height + separation;
}

function modeQuality(status: 'active' | 'void' | null, mode: FAAMode | null): Quality {
  if (status !== 'active') return 'none';
  return mode === null ? 'autonomous' : MODE_QUALITIES[mode];
}

function motionOf(kmh: number | null, course: number | null): Motion | undefined {
  return kmh === null ? undefined : { speed: kmh * MPS_PER_KMH, course: course ?? Number.NaN };
}

/** Which system the satellites belong to says the sentence, or its talker, or, for talker GN, their numbers. */
function systemsOf({ system, satellites }: Pick<GSA, 'system' | 'satellites'>): Map<string, boolean> {
  if (system !== 'GN') return new Map([[system, satellites.length > 0]]);
  const isGlonass = (number: number): boolean => number >= 65 && number <= 96;
  if (satellites.length === 0) return new Map();
  return new Map([[satellites.every(isGlonass) ? 'GLONASS' : 'GPS', true]]);
}
