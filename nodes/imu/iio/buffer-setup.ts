import { constants } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SampleSink } from '../imu-node.js';
import type { Sensor } from './channels.js';
import { readAttribute, type IioDevice } from './device.js';
import { layOut, parseScanType, type ScanElement, type ScanLayout } from './scan.js';

/** Scans that the kernel keeps until they are read. */
const BUFFER_LENGTH = 256;

export interface BufferSettings {
  /** Name of the trigger to use; empty leaves it as it is. */
  readonly trigger: string;
  /** Samples per second to ask of the device; 0 leaves it as it is. */
  readonly samplingHz: number;
}

/** @throws Error in words when the device has none */
export function demandBuffer({ files, id, name }: IioDevice): void {
  if (!files.has('scan_elements') || !files.has('buffer'))
    throw new Error(`${id} (${name}) has no buffer; use mode sysfs`);
}

/**
 * Sets a device that has a buffer up to fill it, and switches it on. When it fails, the buffer may be on already.
 * @returns what lies where in a scan
 * @throws Error naming the attribute that could not be read or written
 */
export async function startBuffer(
  device: IioDevice,
  sensors: readonly Sensor[],
  { trigger, samplingHz }: BufferSettings,
  sink: SampleSink,
): Promise<ScanLayout> {
  // Left on by a process that was killed: the channels of a running buffer cannot be changed.
  await stopBuffer(device);
  if (trigger !== '') await write(device, 'trigger/current_trigger', trigger);
  if (samplingHz > 0) await setRate(device, samplingHz, sink);
  const wanted = [...sensors.flatMap(({ axes }) => axes.map(({ name }) => name)), 'timestamp'];
  const elements = await enableElements(device, wanted);
  await write(device, 'buffer/length', String(BUFFER_LENGTH));
  await write(device, 'buffer/enable', '1');
  return layOut(elements);
}

/** Switches the buffer off. @throws Error when that cannot be written */
export async function stopBuffer(device: IioDevice): Promise<void> {
  await write(device, 'buffer/enable', '0');
}

/** Channels are enabled when they are wanted; what others left enabled goes into the layout as well. */
async function enableElements(device: IioDevice, wanted: readonly string[]): Promise<ScanElement[]> {
  const folder = join(device.folder, 'scan_elements');
  const enabled: ScanElement[] = [];
  for (const file of await readdir(folder)) {
    const [, name] = /^in_(.+)_en$/.exec(file) ?? [];
    if (name === undefined) continue;
    if (wanted.includes(name)) await write(device, `scan_elements/${file}`, '1');
    if ((await readAttribute(folder, file)) !== '1') continue;
    const type = parseScanType(await readAttribute(folder, `in_${name}_type`));
    const index = Number(await readAttribute(folder, `in_${name}_index`));
    enabled.push({ name, index, type });
  }
  return enabled;
}

/** Not every device lets its rate be set: then its own one is used. */
async function setRate(device: IioDevice, samplingHz: number, sink: SampleSink): Promise<void> {
  for (const file of device.files)
    if (/^(in_(accel|anglvel|magn)_)?sampling_frequency$/.test(file))
      await write(device, file, String(samplingHz)).catch((error: Error) => {
        sink.log.warn(`${device.id} keeps its sampling frequency: ${error.message}`);
      });
}

async function write(device: IioDevice, file: string, text: string): Promise<void> {
  // Without O_CREAT: an attribute that the driver does not have is an error, not a new file.
  await writeFile(join(device.folder, file), text, { flag: constants.O_WRONLY | constants.O_TRUNC });
}
