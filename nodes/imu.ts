import { Clock, inject, node, param } from 'babus';
import type { SampleSink, SampleSource } from './imu/imu-node.js';
import { openIio } from './imu/open-iio.js';
import { IIO } from './imu/params.js';
import { RecordingNode } from './imu/recording-node.js';

const DEVICE = /^iio(?::(.*))?$/;

/** Publishes an inertial sensor, whichever it is: a recording as `ImuFile` does, or a device as `ImuIio` does. */
@node()
export class InertialSensor extends RecordingNode {
  @param({
    type: 'string',
    description: "path of a CSV recording; 'iio:NAME' for an IIO device, 'iio' for the first one",
  })
  readonly source!: string;

  @param(IIO.mode) readonly mode!: 'sysfs' | 'buffer';
  @param(IIO.rate) readonly rate!: number;
  @param(IIO.sysfs) readonly sysfs!: string;
  @param(IIO.dev) readonly dev!: string;
  @param(IIO.samplingHz) readonly samplingHz!: number;
  @param(IIO.trigger) readonly trigger!: string;

  readonly #deviceClock = inject(Clock);

  protected override open(sink: SampleSink): SampleSource | Promise<SampleSource> {
    const [isDevice, name = ''] = DEVICE.exec(this.source) ?? [];
    if (isDevice === undefined) return super.open(sink);
    const { mode, sysfs, dev, rate, trigger, samplingHz } = this;
    // `iio:device0` is an id as it stands.
    const device = /^device\d+$/.test(name) ? this.source : name;
    const clock = this.#deviceClock;
    return openIio({ device, mode, sysfs, dev, rateHz: rate, trigger, samplingHz, clock }, sink);
  }
}
