import assert from 'node:assert/strict';
import { appendFileSync, openSync, closeSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { testNode, type ParamValue, type TestNode } from '../../framework/index.js';
import { ImuIio } from '../../nodes/imu-iio.js';
import { InertialSensor } from '../../nodes/imu.js';
import { spawnTracked, tempDir, until } from '../support/index.js';
import { fixture, writeFiles } from './fixture.js';

type Xyz = Readonly<Record<'x' | 'y' | 'z', number>>;

/** A chip with a scale for each type, one of its own for an axis, offsets, and a field in gauss. */
const CHIP: Readonly<Record<string, string>> = {
  name: 'bmi160\n',
  in_anglvel_x_raw: '1000\n',
  in_anglvel_y_raw: '-2000\n',
  in_anglvel_z_raw: '0\n',
  in_anglvel_scale: '0.001\n',
  in_accel_x_raw: '0\n',
  in_accel_y_raw: '-10\n',
  in_accel_z_raw: '16384\n',
  in_accel_scale: '0.000598\n',
  in_accel_y_scale: '0.5\n',
  in_accel_y_offset: '8\n',
  in_magn_x_raw: '2\n',
  in_magn_y_raw: '3\n',
  in_magn_z_raw: '-4\n',
  in_magn_scale: '0.1\n',
};

/** Channels of a scan, in their order. */
const SCAN = ['anglvel_x', 'anglvel_y', 'anglvel_z', 'accel_x', 'accel_y', 'accel_z', 'temp', 'timestamp'];

function buffered(): Record<string, string> {
  const files: Record<string, string> = { ...CHIP, 'buffer/enable': '1\n', 'buffer/length': '2\n' };
  for (const [index, name] of SCAN.entries()) {
    const type = name === 'timestamp' ? 'le:s64/64>>0' : name === 'accel_z' ? 'be:s12/16>>4' : 'le:s16/16>>0';
    files[`scan_elements/in_${name}_en`] = name === 'temp' ? '1\n' : '0\n';
    files[`scan_elements/in_${name}_index`] = `${index}\n`;
    files[`scan_elements/in_${name}_type`] = `${type}\n`;
  }
  return files;
}

function within(folder: string, files: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([name, text]) => [`${folder}/${name}`, text]));
}

function near(actual: unknown, expected: readonly number[]): void {
  const { x, y, z } = actual as Xyz;
  for (const [n, value] of [x, y, z].entries())
    assert.ok(Math.abs(value - expected[n]!) < 1e-9, `${x} ${y} ${z} instead of ${expected.join(' ')}`);
}

function start(sysfs: string, params: Readonly<Record<string, ParamValue>> = {}): Promise<TestNode<ImuIio>> {
  return testNode(ImuIio, { params: { sysfs, ...params } });
}

function said(t: TestNode<ImuIio>): string[] {
  return t.log.map(({ message }) => message);
}

