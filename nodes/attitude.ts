import { every, Node, node, param, publishes, subscribes, type Publisher, type View } from 'babus';
import { Imu, MagneticField, QuaternionStamped, type Vector3 } from 'babus/schemas';
import { AttitudeTracker } from './attitude/tracker.js';
import type { Vec } from './attitude/rotation.js';

/** No turn rate, acceleration or field in SI units comes near it; with such numbers sums would overflow. */
const ABSURD = 1e6;
/** So long without an acceleration near 1 g, the sensor is more likely wrong than shaken, s. */
const SHAKEN_TOO_LONG_S = 10;

/**
 * Estimates how a body is turned, from what its inertial sensor feels, and from the magnetic field when that comes too.
 * Without it the heading begins at 0 and drifts with the gyroscope. The filter is that of Mahony, Hamel and Pflimlin (2008),
 * see attitude/mahony.ts.
 */
@node()
export class Attitude extends Node {
  @param({
    type: 'number',
    default: 0.1,
    minimum: 0,
    maximum: 10,
    description:
      '1/s; how fast gravity and magnetic field correct the gyroscope: errors fade in 1 / gain, at rest 5 times as fast',
  })
  readonly gain!: number;

  @param({
    type: 'number',
    default: 0.0025,
    minimum: 0,
    maximum: 1,
    description: "1/s^2; how fast the gyroscope's bias is learned; above gain^2 / 4 it swings",
  })
  readonly biasGain!: number;

  @param({
    type: 'number',
    default: 0,
    minimum: -180,
    maximum: 180,
    description: 'degrees that magnetic north is east of true north here; 0: headings are magnetic',
  })
  readonly declination!: number;

  @param({ type: 'string', default: 'map', description: 'frame of the attitude: x east, y north, z up' })
  readonly frameId!: string;

  @publishes(QuaternionStamped) readonly attitude!: Publisher<QuaternionStamped>;

  readonly #oddities = new Map<string, number>();
  #isReported = true;
  #tracker!: AttitudeTracker;
  #frame: string | undefined;
  #isCalledShaken = false;

  override onStart(): void {
    const { gain, biasGain, declination } = this;
    const northRad = ((90 - declination) * Math.PI) / 180;
    this.#tracker = new AttitudeTracker({ gain, biasGain, northRad });
  }

  override onStop(): void {
    this.report();
  }

  @every('5s') report(): void {
    if (this.#isReported) return;
    this.#isReported = true;
    const said = [...this.#oddities].map(([what, times]) => `${times} ${what}`);
    this.log.warn(`odd so far: ${said.join(', ')}`);
  }

  @subscribes(MagneticField) onMagneticField(message: View<MagneticField>): void {
    const field = vector(message.magnetic_field);
    if (!field) return this.#count('magnetic fields that are no numbers');
    this.#checkFrame(message.frame_id);
    if (!this.#tracker.updateField(message.stamp.ns, field)) this.#count('magnetic fields not used');
  }

  @subscribes(Imu) onImu(imu: View<Imu>): void {
    const rate = isMeasured(imu.angular_velocity_covariance) ? vector(imu.angular_velocity) : undefined;
    const acceleration = isMeasured(imu.linear_acceleration_covariance)
      ? vector(imu.linear_acceleration)
      : undefined;
    if (!rate && !acceleration) return this.#count('samples without a number');
    this.#frame ??= imu.frame_id;
    const outcome = this.#tracker.update({ stampNs: imu.stamp.ns, rate, acceleration });
    if (outcome === 'same stamp' || outcome === 'out of order') return this.#count(`samples: ${outcome}`);
    if (outcome === 'waiting') return this.#count('samples without the acceleration to begin with');
    if (outcome === 'restarted' && this.attitude.published > 0)
      this.#count('gaps in time, begun again after them');
    this.#sayIfShaken(acceleration);
    this.#publish(imu);
  }

  #publish(imu: View<Imu>): void {
    const [w, x, y, z] = this.#tracker.attitude;
    const out = this.attitude.loan();
    out.set({ stamp: imu.stamp, frame_id: this.frameId, quaternion: { x, y, z, w } });
    out.publish();
  }

  #count(what: string): void {
    this.#oddities.set(what, (this.#oddities.get(what) ?? 0) + 1);
    this.#isReported = false;
  }

  /** Both are taken as of one frame: nothing here knows how another would be turned. */
  #checkFrame(frame: string): void {
    if (this.#frame === undefined || frame === this.#frame) return;
    this.log.warn(`the magnetic field is in frame '${frame}', taken as if it were in '${this.#frame}'`);
    this.#frame = frame;
  }

  #sayIfShaken(acceleration: Vec | undefined): void {
    if (this.#isCalledShaken || this.#tracker.shakenS < SHAKEN_TOO_LONG_S || !acceleration) return;
    this.#isCalledShaken = true;
    const felt = Math.hypot(...acceleration).toPrecision(3);
    this.log.warn(
      `no acceleration near 9.81 m/s^2 for ${SHAKEN_TOO_LONG_S} s, now ${felt}: the gyroscope alone is used; is the unit right?`,
    );
  }
}

function isMeasured(covariance: Readonly<Record<number, number>>): boolean {
  return covariance[0] !== -1;
}

/** @returns undefined for what no sensor measures */
function vector({ x, y, z }: Readonly<Vector3>): Vec | undefined {
  return Math.hypot(x, y, z) < ABSURD ? [x, y, z] : undefined;
}
