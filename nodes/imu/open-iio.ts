import { resolve } from 'node:path';
import type { Clock } from 'babus';
import { keepTrying, type Link } from '../common/reconnect.js';
import { readSensors } from './iio/channels.js';
import { findDevice } from './iio/device.js';
import { readBuffer } from './iio/read-buffer.js';
import { readSysfs } from './iio/read-sysfs.js';
import type { SampleSink, SampleSource } from './imu-node.js';

export interface IioOptions {
  /** Name, label, id or number; empty for the first inertial sensor. */
  readonly device: string;
  readonly mode: 'sysfs' | 'buffer';
  readonly sysfs: string;
  readonly dev: string;
  readonly rateHz: number;
  readonly trigger: string;
  readonly samplingHz: number;
  readonly clock: Clock;
}

/** Reads a device as long as it is there, and waits for it while it is not. */
export function openIio(options: IioOptions, sink: SampleSink): SampleSource {
  const { device: wanted, mode } = options;
  const session = async (signal: AbortSignal, link: Link): Promise<void> => {
    const device = await findDevice(resolve(options.sysfs), wanted);
    const sensors = await readSensors(device);
    const quantities = sensors.map(({ axes }) => axes[0].name.replace(/_x$/, '')).join(', ');
    sink.log.info(`${device.id} (${device.name}): ${quantities}, by ${mode}`);
    if (mode === 'buffer') return readBuffer(device, sensors, options, sink, signal, link);
    return readSysfs(device, sensors, options, sink, signal, link);
  };
  const what = wanted === '' ? 'IIO device' : `IIO device ${wanted}`;
  return (signal) => keepTrying({ session, log: sink.log, what, signal });
}
