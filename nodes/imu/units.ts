import type { Quantity } from './sample.js';

/** What columns measure. */
export type Measure = Quantity | 'time';

const RADIANS = Math.PI / 180;
/** Standard gravity, m/s^2. */
export const G = 9.80665;

/** Factors to s, rad/s, m/s^2 and T, by the unit's name without marks: `m/s^2` is `ms2`. */
const FACTORS: Readonly<Record<Measure, Readonly<Record<string, number>>>> = {
  time: { s: 1, sec: 1, second: 1, seconds: 1, ms: 1e-3, us: 1e-6, ns: 1e-9 },
  angularVelocity: {
    rads: 1,
    radsec: 1,
    degs: RADIANS,
    degsec: RADIANS,
    degpersec: RADIANS,
    dps: RADIANS,
    mdps: RADIANS / 1000,
  },
  linearAcceleration: { ms2: 1, mss: 1, mps2: 1, g: G, mg: G / 1000 },
  magneticField: {
    t: 1,
    mt: 1e-3,
    ut: 1e-6,
    nt: 1e-9,
    gauss: 1e-4,
    gs: 1e-4,
    g: 1e-4,
    mgauss: 1e-7,
    mg: 1e-7,
  },
};

/** Units as users write them, the first choice being none. */
export const UNIT_CHOICES = {
  time: ['', 's', 'ms', 'us', 'ns'],
  angularVelocity: ['', 'rad/s', 'deg/s'],
  linearAcceleration: ['', 'm/s^2', 'g', 'mg'],
  magneticField: ['', 'T', 'uT', 'nT', 'gauss'],
} as const satisfies Record<Measure, readonly string[]>;

/** @returns what to multiply by for SI units; undefined for a unit that is not known */
export function factorOf(measure: Measure, unit: string): number | undefined {
  const plain = plainText(unit);
  return Object.hasOwn(FACTORS[measure], plain) ? FACTORS[measure][plain] : undefined;
}

/** Small letters and digits alone: `Gyroscope X` is `gyroscopex`, `µT` is `ut`, `°/s` is `degs`. */
export function plainText(text: string): string {
  return text
    .toLowerCase()
    .replaceAll('°', 'deg')
    .replace(/[µμ]/g, 'u')
    .replaceAll('²', '2')
    .replace(/[^a-z0-9]/g, '');
}
