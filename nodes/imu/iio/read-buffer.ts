import { constants } from 'node:fs';
import { open, stat, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from 'babus';
import type { Link } from '../../common/reconnect.js';
import { wallNs } from '../../common/stamp.js';
import { ticks } from '../../common/ticks.js';
import type { SampleSink } from '../imu-node.js';
import type { Quantity, Vector } from '../sample.js';
import { demandBuffer, startBuffer, stopBuffer, type BufferSettings } from './buffer-setup.js';
import { measured, type Sensor } from './channels.js';
import type { IioDevice } from './device.js';
import { readElement, type ScanLayout } from './scan.js';

/** How often the device is asked for new scans. */
const POLL_HZ = 200;
/** Scans taken with one read. */
const SCANS = 64;

export interface BufferOptions extends BufferSettings {
  /** Folder of the device nodes, such as /dev. */
  readonly dev: string;
  readonly clock: Clock;
}

/**
 * Publishes the scans of a device's buffer.
 *
 * The device node is read without blocking: a blocked read would hold a thread of the process until its end, which it would
 * put off.
 * @throws Error when the device is gone or cannot be set up
 */
export async function readBuffer(
  device: IioDevice,
  sensors: readonly Sensor[],
  options: BufferOptions,
  sink: SampleSink,
  signal: AbortSignal,
  link: Link,
): Promise<void> {
  demandBuffer(device);
  const path = join(options.dev, device.id);
  // Before the device is touched: the kernel lets only one have it open, and whoever has it keeps his settings.
  const node = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const layout = await startBuffer(device, sensors, options, sink);
    link.connected();
    const scans = new ScanReader(node, layout.size, sink);
    for await (const _ of ticks(POLL_HZ, options.clock, signal)) {
      for (let batch = await scans.read(); batch.length > 0; batch = await scans.read()) {
        link.delivered();
        for (let start = 0; start < batch.length; start += layout.size)
          publishScan(batch, start, layout, sensors, options.clock, sink);
      }
      if (scans.isAtEnd) await demandSame(node, path, device);
    }
  } finally {
    // While it is ours. A device that is gone has nothing left to switch off.
    await stopBuffer(device).catch((error: Error) => sink.log.debug(error.message));
    await node.close();
  }
}

/** Reads whole scans, however the bytes arrive. */
class ScanReader {
  /** The last read met an end: of a pipe that nobody writes to, or of a file. */
  isAtEnd = false;
  readonly #buffer: Buffer;
  #filled = 0;

  constructor(
    private readonly node: FileHandle,
    private readonly scanBytes: number,
    private readonly sink: SampleSink,
  ) {
    this.#buffer = Buffer.alloc(scanBytes * SCANS);
  }

  /** @returns whole scans, valid until the next call; none when nothing is new */
  async read(): Promise<Buffer> {
    const count = await this.#fill();
    this.isAtEnd = count === 0;
    if (this.isAtEnd && this.#filled > 0) {
      this.sink.oddities.count('scans that were cut off');
      this.#filled = 0;
    }
    this.#filled += count ?? 0;
    const whole = this.#filled - (this.#filled % this.scanBytes);
    const scans = Buffer.from(this.#buffer.subarray(0, whole));
    this.#buffer.copy(this.#buffer, 0, whole, this.#filled);
    this.#filled -= whole;
    return scans;
  }

  /** @returns bytes that came, 0 at an end, undefined when there are none yet */
  async #fill(): Promise<number | undefined> {
    try {
      const room = this.#buffer.length - this.#filled;
      return (await this.node.read(this.#buffer, this.#filled, room, null)).bytesRead;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
      throw error;
    }
  }
}

/** @throws Error when another device stands where this one was */
async function demandSame(node: FileHandle, path: string, device: IioDevice): Promise<void> {
  const [mine, there] = await Promise.all([node.stat(), stat(path), stat(device.folder)]);
  if (mine.ino !== there.ino || mine.dev !== there.dev) throw new Error(`${path} is another device now`);
}

function publishScan(
  batch: Buffer,
  start: number,
  { elements }: ScanLayout,
  sensors: readonly Sensor[],
  clock: Clock,
  sink: SampleSink,
): void {
  const timestamp = elements.get('timestamp');
  const toldNs = timestamp ? readElement(batch, start, timestamp) : 0n;
  const stampNs = isTime(toldNs) ? toldNs : wallNs(clock);
  const vectors: Partial<Record<Quantity, Vector>> = {};
  for (const sensor of sensors) {
    const placed = sensor.axes.map(({ name }) => elements.get(name));
    // Some channels have attributes but are in no scan.
    if (placed.some((element) => !element)) continue;
    const raw = placed.map((element) => Number(readElement(batch, start, element!)));
    vectors[sensor.quantity] = measured(sensor, raw);
  }
  const { angularVelocity, linearAcceleration, magneticField } = vectors;
  sink.publish({ stampNs, angularVelocity, linearAcceleration, magneticField });
}

/** Devices may use another clock than that of the day; times that fit no message are none either. */
function isTime(ns: bigint): boolean {
  return ns > 1_000_000_000_000_000_000n && ns < 2_147_483_648_000_000_000n;
}
