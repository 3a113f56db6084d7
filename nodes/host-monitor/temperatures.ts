import { basename, dirname, join } from 'node:path';
import type { TemperatureReading } from 'babus/schemas';
import type { Reader } from './reader.js';

/**
 * All temperatures that sysfs tells: those of its hardware monitors, then those of its thermal zones, without the zones that
 * it shows as hardware monitors, too. Sensors come and go with their devices.
 *
 * @param sys where sysfs is mounted
 */
export async function readTemperatures(sys: string, reader: Reader): Promise<TemperatureReading[]> {
  const monitors = await reader.folder(join(sys, 'class/hwmon'), /^hwmon\d+$/);
  const fromMonitors = (await Promise.all(monitors.map((one) => readMonitor(one, reader)))).flat();
  const zones = await reader.folder(join(sys, 'class/thermal'), /^thermal_zone\d+$/);
  const fromZones = (await Promise.all(zones.map((one) => readZone(one, reader)))).flat();
  // A monitor's name has no dashes, a zone's may.
  const shown = new Set(fromMonitors.map(({ sensor }) => sensor));
  return [
    ...fromMonitors,
    ...fromZones.filter(({ sensor }) => !shown.has(sensor) && !shown.has(sensor.replaceAll('-', '_'))),
  ];
}

/** Of old drivers the files lie a folder deeper. */
async function readMonitor(monitor: string, reader: Reader): Promise<TemperatureReading[]> {
  const folders = [monitor, join(monitor, 'device')];
  const inputs = await Promise.all(folders.map((folder) => reader.folder(folder, /^temp\d+_input$/)));
  const sensors = inputs.find((found) => found.length > 0) ?? [];
  return (await Promise.all(sensors.map((input) => readInput(input, monitor, reader)))).flat();
}

async function readInput(input: string, monitor: string, reader: Reader): Promise<TemperatureReading[]> {
  const beside = (what: string): string => input.replace(/_input$/, `_${what}`);
  const temperature = await reader.file(input, celsius, NaN);
  if (Number.isNaN(temperature)) return [];
  const sensor = await reader.fileIfThere(join(dirname(input), 'name'), trim, basename(monitor));
  const label = await reader.fileIfThere(beside('label'), trim, basename(input, '_input'));
  const critical = await reader.fileIfThere(beside('crit'), celsius, NaN);
  return [{ sensor, label, temperature, critical }];
}

async function readZone(zone: string, reader: Reader): Promise<TemperatureReading[]> {
  const temperature = await reader.file(join(zone, 'temp'), celsius, NaN);
  if (Number.isNaN(temperature)) return [];
  const sensor = await reader.fileIfThere(join(zone, 'type'), trim, basename(zone));
  const critical = await readCriticalTrip(zone, reader);
  return [{ sensor, label: basename(zone), temperature, critical }];
}

async function readCriticalTrip(zone: string, reader: Reader): Promise<number> {
  for (const type of await reader.folder(zone, /^trip_point_\d+_type$/))
    if ((await reader.fileIfThere(type, trim, '')) === 'critical')
      return reader.fileIfThere(type.replace(/_type$/, '_temp'), celsius, NaN);
  return NaN;
}

/** sysfs writes thousandths. */
function celsius(text: string): number {
  if (!/^-?\d{1,9}\n?$/.test(text)) throw new Error(`there is no temperature in '${text.trim()}'`);
  return Number(text) / 1000;
}

function trim(text: string): string {
  return text.trim();
}