describe('nodes/imu-iio: sysfs', () => {
  it('reads a device by its scales and offsets, in SI units', async () => {
    const sysfs = fixture(within('iio:device0', CHIP));
    const t = await start(sysfs);
    await until(() => t.received('imu').length >= 3, 'messages');
    await t.stop();
    const [imu] = t.received('imu');
    near(imu!['angular_velocity'], [1, -2, 0]);
    near(imu!['linear_acceleration'], [0, -1, 16384 * 0.000598]);
    near(t.received('magnetic_field')[0]!['magnetic_field'], [2e-5, 3e-5, -4e-5]);
    assert.equal(said(t)[0], 'iio:device0 (bmi160): anglvel, accel, magn, by sysfs');
  });

  it('turns what it reads by the mount matrix, and takes processed values as they are', async () => {
    const sysfs = fixture({
      ...within('iio:device0', { name: 'adc\n', in_voltage0_raw: '1\n' }),
      ...within('iio:device3', {
        name: 'accel_3d\n',
        label: 'lid\n',
        in_accel_x_input: '1.5\n',
        in_accel_y_input: '2.5\n',
        in_accel_z_input: '9\n',
        in_accel_scale: '100\n',
        in_accel_mount_matrix: '0, -1, 0; 1, 0, 0; 0, 0, 1\n',
      }),
    });
    for (const device of ['', 'accel_3d', 'lid', 'iio:device3', '3']) {
      const t = await start(sysfs, { device });
      await until(() => t.received('imu').length > 0, 'a message');
      await t.stop();
      near(t.received('imu')[0]!['linear_acceleration'], [-2.5, 1.5, 9]);
      assert.equal((t.received('imu')[0]!['angular_velocity_covariance'] as Float64Array)[0], -1);
      assert.equal(t.received('magnetic_field').length, 0);
    }
  });

  it('waits for a device, and goes on when it is back under another number', async () => {
    const sysfs = fixture(within('iio:device0', { name: 'adc\n' }));
    const t = await start(sysfs, { device: 'bmi160' });
    await until(() => said(t).some((line) => line.includes('trying again')), 'a word of it');
    assert.match(
      said(t)[0]!,
      /IIO device bmi160: not available: there is no device 'bmi160' in .*; there are: iio:device0 \(adc\)/,
    );
    writeFiles(sysfs, within('iio:device1', CHIP));
    await until(() => t.received('imu').length > 0, 'messages');
    rmSync(join(sysfs, 'iio:device1'), { recursive: true });
    await until(() => said(t).some((line) => line.includes('lost')), 'a word of its loss');
    const before = t.received('imu').length;
    writeFiles(sysfs, within('iio:device2', CHIP));
    await until(() => t.received('imu').length > before, 'messages again');
    await t.stop();
    assert.ok(said(t).length < 12, said(t).join('\n'));
  });

  it('counts readings that are no numbers', async () => {
    const sysfs = fixture(within('iio:device0', { ...CHIP, in_magn_y_raw: 'junk\n' }));
    const t = await start(sysfs, { rate: 200 });
    await until(() => t.received('imu').length >= 5, 'messages');
    await t.stop();
    assert.equal(t.received('magnetic_field').length, 0);
    assert.match(
      said(t).at(-1)!,
      /left out so far: .*\d+ readings of in_magn_x_raw and its like that are no numbers/,
    );
  });

  it('says what is wrong with attributes', async () => {
    for (const [change, why] of [
      [{ in_accel_scale: 'x\n' }, /in_accel_scale holds no number: 'x'/],
      [{ mount_matrix: '1, 0\n' }, /mount_matrix is no matrix: '1, 0'/],
    ] as const) {
      const t = await start(fixture(within('iio:device0', { ...CHIP, ...change })));
      await until(() => said(t).some((line) => why.test(line)), 'the reason');
      await t.stop();
    }
  });

  it('is one of the sources of the imu node', async () => {
    const sysfs = fixture(within('iio:device0', CHIP));
    for (const source of ['iio', 'iio:bmi160', 'iio:device0', 'iio:0']) {
      const t = await testNode(InertialSensor, { params: { source, sysfs } });
      await until(() => t.received('imu').length > 0, 'a message');
      await t.stop();
    }
    await assert.rejects(testNode(InertialSensor, { params: { source: 'none.csv', sysfs } }), {
      code: 'ERR_BABUS_PARAM',
      message: /there is no file/,
    });
  });
});

/** 24 bytes: six of the sensors, one of temperature, two of padding, the time. */
function scan(values: readonly number[], accelZ: number, stampNs: bigint): Buffer {
  const bytes = Buffer.alloc(24);
  for (const [n, value] of values.entries()) bytes.writeInt16LE(value, 2 * n);
  bytes.writeInt16BE((accelZ << 4) | 0xf, 10);
  bytes.writeInt16LE(123, 12);
  bytes.writeBigInt64LE(stampNs, 16);
  return bytes;
}

