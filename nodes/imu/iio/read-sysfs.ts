import type { Clock } from 'babus';
import type { Link } from '../../common/reconnect.js';
import { wallNs } from '../../common/stamp.js';
import { ticks } from '../../common/ticks.js';
import type { SampleSink } from '../imu-node.js';
import type { Quantity, Vector } from '../sample.js';
import { measured, type Sensor } from './channels.js';
import { readAttribute, type IioDevice } from './device.js';

/** Codes of errors that mean that the device is gone; others, as of a bus, may pass. */
const GONE = new Set(['ENOENT', 'ENODEV', 'ENOTDIR', 'ENXIO']);

export interface SysfsOptions {
  readonly rateHz: number;
  readonly clock: Clock;
}

/**
 * Reads each channel's attribute at a steady rate.
 * @throws Error when the device is gone
 */
export async function readSysfs(
  device: IioDevice,
  sensors: readonly Sensor[],
  { rateHz, clock }: SysfsOptions,
  sink: SampleSink,
  signal: AbortSignal,
  link: Link,
): Promise<void> {
  link.connected();
  for await (const { skipped } of ticks(rateHz, clock, signal)) {
    for (let n = 0; n < skipped; n++) sink.oddities.count('readings that the device was too slow for');
    const stampNs = wallNs(clock);
    const vectors: Partial<Record<Quantity, Vector>> = {};
    for (const sensor of sensors) {
      const raw = await Promise.all(sensor.axes.map(({ file }) => readRaw(device, file)));
      if (raw.every(Number.isFinite)) {
        vectors[sensor.quantity] = measured(sensor, raw);
        link.delivered();
      } else sink.oddities.count(`readings of ${sensor.axes[0].file} and its like that are no numbers`);
    }
    const { angularVelocity, linearAcceleration, magneticField } = vectors;
    sink.publish({ stampNs, angularVelocity, linearAcceleration, magneticField });
  }
}

/** @returns NaN for what cannot be read now */
async function readRaw({ folder }: IioDevice, file: string): Promise<number> {
  try {
    const text = await readAttribute(folder, file);
    return text === '' ? NaN : Number(text);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (GONE.has(code)) throw error;
    return NaN;
  }
}
