import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testNode, type ParamValue, type TestNode } from '../../framework/index.js';
import { ImuFile } from '../../nodes/imu-file.js';
import { REPO, tempDir, until, watchdog } from '../support/index.js';
import { flight } from './attitude-kit.js';

type Xyz = Readonly<Record<'x' | 'y' | 'z', number>>;

const HEADER =
  'Time (s),Gyroscope X (deg/s),Gyroscope Y (deg/s),Gyroscope Z (deg/s),Accelerometer X (g),Accelerometer Y (g),Accelerometer Z (g),Magnetometer X (uT),Magnetometer Y (uT),Magnetometer Z (uT)';

function file(text: string): string {
  const path = join(tempDir(), 'recording.csv');
  writeFileSync(path, text);
  return path;
}

/** Plays a text to its end as fast as it can. */
async function play(
  text: string,
  params: Readonly<Record<string, ParamValue>> = {},
): Promise<TestNode<ImuFile>> {
  const t = await testNode(ImuFile, { params: { source: file(text), speed: 0, ...params } });
  await watchdog(t.finished(), 'the end');
  await t.stop();
  return t;
}

function warnings(t: TestNode<ImuFile>): string[] {
  return t.log.filter(({ level }) => level !== 'info').map(({ message }) => message);
}

function near(actual: unknown, expected: readonly number[]): void {
  const { x, y, z } = actual as Xyz;
  for (const [n, value] of [x, y, z].entries())
    assert.ok(Math.abs(value - expected[n]!) <= 1e-12 * Math.max(1, Math.abs(expected[n]!)), `${value}`);
}

/** Nanoseconds since the first message. */
function times(t: TestNode<ImuFile>, port = 'imu'): number[] {
  const ns = t.received(port).map(({ stamp }) => {
    const { sec, nsec } = stamp as { sec: number; nsec: number };
    return BigInt(sec) * 1_000_000_000n + BigInt(nsec);
  });
  return ns.map((each) => Number(each - ns[0]!));
}

