import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NavSatFix } from '../../schemas/index.js';
import { REPO } from '../support/index.js';
import { gga, nmea, plainPositions, play, playFile, rmc, utc } from './gps-kit.js';

function assertPositions(fixes: readonly NavSatFix[], wanted: readonly [number, number, number][]): void {
  assert.equal(fixes.length, wanted.length);
  for (const [n, { latitude, longitude, altitude }] of fixes.entries()) {
    const [north, east, up] = wanted[n]!;
    assert.ok(Math.abs(latitude - north) < 1e-9, `${n}: latitude ${latitude}, not ${north}`);
    assert.ok(Math.abs(longitude - east) < 1e-9, `${n}: longitude ${longitude}, not ${east}`);
    assert.ok(Math.abs(altitude - up) < 1e-6, `${n}: altitude ${altitude}, not ${up}`);
  }
}

describe('nodes/gps: recordings', () => {
  for (const name of ['gps-bu353s4', 'gps-nmea-rtk'])
    it(`reads ${name}, recorded from a real receiver`, async function () {
      const path = join(REPO, '../shared/data', `${name}.nmea`);
      if (!existsSync(path)) this.skip();
      const words = readFileSync(path, 'latin1');
      const { fixes, velocities } = await playFile(path);
      assertPositions(fixes, plainPositions(words));
      assert.equal(velocities.length, fixes.length);
      const times = words.split('\n').filter((line) => /^\$..GGA/.test(line));
      for (const [n, fix] of fixes.entries())
        assert.equal(utc(fix).replace(/\D/g, '').slice(8, 16), times[n]!.slice(7, 16).replace('.', ''));
    });

  it('says all that a NavSatFix and a TwistStamped can say', async () => {
    const { fixes, velocities } = await play(gga({ time: '123519.25' }) + rmc({ time: '123519.25' }), {
      frame_id: 'mast',
    });
    const stamp = { sec: Date.UTC(1994, 2, 23, 12, 35, 19) / 1000, nsec: 250_000_000 };
    assert.deepEqual(fixes, [
      {
        stamp,
        frame_id: 'mast',
        status: 'fix',
        service: 1,
        latitude: 48 + 7.038 / 60,
        longitude: 11 + 31 / 60,
        altitude: 545.4 + 46.9,
        position_covariance: Float64Array.of(3.6 ** 2, 0, 0, 0, 3.6 ** 2, 0, 0, 0, 7.2 ** 2),
        position_covariance_type: 'approximated',
      },
    ]);
    const [velocity] = velocities;
    assert.deepEqual([velocity?.stamp, velocity?.frame_id], [stamp, 'mast']);
    const { linear, angular } = velocity!.twist;
    const speed = (22.4 * 1852) / 3600;
    const course = (84.4 / 180) * Math.PI;
    assert.ok(Math.abs(linear.x - speed * Math.sin(course)) < 1e-9);
    assert.ok(Math.abs(linear.y - speed * Math.cos(course)) < 1e-9);
    assert.deepEqual([linear.z, angular], [0, { x: 0, y: 0, z: 0 }]);
  });

  it('gives one fix for each epoch, whatever the order of its sentences', async () => {
    for (const order of ['GR', 'RG', 'GRV', 'VGR', 'GSR', 'RSG', 'LGR', 'GRL']) {
      let words = '';
      for (let second = 10; second < 20; second++) {
        const time = `1200${second}.000`;
        const sentences: Record<string, string> = {
          G: gga({ time, talker: 'GN', height: `${second}.5` }),
          R: rmc({ time, talker: 'GN' }),
          V: nmea('GNVTG,084.4,T,,M,022.4,N,041.5,K,A'),
          S: nmea(`GNGST,${time},1.0,,,,2.0,3.0,4.0`),
          L: nmea(`GNGLL,4807.038,N,01131.000,E,${time},A,A`),
        };
        words += [...order].map((letter) => sentences[letter]).join('');
      }
      const { fixes, velocities } = await play(words);
      assert.equal(fixes.length, 10, order);
      assert.equal(velocities.length, 10, order);
      assert.deepEqual(
        fixes.map(({ altitude }) => altitude),
        Array.from({ length: 10 }, (_, n) => n + 10.5 + 46.9),
        order,
      );
      assert.deepEqual(fixes.map(utc), velocities.map(utc));
      const type = order.includes('S') ? 'diagonal_known' : 'approximated';
      // Until it is known which sentence is the last one, none is waited for.
      assert.ok(
        fixes.slice(1).every((fix) => fix.position_covariance_type === type),
        order,
      );
    }
  });

  it("takes the receiver's own estimate of its errors", async () => {
    const time = '120000';
    const { fixes } = await play(gga({ time }) + nmea(`GPGST,${time},1.0,,,,2.0,3.0,4.0`) + rmc({ time }));
    const [fix] = fixes;
    assert.deepEqual([...fix!.position_covariance], [9, 0, 0, 0, 4, 0, 0, 0, 16]);
    assert.equal(fix!.position_covariance_type, 'diagonal_known');
  });

  it('tells the quality of fixes', async () => {
    const qualities = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', ''];
    const words = qualities.map((quality, n) => gga({ time: `1200${10 + n}`, quality })).join('');
    const { fixes, total } = await play(words + rmc({ time: '120059' }));
    assert.deepEqual(
      fixes.map(({ status }) => status),
      [
        'no_fix',
        'fix',
        'sbas_fix',
        'fix',
        'gbas_fix',
        'gbas_fix',
        'fix',
        'fix',
        'fix',
        'sbas_fix',
        'no_fix',
        'fix',
      ],
    );
    assert.equal(total['no_fix'], 2);
  });

  it('gives NaN for what is not known', async () => {
    const { fixes, velocities, log } = await play(
      gga({ time: '', latitude: ',', longitude: ',', quality: 0, hdop: '99.9', height: '', separation: '' }) +
        rmc({ time: '', status: 'V', place: ',,,', speed: '', course: '', date: '' }) +
        gga({ time: '120000', quality: 0 }) +
        rmc({ time: '120000', status: 'V' }) +
        gga({ time: '120001', separation: '' }) +
        rmc({ time: '120002' }),
    );
    const [unplaced, stale, unheighted, flat] = fixes;
    for (const fix of [unplaced!, stale!]) {
      assert.equal(fix.status, 'no_fix');
      assert.deepEqual([fix.latitude, fix.longitude, fix.altitude], [NaN, NaN, NaN]);
      assert.equal(fix.position_covariance_type, 'unknown');
    }
    assert.equal(unheighted!.latitude, 48 + 7.038 / 60);
    assert.deepEqual([unheighted!.altitude, flat!.altitude], [NaN, NaN]);
    assert.equal(flat!.longitude, 11 + 31 / 60);
    assert.equal(fixes.length, 4);
    assert.equal(velocities.length, 1);
    assert.equal(log.at(-1), 'in all');
  });

  it('knows velocities of receivers at rest', async () => {
    const words = [
      rmc({ time: '120000', speed: '0.1', course: '' }),
      rmc({ time: '120001', speed: '9', course: '' }),
      rmc({ time: '120002', speed: '', course: '' }),
      rmc({ time: '120003', speed: '0', course: '90' }),
    ];
    const { velocities } = await play(words.join(''));
    assert.deepEqual(velocities.map(utc), ['1994-03-23T12:00:00.000Z', '1994-03-23T12:00:03.000Z']);
    assert.ok(velocities.every(({ twist: { linear } }) => linear.x === 0 && linear.y === 0));
  });
});
