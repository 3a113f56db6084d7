import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A device of the Linux subsystem for industrial I/O, as sysfs shows it. */
export interface IioDevice {
  /** `iio:device0` */
  readonly id: string;
  /** What its driver calls it. */
  readonly name: string;
  readonly folder: string;
  /** The files in its folder. */
  readonly files: ReadonlySet<string>;
}

/** An attribute's text without the line's end. @throws Error of the file system, as when the device is gone */
export async function readAttribute(folder: string, file: string): Promise<string> {
  return (await readFile(join(folder, file), 'utf8')).trim();
}

/** The number in an attribute, or `otherwise` when there is no such attribute. @throws Error when it holds no number */
export async function readNumber(device: IioDevice, file: string, otherwise?: number): Promise<number> {
  if (otherwise !== undefined && !device.files.has(file)) return otherwise;
  const text = await readAttribute(device.folder, file);
  const value = text === '' ? NaN : Number(text);
  if (!Number.isFinite(value)) throw new Error(`${join(device.folder, file)} holds no number: '${text}'`);
  return value;
}

/**
 * The device of a name, label, id or number; of several the first. Without any of these, the first inertial sensor.
 * @throws Error that lists those which are there
 */
export async function findDevice(sysfs: string, wanted: string): Promise<IioDevice> {
  const devices = await listDevices(sysfs);
  for (const device of devices) {
    const label = device.files.has('label') ? await readAttribute(device.folder, 'label') : '';
    const fits =
      wanted === ''
        ? isInertial(device)
        : [device.name, label, device.id, device.id.slice('iio:device'.length)].includes(wanted);
    if (fits) return device;
  }
  const there = devices.map(({ id, name }) => `${id} (${name})`).join(', ') || 'none';
  const what = wanted === '' ? 'inertial sensor' : `device '${wanted}'`;
  throw new Error(`there is no ${what} in ${sysfs}; there are: ${there}`);
}

function isInertial({ files }: IioDevice): boolean {
  return [...files].some((file) => /^in_(accel|anglvel)_x_(raw|input)$/.test(file));
}

async function listDevices(sysfs: string): Promise<IioDevice[]> {
  const entries = await readdir(sysfs).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    throw new Error(`there is no folder ${sysfs}: no IIO device is attached, or the kernel knows none`);
  });
  const ids = entries.filter((id) => /^iio:device\d+$/.test(id));
  ids.sort((a, b) => Number(a.slice(10)) - Number(b.slice(10)));
  const devices: IioDevice[] = [];
  for (const id of ids) {
    const folder = join(sysfs, id);
    const files = new Set(await readdir(folder));
    const name = files.has('name') ? await readAttribute(folder, 'name') : '';
    devices.push({ id, name, folder, files });
  }
  return devices;
}