describe('nodes/imu-file', () => {
  it('converts units, and says what is not known', async () => {
    const t = await play(`${HEADER}\n0,180,-90,0,1,0,-2,50,-20,0.5\n`, { frame_id: 'mast' });
    const [imu] = t.received('imu');
    near(imu!['angular_velocity'], [Math.PI, -Math.PI / 2, 0]);
    near(imu!['linear_acceleration'], [9.80665, 0, -19.6133]);
    assert.equal((imu!['orientation_covariance'] as Float64Array)[0], -1);
    assert.equal((imu!['angular_velocity_covariance'] as Float64Array)[0], 0);
    const [field] = t.received('magnetic_field');
    near(field!['magnetic_field'], [50e-6, -20e-6, 0.5e-6]);
    assert.deepEqual([imu!['frame_id'], field!['frame_id']], ['mast', 'mast']);
    assert.deepEqual(imu!['stamp'], field!['stamp']);
  });

  it('finds columns by their names, in any order and spelling, and takes units from parameters', async () => {
    const cases: [string, Record<string, ParamValue>][] = [
      [
        '"acc_z [g]";"acc_y [g]";acc_x [g];gyr_x [rad/s];gyr_y [rad/s];gyr_z [rad/s];note;time_ms\n3;2;1;4;5;6;"a;b";0\n',
        {},
      ],
      ['t,ax,ay,az,gx,gy,gz\n0,1,2,3,4,5,6\n', { gyroscope_unit: 'rad/s', accelerometer_unit: 'g' }],
      [
        '\ufeff# made by hand\r\n\r\ntimestamp_ns\taccX(g)\taccY(g)\taccZ(g)\tX Gyro (rad/s)\tY Gyro (rad/s)\tZ Gyro (rad/s)\r\n0\t1\t2\t3\t4\t5\t6\r\n',
        {},
      ],
      [
        'angular_velocity.x (rad/s),angular_velocity.y (rad/s),angular_velocity.z (rad/s),linear_acceleration.x (g),linear_acceleration.y (g),linear_acceleration.z (g)\n4,5,6,1,2,3\n',
        { row_rate: 10 },
      ],
      ['gyro_x_rad_s,gyro_y_rad_s,gyro_z_rad_s,accel_x_g,accel_y_g,accel_z_g,time\n4,5,6,1,2,3,0', {}],
    ];
    for (const [text, params] of cases) {
      const t = await play(text, params);
      assert.equal(t.received('imu').length, 1, text);
      near(t.received('imu')[0]!['angular_velocity'], [4, 5, 6]);
      near(t.received('imu')[0]!['linear_acceleration'], [9.80665, 19.6133, 29.41995]);
      assert.deepEqual(warnings(t), []);
    }
  });

  it('counts broken rows and goes on', async () => {
    const good = '1,2,3,4,5,6,7,8,9';
    const rows = [
      `0.00,${good}`,
      `0.01,${good.slice(0, 9)}`,
      `x,${good}`,
      `,${good}`,
      `0.02,"2,3,4,5,6,7,8,9`,
      `0.03,1,2,3,4,oops,6,7,8,9`,
      `0.04,1e999,2,3,4,5,6,7,8,9`,
      '\0\u0001\u00ff',
      'y'.repeat(200_000),
      '',
      `0.05,${good},10,11`,
      `0.06,1,2,3,,,,7,8,9`,
      `0.07,,,,NaN,nan,NaN,7,8,9`,
      `0.08,,,,,,,,,`,
      `0.09,1,2,3,4,,6,7,8,9`,
      `0.10,${good}`,
    ];
    const t = await play(`${HEADER}\n${rows.join('\n')}\n`);
    assert.deepEqual(
      times(t, 'magnetic_field').map((ns) => Math.round(ns / 1e7)),
      [0, 5, 6, 7, 10],
    );
    assert.deepEqual(
      times(t).map((ns) => Math.round(ns / 1e7)),
      [0, 5, 6, 10],
    );
    const covariance = t.received('imu')[2]!['linear_acceleration_covariance'] as Float64Array;
    assert.equal(covariance[0], -1);
    assert.deepEqual(warnings(t), ['left out so far: 9 broken rows, 1 over-long rows']);
  });

  it('never lets time go back or leap', async () => {
    const values = ',1,2,3,4,5,6,7,8,9';
    const at = [100, 100.02, 100.04, 5e8, 100.08, 100.1, 50, 50.02];
    const t = await play(`${HEADER}\n${at.map((time) => `${time}${values}`).join('\n')}\n`);
    assert.deepEqual(
      times(t).map((ns) => Math.round(ns / 1e7)),
      [0, 2, 4, 6, 8, 10, 12, 14],
    );
    assert.deepEqual(warnings(t), ['left out so far: 3 leaps in time']);
    const kept = await play(`${HEADER}\n1700000000.25${values}\n-5${values}\n3e9${values}\n`, {
      stamps: 'file',
    });
    assert.deepEqual(
      kept.received('imu').map(({ stamp }) => stamp),
      [{ sec: 1_700_000_000, nsec: 250_000_000 }],
    );
  });

  it('keeps the pace of the recording, and begins again in time with loop', async () => {
    const text = `${HEADER}\n0,1,2,3,4,5,6,7,8,9\n0.05,1,2,3,4,5,6,7,8,9\n0.1,1,2,3,4,5,6,7,8,9\n`;
    const start = performance.now();
    const t = await testNode(ImuFile, { params: { source: file(text), loop: true } });
    await until(() => t.received('imu').length >= 8, 'messages of three runs');
    // Never early; how late does not matter.
    assert.ok(performance.now() - start >= 345);
    await t.stop();
    assert.deepEqual(
      times(t)
        .slice(0, 8)
        .map((ns) => Math.round(ns / 1e6)),
      [0, 50, 100, 150, 200, 250, 300, 350],
    );
    const paused = await testNode(ImuFile, {
      params: { source: file(`${text}30,1,2,3,4,5,6,7,8,9\n`), speed: 0.001 },
    });
    await until(() => paused.received('imu').length > 0, 'a message');
    await watchdog(paused.stop(), 'the end of a pause');
  });

  it('says what is wrong with a file, and what to do', async () => {
    const folder = tempDir();
    mkdirSync(join(folder, 'sub'));
    const refuses = async (source: string, why: RegExp): Promise<void> => {
      await assert.rejects(testNode(ImuFile, { params: { source } }), {
        code: 'ERR_BABUS_PARAM',
        message: why,
      });
    };
    await refuses(join(folder, 'none.csv'), /there is no file .*none.csv; give the path of a CSV recording/);
    await refuses(join(folder, 'sub'), /is no regular file/);
    await refuses('/dev/zero', /is no regular file/);
    await refuses(file(''), /has no line that names its columns/);
    await refuses(file('a,b,c\n1,2,3\n'), /no column of a sensor among "a", "b", "c"; the first line names/);
    await refuses(file('time,gx,gy,gz\n'), /the column 'gx' has no unit: give the parameter gyroscope_unit/);
    await refuses(
      file('time,gx (furlong),gy,gz\n'),
      /'gx \(furlong\)' has the unit 'furlong', which is not known/,
    );
    await refuses(file('time,acc_x (g),acc_z (g)\n'), /the accelerometer has no column for y/);
    await refuses(file('acc_x (g),acc_y (g),acc_z (g)\n'), /no column of times: give the parameter row_rate/);
    await refuses(file('\0'.repeat(100_000)), /no line that names its columns/);
  });

  it('ends with an error when no row can be read', async () => {
    const source = file(`${HEADER}\nnothing\n`);
    await using t = await testNode(ImuFile, { params: { source, loop: true } });
    await assert.rejects(watchdog(t.finished(), 'the end'), /recording.csv: no row can be read/);
  });

  it("plays the repository's own recording, which its script makes", async () => {
    const path = join(REPO, 'launch/recordings/flight-imu.csv');
    const { imuCsv, nmea, imuSamples } = await flight();
    assert.equal(readFileSync(path, 'utf8'), imuCsv());
    assert.equal(readFileSync(join(REPO, 'launch/recordings/flight.nmea'), 'utf8'), nmea());
    const t = await testNode(ImuFile, { params: { source: path, speed: 0 } });
    await watchdog(t.finished(), 'the end');
    await t.stop();
    const samples = imuSamples();
    assert.equal(t.received('imu').length, samples.length);
    for (const [n, ns] of times(t).entries()) assert.ok(Math.abs(ns / 1e9 - samples[n]!.timeS) < 1e-6);
    for (const [n, imu] of t.received('imu').entries()) {
      const { x, y, z } = imu['linear_acceleration'] as Xyz;
      const wanted = samples[n]!.linearAcceleration!;
      assert.ok(Math.hypot(x - wanted[0], y - wanted[1], z - wanted[2]) < 2e-4);
    }
  });
});
