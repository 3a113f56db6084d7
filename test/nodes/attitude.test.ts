import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPO } from '../support/index.js';
import {
  Estimator,
  flight,
  matrix,
  rotationError,
  tiltError,
  type FlightMoment,
  type Moment,
  type Rotation,
  type Triple,
} from './attitude-kit.js';

const G = 9.80665;
const FIELD: Triple = [0, 20e-6, -40e-6];
const REAL = join(REPO, '../shared/data/imu-fusion.csv');

function row(m: readonly Triple[], n: number): Triple {
  return m[n]!;
}

/** What a body at rest feels that is turned like this. */
function atRest(timeS: number, attitude: Rotation, field: Triple | undefined = FIELD): Moment {
  const m = matrix(attitude);
  const toBody = (v: Triple): Triple =>
    [0, 1, 2].map((n) => m[0][n]! * v[0] + m[1][n]! * v[1] + m[2][n]! * v[2]) as unknown as Triple;
  return {
    timeS,
    angularVelocity: [0, 0, 0],
    linearAcceleration: toBody([0, 0, G]),
    magneticField: field && toBody(field),
  };
}

function about(axis: 0 | 1 | 2, angleDeg: number): Rotation {
  const half = (angleDeg * Math.PI) / 360;
  const q: [number, number, number, number] = [Math.cos(half), 0, 0, 0];
  q[axis + 1] = Math.sin(half);
  return q;
}

describe('nodes/attitude', () => {
  let samples: FlightMoment[];
  before(async () => {
    samples = (await flight()).imuSamples();
  });

  it('follows a flight within 2 degrees, heading included', async () => {
    const estimator = await Estimator.start();
    const errors: number[] = [];
    for (const moment of samples)
      errors.push(rotationError((await estimator.tell(moment))!, moment.attitude));
    await estimator.t.stop();
    assert.equal(errors.length, samples.length);
    assert.ok(Math.max(...errors) < 2, `${Math.max(...errors)} at ${errors.indexOf(Math.max(...errors))}`);
    assert.deepEqual(estimator.warnings(), []);
  });

  it('knows where up is within 2 degrees without a magnetic field, and through irregular steps', async () => {
    const estimator = await Estimator.start();
    for (const [n, { magneticField: _, attitude, ...moment }] of samples.entries()) {
      // About a third of the samples is lost, in no order.
      if ((n * 7919) % 100 < 33) continue;
      const estimate = await estimator.tell(moment);
      assert.ok(tiltError(estimate!, row(matrix(attitude), 2)) < 2, `sample ${n}`);
    }
    await estimator.t.stop();
    assert.deepEqual(estimator.warnings(), []);
  });

  it('is right at once however it lies at the start, upside down too', async () => {
    for (const attitude of [
      about(0, 0),
      about(0, 179.9),
      about(0, 180),
      about(1, -90),
      about(2, 135),
      about(0, 60),
    ]) {
      const estimator = await Estimator.start();
      const estimate = await estimator.tell(atRest(0, attitude));
      assert.ok(rotationError(estimate!, attitude) < 0.01, String(estimate));
      await estimator.t.stop();
    }
  });

  it('points to true north with the declination, and x to the east at 0', async () => {
    const estimator = await Estimator.start({ declination: 10 });
    // The body looks to magnetic north, which is 10 degrees east of true north, 80 degrees from east.
    const body: Moment = {
      timeS: 0,
      angularVelocity: [0, 0, 0],
      linearAcceleration: [0, 0, G],
      magneticField: [20e-6, 0, -40e-6],
    };
    const estimate = await estimator.tell(body);
    assert.ok(rotationError(estimate!, about(2, 80)) < 0.01, String(estimate));
    const { frame_id, stamp } = estimator.t.received('attitude')[0]!;
    assert.deepEqual([frame_id, stamp], ['map', { sec: 1_700_000_000, nsec: 0 }]);
    await estimator.t.stop();
  });

  it('is not tilted by being shaken, nor turned by iron', async () => {
    const estimator = await Estimator.start();
    for (let n = 0; n < 800; n++) {
      const { timeS, ...rest } = atRest(n / 100, about(2, 30));
      const isShaken = n >= 300 && n < 500;
      const estimate = await estimator.tell({
        timeS,
        ...rest,
        ...(isShaken ? { linearAcceleration: [8, 0, G], magneticField: [60e-6, -10e-6, -40e-6] } : {}),
      });
      assert.ok(rotationError(estimate!, about(2, 30)) < 0.5, `sample ${n}`);
    }
    await estimator.t.stop();
    assert.deepEqual(estimator.warnings(), ['odd so far: 200 magnetic fields not used']);
  });

  it('learns the bias of the gyroscope', async () => {
    const estimator = await Estimator.start({ bias_gain: 0.1 });
    const bias: Triple = [0.02, -0.015, 0.01];
    let estimate: Rotation | undefined;
    for (let n = 0; n < 6000; n++)
      estimate = await estimator.tell({ ...atRest(n / 100, about(0, 20)), angularVelocity: bias });
    // Without it, the error would stay at bias / gain, more than a degree even at rest.
    assert.ok(rotationError(estimate!, about(0, 20)) < 0.1, String(estimate));
    await estimator.t.stop();
  });

  it('begins again after a gap and when time goes back, and says so', async () => {
    const estimator = await Estimator.start();
    for (let n = 0; n < 10; n++) await estimator.tell(atRest(n / 100, about(0, 0)));
    const after = await estimator.tell(atRest(5, about(0, 90)));
    assert.ok(rotationError(after!, about(0, 90)) < 0.1);
    const back = await estimator.tell(atRest(1, about(1, 45)));
    assert.ok(rotationError(back!, about(1, 45)) < 0.1);
    assert.equal(await estimator.tell(atRest(1, about(1, 45))), undefined);
    assert.equal(await estimator.tell(atRest(0.9, about(1, 45), undefined)), undefined);
    await estimator.t.tick('report');
    await estimator.t.tick('report');
    assert.deepEqual(estimator.warnings(), [
      'odd so far: 2 gaps in time, begun again after them, 1 samples: same stamp, 1 samples: out of order',
    ]);
    await estimator.t.stop();
  });

  it('survives what is no number, no direction or beyond all bounds', async () => {
    const estimator = await Estimator.start();
    const bad: Triple[] = [
      [NaN, 0, 0],
      [Infinity, 0, 1],
      [1e300, 1e300, 0],
      [0, 0, 0],
    ];
    for (const [n, linearAcceleration] of bad.entries())
      assert.equal(
        await estimator.tell({ timeS: n, linearAcceleration, magneticField: linearAcceleration }),
        undefined,
      );
    const still = atRest(10, about(0, 10));
    await estimator.tell(still);
    for (const [n, vector] of bad.entries()) {
      const timeS = 10 + (n + 1) / 100;
      await estimator.tell({
        timeS,
        angularVelocity: [0, 0, 0],
        linearAcceleration: vector,
        magneticField: vector,
      });
      await estimator.tell({
        timeS: timeS + 0.005,
        angularVelocity: vector,
        linearAcceleration: still.linearAcceleration,
      });
    }
    assert.ok(rotationError(estimator.newest(), about(0, 10)) < 0.1, String(estimator.newest()));
    await estimator.t.stop();
    assert.match(estimator.warnings().join('\n'), /magnetic fields that are no numbers/);
  });

  it('says when no acceleration is near 1 g for long, and when frames differ', async () => {
    const estimator = await Estimator.start();
    for (let n = 0; n < 1200; n++) {
      const moment: Moment = {
        timeS: n / 100,
        angularVelocity: [0, 0, 0],
        linearAcceleration: [0, 0, 1],
        magneticField: FIELD,
      };
      await estimator.tell(moment, { field: 'mast' });
    }
    const warnings = estimator.warnings();
    assert.equal(warnings.length, 2, warnings.join('\n'));
    assert.match(warnings[0]!, /the magnetic field is in frame 'mast', taken as if it were in 'imu'/);
    assert.match(warnings[1]!, /no acceleration near 9.81 m\/s\^2 for 10 s, now 1.00: .* is the unit right/);
    await estimator.t.stop();
  });

  it('turns by the gyroscope alone with a gain of 0, and refuses gains out of range', async () => {
    const estimator = await Estimator.start({ gain: 0, bias_gain: 0 });
    let estimate: Rotation | undefined;
    for (let n = 0; n <= 100; n++)
      estimate = await estimator.tell({
        timeS: n / 100,
        angularVelocity: [0, 0, Math.PI / 2],
        linearAcceleration: [0, 0, G],
      });
    assert.ok(rotationError(estimate!, about(2, 90)) < 1e-6, String(estimate));
    await estimator.t.stop();
    for (const gain of [-0.1, 10.1, NaN])
      await assert.rejects(Estimator.start({ gain }), {
        code: 'ERR_BABUS_PARAM',
        message: /'gain' wants a number from 0 to 10/,
      });
  });
});

