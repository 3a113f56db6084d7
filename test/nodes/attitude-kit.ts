import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { testNode, type ParamValue, type TestNode } from '../../framework/index.js';
import { Attitude } from '../../nodes/attitude.js';
import { REPO } from '../support/index.js';

export type Triple = readonly [number, number, number];
/** w, x, y, z; from body to world. */
export type Rotation = readonly [number, number, number, number];

/** What sensors say at a moment, in SI units. */
export interface Moment {
  readonly timeS: number;
  readonly angularVelocity?: Triple | undefined;
  readonly linearAcceleration?: Triple | undefined;
  readonly magneticField?: Triple | undefined;
}

export interface FlightMoment extends Moment {
  readonly attitude: Rotation;
}

interface FlightModule {
  readonly imuSamples: () => FlightMoment[];
  readonly imuCsv: () => string;
  readonly nmea: () => string;
}

/** The script that makes the recordings of the repository. */
export async function flight(): Promise<FlightModule> {
  const script = pathToFileURL(join(REPO, 'launch/recordings/make-flight.mjs'));
  return (await import(script.href)) as FlightModule;
}

const START_S = 1_700_000_000;

/** A node that estimates the attitude of what a test tells it. */
export class Estimator {
  private constructor(readonly t: TestNode<Attitude>) {}

  static async start(params: Readonly<Record<string, ParamValue>> = {}): Promise<Estimator> {
    return new Estimator(await testNode(Attitude, { params }));
  }

  /** Tells it one moment. @returns its estimate, undefined when it published none */
  async tell(moment: Moment, frames: { imu?: string; field?: string } = {}): Promise<Rotation | undefined> {
    const before = this.t.received('attitude').length;
    const whole = Math.floor(moment.timeS);
    const stamp = { sec: START_S + whole, nsec: Math.round((moment.timeS - whole) * 1e9) };
    const { angularVelocity, linearAcceleration, magneticField } = moment;
    if (magneticField)
      this.t.publish('magnetic_field', {
        stamp,
        frame_id: frames.field ?? 'imu',
        magnetic_field: xyz(magneticField),
      });
    await this.t.settled();
    if (angularVelocity || linearAcceleration)
      this.t.publish('imu', {
        stamp,
        frame_id: frames.imu ?? 'imu',
        angular_velocity: xyz(angularVelocity ?? [0, 0, 0]),
        angular_velocity_covariance: unless(angularVelocity),
        linear_acceleration: xyz(linearAcceleration ?? [0, 0, 0]),
        linear_acceleration_covariance: unless(linearAcceleration),
      });
    await this.t.settled();
    if (this.t.received('attitude').length === before) return undefined;
    return this.newest();
  }

  newest(): Rotation {
    const { quaternion } = this.t.received('attitude').at(-1) as {
      quaternion: Record<'w' | 'x' | 'y' | 'z', number>;
    };
    return [quaternion.w, quaternion.x, quaternion.y, quaternion.z];
  }

  warnings(): string[] {
    return this.t.log.filter(({ level }) => level !== 'info').map(({ message }) => message);
  }
}

function xyz([x, y, z]: Triple): { x: number; y: number; z: number } {
  return { x, y, z };
}

function unless(measured: Triple | undefined): Float64Array {
  const covariance = new Float64Array(9);
  if (!measured) covariance[0] = -1;
  return covariance;
}

/** The rotation's matrix, row by row, as textbooks write it: apart from how the node does it. */
export function matrix([w, x, y, z]: Rotation): readonly [Triple, Triple, Triple] {
  return [
    [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
    [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
    [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
  ];
}

/** Degrees between the directions of two vectors. */
export function angleBetween(a: Triple, b: Triple): number {
  const dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  const cosine = dot / (Math.hypot(...a) * Math.hypot(...b));
  return degrees(Math.acos(Math.max(-1, Math.min(1, cosine))));
}

/** Degrees between up as estimated, in the body's axes, and another direction there. */
export function tiltError(estimate: Rotation, up: Triple): number {
  return angleBetween(matrix(estimate)[2], up);
}

/** Degrees of the rotation from one to the other. */
export function rotationError(a: Rotation, b: Rotation): number {
  const dot = Math.abs(a[0] * b[0] + a[1] * b[1] + a[2] * b[2] + a[3] * b[3]);
  return degrees(2 * Math.acos(Math.min(1, dot)));
}

export function degrees(radians: number): number {
  return (radians * 180) / Math.PI;
}
