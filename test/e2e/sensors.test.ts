import assert from 'node:assert/strict';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO, runCli, spawnCli, tempDir, tempDomain, until } from '../support/index.js';
import { fixture } from '../nodes/fixture.js';

const SENSORS = join(REPO, 'launch/sensors.yaml');

interface SlotRow {
  readonly slot: string;
  readonly seq: number;
  readonly publishers: number;
  readonly subscribers: number;
}

function rows(text: string): SlotRow[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as SlotRow);
}

/** Launches the file, waits for messages in all of these slots, and gives one of the attitudes. */
async function run(args: readonly string[], wanted: readonly string[]): Promise<Record<string, unknown>> {
  const { root } = tempDomain();
  const env = { BABUS_SHM: root, BABUS_DOMAIN: undefined };
  const launch = spawnCli(['launch', SENSORS, ...args], { env, cwd: REPO });
  await until(
    async () => {
      if (!launch.running) throw new Error(launch.output());
      const { code, stdout } = await runCli(['slot', 'list', '--json'], { env });
      return (
        code === 0 && wanted.every((slot) => rows(stdout).some((row) => row.slot === slot && row.seq > 0))
      );
    },
    `messages in ${wanted.join(', ')}`,
  );
  const echo = await runCli(['slot', 'echo', 'attitude', '--once', '--json'], { env });
  launch.kill('SIGTERM');
  assert.deepEqual(await launch.exit(), { code: 0, signal: null }, launch.output());
  assert.deepEqual(readdirSync(root), []);
  return (JSON.parse(echo.stdout) as { message: Record<string, unknown> }).message;
}

describe('launch/sensors.yaml', () => {
  it('plays the recorded flight without arguments', async () => {
    const attitude = await run([], ['gps/fix', 'gps/velocity', 'imu/data', 'imu/magnetic_field', 'attitude']);
    const { w, x, y, z } = attitude['quaternion'] as Record<'w' | 'x' | 'y' | 'z', number>;
    assert.ok(Math.abs(Math.hypot(w, x, y, z) - 1) < 1e-9);
  });

  it('takes a recording and a device instead', async () => {
    const sensor = { name: 'bmi160\n', in_accel_scale: '0.01\n', in_anglvel_scale: '0.001\n' };
    const readings = { x: '0\n', y: '981\n', z: '0\n' };
    const files: Record<string, string> = {};
    for (const [name, text] of Object.entries(sensor)) files[`iio:device0/${name}`] = text;
    for (const [axis, text] of Object.entries(readings)) {
      files[`iio:device0/in_accel_${axis}_raw`] = text;
      files[`iio:device0/in_anglvel_${axis}_raw`] = '0\n';
    }
    const nmea = join(tempDir(), 'own.nmea');
    writeFileSync(nmea, '$GPGGA,123519.00,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,*58\n');
    const args = [`gps:=${nmea}`, 'imu:=iio:bmi160', `iio_sysfs:=${fixture(files)}`];
    const attitude = await run(args, ['imu/data', 'attitude']);
    // It lies on its side: what is left of it, y, points up.
    const { w, x, y, z } = attitude['quaternion'] as Record<'w' | 'x' | 'y' | 'z', number>;
    assert.ok(Math.abs(2 * (y * z + w * x) - 1) < 1e-6, `${w} ${x} ${y} ${z}`);
  });
});
