import { every, Node, param, publishes, type Logger, type Publisher } from 'babus';
import { Imu, MagneticField } from 'babus/schemas';
import { stampOf } from '../common/stamp.js';
import type { ImuSample, Vector } from './sample.js';
import { Oddities } from './oddities.js';

/** Where samples come from: runs until `signal` is aborted or there are no more. */
export type SampleSource = (signal: AbortSignal) => Promise<void>;

/** What a source tells its samples and troubles to. */
export interface SampleSink {
  readonly publish: (sample: ImuSample) => void;
  readonly oddities: Oddities;
  readonly log: Logger;
}

/** What the nodes of inertial sensors have in common: how samples become messages. */
export abstract class ImuNode extends Node {
  @param({ type: 'string', default: 'imu', description: 'coordinate frame of the sensor' })
  readonly frameId!: string;

  /** Without samples of acceleration or turn rate, as from a bare compass, nothing is published here. */
  @publishes(Imu) readonly imu!: Publisher<Imu>;

  @publishes(MagneticField) readonly magneticField!: Publisher<MagneticField>;

  readonly #stopping = new AbortController();
  readonly #oddities = new Oddities();
  #running: Promise<void> | undefined;

  /** @throws BabusError ERR_BABUS_PARAM for parameters that cannot work */
  protected abstract open(sink: SampleSink): SampleSource | Promise<SampleSource>;

  override async onStart(): Promise<void> {
    const { log } = this;
    const run = await this.open({
      publish: (sample) => this.#publish(sample),
      oddities: this.#oddities,
      log,
    });
    this.#running = run(this.#stopping.signal).then(
      () => this.#stopping.signal.aborted || this.finish(),
      (error: unknown) => this.finish(error),
    ) as Promise<void>;
  }

  override async onStop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    this.report();
  }

  @every('5s') report(): void {
    this.#oddities.report(this.log);
  }

  /** The magnetic field goes first, so that who reads both has it when the rest of the same moment comes. */
  #publish({ stampNs, angularVelocity, linearAcceleration, magneticField }: ImuSample): void {
    const stamp = stampOf(stampNs);
    const frame_id = this.frameId;
    if (magneticField) {
      const out = this.magneticField.loan();
      out.set({ stamp, frame_id, magnetic_field: xyz(magneticField) });
      out.publish();
    }
    if (!angularVelocity && !linearAcceleration) return;
    const out = this.imu.loan();
    out.set({ stamp, frame_id, orientation: { x: 0, y: 0, z: 0, w: 1 } });
    out.orientation_covariance[0] = -1;
    if (angularVelocity) out.angular_velocity = xyz(angularVelocity);
    else out.angular_velocity_covariance[0] = -1;
    if (linearAcceleration) out.linear_acceleration = xyz(linearAcceleration);
    else out.linear_acceleration_covariance[0] = -1;
    out.publish();
  }
}

function xyz([x, y, z]: Vector): { x: number; y: number; z: number } {
  return { x, y, z };
}
