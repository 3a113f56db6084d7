import type { Quantity, Vector } from '../sample.js';
import { readAttribute, readNumber, type IioDevice } from './device.js';

/** One axis of a sensor. */
export interface Channel {
  /** `accel_x` */
  readonly name: string;
  /** The attribute that is read, in the device's folder. */
  readonly file: string;
  /** SI units are (raw + offset) * scale. */
  readonly offset: number;
  readonly scale: number;
}

/** The three axes of one quantity. */
export interface Sensor {
  readonly quantity: Quantity;
  readonly axes: readonly [Channel, Channel, Channel];
  /** Rows of the matrix from the chip's axes to the board's. */
  readonly mount: readonly [Vector, Vector, Vector];
}

/** Types of channels, and what makes SI units of the kernel's: it gives magnetic fields in gauss. */
const TYPES: readonly (readonly [type: string, quantity: Quantity, factor: number])[] = [
  ['anglvel', 'angularVelocity', 1],
  ['accel', 'linearAcceleration', 1],
  ['magn', 'magneticField', 1e-4],
];

const IDENTITY = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
] as const;

/**
 * The sensors of a device that have three axes.
 * @throws Error when there are none, or an attribute holds no number
 */
export async function readSensors(device: IioDevice): Promise<Sensor[]> {
  const sensors: Sensor[] = [];
  for (const [type, quantity, factor] of TYPES) {
    const names = ['x', 'y', 'z'].map((axis) => `${type}_${axis}`);
    const files = names.map((name) =>
      [`in_${name}_raw`, `in_${name}_input`].find((file) => device.files.has(file)),
    );
    if (files.some((file) => file === undefined)) continue;
    const axes: Channel[] = [];
    for (const [n, name] of names.entries()) {
      const file = files[n]!;
      // The driver has done all of it for an `input`.
      const isRaw = file.endsWith('_raw');
      const scale = isRaw ? await shared(device, type, name, 'scale', 1) : 1;
      const offset = isRaw ? await shared(device, type, name, 'offset', 0) : 0;
      axes.push({ name, file, offset, scale: scale * factor });
    }
    const mount = await readMount(device, type);
    sensors.push({ quantity, axes: axes as unknown as Sensor['axes'], mount });
  }
  if (sensors.length === 0)
    throw new Error(`${device.id} (${device.name}) has no accelerometer, gyroscope or magnetometer`);
  return sensors;
}

/** An attribute of one axis, or the one that all axes share. */
async function shared(
  device: IioDevice,
  type: string,
  name: string,
  attribute: string,
  otherwise: number,
): Promise<number> {
  const own = `in_${name}_${attribute}`;
  return device.files.has(own)
    ? readNumber(device, own)
    : readNumber(device, `in_${type}_${attribute}`, otherwise);
}

/** How the chip sits on its board: `0, 1, 0; -1, 0, 0; 0, 0, 1`. */
async function readMount(device: IioDevice, type: string): Promise<Sensor['mount']> {
  const names = [`in_${type}_mount_matrix`, `${type}_mount_matrix`, 'in_mount_matrix', 'mount_matrix'];
  const file = names.find((name) => device.files.has(name));
  if (file === undefined) return IDENTITY;
  const text = await readAttribute(device.folder, file);
  const rows = text
    .split(';')
    .map((row) => row.split(',').map((cell) => (cell.trim() === '' ? NaN : Number(cell))));
  const isMatrix = rows.length === 3 && rows.every((row) => row.length === 3 && row.every(Number.isFinite));
  if (!isMatrix) throw new Error(`${device.folder}/${file} is no matrix: '${text}'`);
  return rows as unknown as Sensor['mount'];
}

/** What a sensor measured, in SI units and the board's axes. @param raw numbers of the three channels */
export function measured({ axes, mount }: Sensor, raw: readonly number[]): Vector {
  const [x = 0, y = 0, z = 0] = axes.map(({ offset, scale }, n) => (raw[n]! + offset) * scale);
  const [a, b, c] = mount.map((row) => row[0] * x + row[1] * y + row[2] * z);
  return [a!, b!, c!];
}
