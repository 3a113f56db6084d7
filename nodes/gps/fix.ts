import type { NavSatFix } from 'babus/schemas';
import type { Accuracy, Motion, Position, Quality } from './decode.js';

/** The part of a NavSatFix that a position tells. */
export type FixFields = Pick<
  NavSatFix,
  'status' | 'latitude' | 'longitude' | 'altitude' | 'position_covariance' | 'position_covariance_type'
>;

const STATUS: Readonly<Record<Quality, NavSatFix['status']>> = {
  none: 'no_fix',
  estimated: 'fix',
  manual: 'fix',
  simulated: 'fix',
  autonomous: 'fix',
  differential: 'sbas_fix',
  rtk_float: 'gbas_fix',
  rtk_fixed: 'gbas_fix',
};

/** Standard deviation of a measured range, m: times the dilution of precision, that of the position. */
const RANGE_ERROR: Readonly<Record<Quality, number>> = {
  none: 0,
  estimated: 20,
  manual: 20,
  simulated: 4,
  autonomous: 4,
  differential: 1.5,
  rtk_float: 0.4,
  rtk_fixed: 0.02,
};
/** Satellites are all above: heights are less well known than places. */
const VERTICAL_FACTOR = 2;

/** Speeds below are at rest, m/s: receivers then leave out the course. */
const REST_SPEED = 0.5;

/** @param accuracy the receiver's own estimate, better than what the dilution of precision tells */
export function fixFields(position: Position, accuracy: Accuracy | undefined): FixFields {
  const { quality, latitude, longitude, altitude, hdop } = position;
  const place = { status: STATUS[quality], latitude, longitude, altitude };
  const dop = hdop > 0 ? hdop * RANGE_ERROR[quality] : Number.NaN;
  if (quality !== 'none' && accuracy) {
    const { east, north, up } = accuracy;
    const upper = up > 0 ? up : VERTICAL_FACTOR * Math.max(east, north);
    return { ...place, ...covariance('diagonal_known', east, north, upper) };
  }
  if (quality !== 'none' && dop > 0)
    return { ...place, ...covariance('approximated', dop, dop, VERTICAL_FACTOR * dop) };
  return { ...place, ...covariance('unknown', 0, 0, 0) };
}

function covariance(
  type: NavSatFix['position_covariance_type'],
  east: number,
  north: number,
  up: number,
): Pick<NavSatFix, 'position_covariance' | 'position_covariance_type'> {
  const values = Float64Array.of(east ** 2, 0, 0, 0, north ** 2, 0, 0, 0, up ** 2);
  return { position_covariance: values, position_covariance_type: type };
}

/** @returns m/s to the east and the north; undefined when the receiver moves but does not say where to */
export function velocity({ speed, course }: Motion): { readonly x: number; readonly y: number } | undefined {
  if (Number.isNaN(course)) return speed < REST_SPEED ? { x: 0, y: 0 } : undefined;
  const angle = (course * Math.PI) / 180;
  return { x: speed * Math.sin(angle), y: speed * Math.cos(angle) };
}
