import { Clock, inject, node, param } from 'babus';
import { ImuNode, type SampleSink, type SampleSource } from './imu/imu-node.js';
import { openIio } from './imu/open-iio.js';
import { IIO } from './imu/params.js';

/** Publishes what an inertial sensor measures that Linux knows as an IIO device. */
@node()
export class ImuIio extends ImuNode {
  @param({
    type: 'string',
    default: '',
    description: 'name, label, id (iio:device0) or number; empty: the first accelerometer or gyroscope',
  })
  readonly device!: string;

  @param(IIO.mode) readonly mode!: 'sysfs' | 'buffer';
  @param(IIO.rate) readonly rate!: number;
  @param(IIO.sysfs) readonly sysfs!: string;
  @param(IIO.dev) readonly dev!: string;
  @param(IIO.samplingHz) readonly samplingHz!: number;
  @param(IIO.trigger) readonly trigger!: string;

  readonly #clock = inject(Clock);

  protected override open(sink: SampleSink): SampleSource {
    const { device, mode, sysfs, dev, rate, trigger, samplingHz } = this;
    return openIio({ device, mode, sysfs, dev, rateHz: rate, trigger, samplingHz, clock: this.#clock }, sink);
  }
}
