import { Clock, inject, node, param } from 'babus';
import type { SampleSink, SampleSource } from './imu/imu-node.js';
import { openIio } from './imu/open-iio.js';
import { withIioParams } from './imu/params.js';
import { RecordingNode } from './imu/recording-node.js';

const DEVICE = /^iio(?::(.*))?$/;

/** Publishes an inertial sensor, whichever it is: a recording as `ImuFile` does, or a device as `ImuIio` does. */
@node()
export class InertialSensor extends withIioParams(RecordingNode) {
  @param({
    type: 'string',
    description: "path of a CSV recording; 'iio:NAME' for an IIO device, 'iio' for the first one",
  })
  readonly source!: string;

  readonly #deviceClock = inject(Clock);

  protected override open(sink: SampleSink): SampleSource | Promise<SampleSource> {
    const [isDevice, name = ''] = DEVICE.exec(this.source) ?? [];
    if (isDevice === undefined) return super.open(sink);
    // `iio:device0` is an id as it stands.
    const device = /^device\d+$/.test(name) ? this.source : name;
    return openIio({ ...this.iioParams, device, clock: this.#deviceClock }, sink);
  }
}