describe('nodes/attitude: a real recording (needs imu-fusion.csv)', () => {
  it('has gravity aligned within 2 degrees whenever the sensor is at rest', async function () {
    if (!existsSync(REAL)) this.skip();
    const rows = readFileSync(REAL, 'utf8').trim().split('\n').slice(1);
    const numbers = rows.map((line) => line.split(',').map(Number));
    const estimator = await Estimator.start();
    const isQuiet = ([, gx, gy, gz, ax, ay, az]: readonly number[]): boolean =>
      Math.hypot(gx!, gy!, gz!) < 3 && Math.abs(Math.hypot(ax!, ay!, az!) - 1) < 0.03;
    const quiet = numbers.map(isQuiet);
    let rested = 0;
    let worst = 0;
    for (const [n, [time, gx, gy, gz, ax, ay, az, mx, my, mz]] of numbers.entries()) {
      const felt: Triple = [ax!, ay!, az!];
      const estimate = await estimator.tell({
        timeS: time!,
        angularVelocity: [gx!, gy!, gz!].map((value) => (value * Math.PI) / 180) as unknown as Triple,
        linearAcceleration: felt.map((value) => value * G) as unknown as Triple,
        magneticField: [mx! * 1e-6, my! * 1e-6, mz! * 1e-6],
      });
      // At rest: neither turned nor pushed in the second before and the half second after.
      const window = [Math.max(0, n - 100), n + 50] as const;
      if (!quiet.slice(...window).every(Boolean)) continue;
      rested++;
      // Its mean: what the sensor lies on may still swing.
      const mean = [4, 5, 6].map((column) =>
        numbers.slice(...window).reduce((sum, each) => sum + each[column]!, 0),
      );
      worst = Math.max(worst, tiltError(estimate!, mean as unknown as Triple));
    }
    await estimator.t.stop();
    assert.ok(rested > 5000, `${rested} samples at rest`);
    assert.ok(worst < 2, `${worst} degrees`);
  });
});
