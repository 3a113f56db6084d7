import { QUANTITIES, type Quantity } from './sample.js';
import { factorOf, plainText, UNIT_CHOICES, type Measure } from './units.js';

/** Units of columns whose header names none; empty where none was given. */
export type UnitParams = Readonly<Record<Measure, string>>;

/** A column: its place in the row, and what makes its numbers SI units. */
export interface Column {
  readonly index: number;
  readonly factor: number;
}

export interface Columns {
  readonly time: Column | undefined;
  /** x, y and z of what is there. */
  readonly quantities: ReadonlyMap<Quantity, readonly Column[]>;
  /** Headers of columns that are not used. */
  readonly unused: readonly string[];
}

const WORDS: Readonly<Record<Quantity, string>> = {
  angularVelocity: 'gyroscope|gyros?|gyr|angularvelocity|angularrate|angvel|omega|w|g',
  linearAcceleration: 'accelerometer|linearacceleration|acceleration|accel|linacc|acc|a',
  magneticField: 'magnetometer|magneticfield|magnetic|magneto|mag|m|b',
};
const PREFIX = '(?:field|imu|sensor|data|raw|calibrated|cal)*';

/** The parameter that gives a quantity's unit, and how people call it. */
const UNIT_PARAMS: Readonly<Record<Measure, string>> = {
  time: 'time_unit',
  angularVelocity: 'gyroscope_unit',
  linearAcceleration: 'accelerometer_unit',
  magneticField: 'magnetometer_unit',
};
const NAMES: Readonly<Record<Quantity, string>> = {
  angularVelocity: 'gyroscope',
  linearAcceleration: 'accelerometer',
  magneticField: 'magnetometer',
};

interface Meaning {
  readonly measure: Measure;
  /** 0, 1, 2 for x, y, z. */
  readonly axis: number;
  readonly unit: string;
}

/**
 * Finds the columns of a recording by their names: `Gyroscope X (deg/s)`, `acc_x [g]`, `angular_velocity.x`, `mag_x_uT`.
 * @throws Error that says what is missing and what to do
 */
export function findColumns(headers: readonly string[], units: UnitParams): Columns {
  const found = new Map<Measure, Column[]>();
  const unused: string[] = [];
  headers.forEach((header, index) => {
    const meaning = meaningOf(header);
    const columns = (meaning && found.get(meaning.measure)) ?? [];
    if (!meaning || columns[meaning.axis]) return unused.push(header);
    columns[meaning.axis] = { index, factor: factorFor(header, meaning, units) };
    return found.set(meaning.measure, columns);
  });
  const quantities = new Map<Quantity, readonly Column[]>();
  for (const quantity of QUANTITIES) {
    const columns = found.get(quantity);
    if (!columns) continue;
    const missing = ['x', 'y', 'z'].filter((_, axis) => !columns[axis]);
    if (missing.length > 0)
      throw new Error(`the ${NAMES[quantity]} has no column for ${missing.join(' and ')}`);
    quantities.set(quantity, columns);
  }
  if (quantities.size === 0) throw new Error(`no column of a sensor ${listed(headers)}; ${EXAMPLE}`);
  return { time: found.get('time')?.[0], quantities, unused };
}

const EXAMPLE =
  'the first line names the columns, such as Time (s),Gyroscope X (deg/s),…,Accelerometer X (g),…,Magnetometer X (uT),…';

function listed(headers: readonly string[]): string {
  const shown = headers.slice(0, 12).map((header) => JSON.stringify(header.slice(0, 40)));
  return `among ${shown.join(', ')}${headers.length > shown.length ? ' …' : ''}`;
}

/** What a header says; undefined for a column of something else. */
function meaningOf(header: string): Meaning | undefined {
  const [, name = '', bracketed] = /^([^([]*)(?:[([]\s*([^)\]]*?)\s*[)\]])?\s*$/.exec(header) ?? [];
  const plain = plainText(name);
  const time = /^(?:timestamp|time|stamp|elapsed|t)([a-z]*)$/.exec(plain);
  if (time && hasUnit('time', time[1]!)) return { measure: 'time', axis: 0, unit: bracketed ?? time[1]! };
  for (const measure of QUANTITIES) {
    const pattern = `^${PREFIX}(?:(?:${WORDS[measure]})([xyz])|([xyz])(?:${WORDS[measure]}))(.*)$`;
    const [, last, first, suffix = ''] = new RegExp(pattern).exec(plain) ?? [];
    const axis = last ?? first;
    if (axis === undefined || !hasUnit(measure, suffix)) continue;
    return { measure, axis: 'xyz'.indexOf(axis), unit: bracketed ?? suffix };
  }
  return undefined;
}

function hasUnit(measure: Measure, suffix: string): boolean {
  return suffix === '' || factorOf(measure, suffix) !== undefined;
}

function factorFor(header: string, { measure, unit }: Meaning, units: UnitParams): number {
  const used = unit === '' ? units[measure] : unit;
  // Nearly all recordings have seconds; turn rates in radians and in degrees are both common, so guessing would do harm.
  const factor = factorOf(measure, used === '' && measure === 'time' ? 's' : used);
  if (factor !== undefined) return factor;
  const choices = UNIT_CHOICES[measure].filter((choice) => choice !== '').join(', ');
  const how =
    unit === ''
      ? `give the parameter ${UNIT_PARAMS[measure]}, or write it into the header in brackets`
      : 'write another one into the header';
  const what = used === '' ? 'has no unit' : `has the unit '${used}', which is not known`;
  throw new Error(`the column '${header}' ${what}: ${how}; known: ${choices}`);
}