describe('nodes/imu-iio: buffer', () => {
  async function pipe(): Promise<{ dev: string; path: string }> {
    const dev = tempDir();
    const path = join(dev, 'iio:device0');
    const { code } = await spawnTracked('mkfifo', [path]).exit();
    assert.equal(code, 0);
    return { dev, path };
  }

  it('sets the device up, and takes scans apart as the kernel lays them out', async () => {
    const { dev, path } = await pipe();
    const sysfs = fixture(within('iio:device0', { ...buffered(), sampling_frequency: '25\n' }));
    const attribute = (name: string): string => readFileSync(join(sysfs, 'iio:device0', name), 'utf8').trim();
    const t = await start(sysfs, { mode: 'buffer', dev, sampling_hz: 200 });
    await until(() => said(t).some((line) => line.includes('connected')), 'the node');
    for (const name of SCAN) assert.equal(attribute(`scan_elements/in_${name}_en`), '1');
    assert.deepEqual(['buffer/enable', 'buffer/length', 'sampling_frequency'].map(attribute), [
      '1',
      '256',
      '200',
    ]);
    const stampNs = 1_700_000_000_123_456_789n;
    const bytes = Buffer.concat([
      scan([1000, -2000, 3, 100, -10], -2048, stampNs),
      scan([-1, 0, 0, 0, 0], 2047, stampNs + 1_000_000n),
    ]);
    const writer = openSync(path, 'w');
    // However it is cut: the end of the first scan comes with the second.
    for (const [from, to] of [
      [0, 5],
      [5, 30],
      [30, 48],
    ] as const)
      writeSync(writer, bytes, from, to - from);
    await until(() => t.received('imu').length === 2, 'two messages');
    const [first, second] = t.received('imu');
    assert.deepEqual(first!['stamp'], { sec: 1_700_000_000, nsec: 123_456_789 });
    near(first!['angular_velocity'], [1, -2, 0.003]);
    near(first!['linear_acceleration'], [0.0598, -1, -2048 * 0.000598]);
    near(second!['angular_velocity'], [-0.001, 0, 0]);
    near(second!['linear_acceleration'], [0, 4, 2047 * 0.000598]);
    assert.equal(t.received('magnetic_field').length, 0);
    // Half a scan, and the writer is gone.
    writeSync(writer, bytes, 0, 10);
    closeSync(writer);
    await until(() => {
      t.node.report();
      return said(t).some((line) => line.includes('1 scans that were cut off'));
    }, 'a word of half a scan');
    const again = openSync(path, 'w');
    writeSync(again, bytes);
    await until(() => t.received('imu').length === 4, 'four messages');
    closeSync(again);
    await t.stop();
    assert.equal(attribute('buffer/enable'), '0');
  });

  it('leaves the buffer as it is while the device node cannot be opened', async () => {
    const sysfs = fixture(within('iio:device0', buffered()));
    const attribute = (name: string): string => readFileSync(join(sysfs, 'iio:device0', name), 'utf8').trim();
    const t = await start(sysfs, { mode: 'buffer', dev: tempDir() });
    await until(() => said(t).some((line) => /not available: ENOENT.*iio:device0/.test(line)), 'the refusal');
    await t.stop();
    // As it was before: somebody else's.
    assert.deepEqual(['buffer/enable', 'buffer/length'].map(attribute), ['1', '2']);
  });

  it('switches the buffer off again when it cannot be set up', async () => {
    const { dev } = await pipe();
    const wrong = { 'scan_elements/in_accel_x_type': 'le:s16\n', 'buffer/enable': '1\n' };
    const sysfs = fixture(within('iio:device0', { ...buffered(), ...wrong }));
    const t = await start(sysfs, { mode: 'buffer', dev });
    await until(
      () => said(t).some((line) => line.includes("'le:s16' is no type of a channel")),
      'the reason',
    );
    await t.stop();
    assert.equal(readFileSync(join(sysfs, 'iio:device0/buffer/enable'), 'utf8'), '0');
  });

  it('goes on when the device is torn away and brought back', async () => {
    const { dev, path } = await pipe();
    const sysfs = fixture(within('iio:device0', buffered()));
    const t = await start(sysfs, { mode: 'buffer', dev });
    await until(() => said(t).some((line) => line.includes('connected')), 'the node');
    rmSync(path);
    rmSync(join(sysfs, 'iio:device0'), { recursive: true });
    await until(() => said(t).some((line) => line.includes('lost')), 'a word of its loss');
    await spawnTracked('mkfifo', [path]).exit();
    writeFiles(sysfs, within('iio:device0', buffered()));
    await until(() => said(t).filter((line) => line.includes('connected')).length === 2, 'the node again');
    appendFileSync(path, scan([1, 2, 3, 4, 5], 6, 1_700_000_000_000_000_000n));
    await until(() => t.received('imu').length > 0, 'a message');
    await t.stop();
  });

  it('says what a device lacks, and stamps with the clock of the day when its own is another', async () => {
    const none = await start(fixture(within('iio:device0', CHIP)), { mode: 'buffer' });
    await until(
      () => said(none).some((line) => line.includes('has no buffer; use mode sysfs')),
      'the reason',
    );
    await none.stop();
    const { dev, path } = await pipe();
    const t = await start(fixture(within('iio:device0', buffered())), { mode: 'buffer', dev });
    await until(() => said(t).some((line) => line.includes('connected')), 'the node');
    appendFileSync(path, scan([1, 2, 3, 4, 5], 6, 12_345_678n));
    await until(() => t.received('imu').length > 0, 'a message');
    await t.stop();
    assert.ok((t.received('imu')[0]!['stamp'] as { sec: number }).sec > 1_600_000_000);
  });
});
