import { Clock, inject, node, param } from 'babus';
import { ImuNode, type SampleSink, type SampleSource } from './imu/imu-node.js';
import { openIio } from './imu/open-iio.js';
import { withIioParams } from './imu/params.js';

/** Publishes what an inertial sensor measures that Linux knows as an IIO device. */
@node()
export class ImuIio extends withIioParams(ImuNode) {
  @param({
    type: 'string',
    default: '',
    description: 'name, label, id (iio:device0) or number; empty: the first accelerometer or gyroscope',
  })
  readonly device!: string;

  readonly #clock = inject(Clock);

  protected override open(sink: SampleSink): SampleSource {
    return openIio({ ...this.iioParams, device: this.device, clock: this.#clock }, sink);
  }
}
