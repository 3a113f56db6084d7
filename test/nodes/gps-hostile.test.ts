import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Clock, testNode } from '../../framework/index.js';
import { Gps } from '../../nodes/gps.js';
import { noCounts } from '../../nodes/gps/counts.js';
import { NmeaStream } from '../../nodes/gps/nmea-stream.js';
import { tempDir, watchdog } from '../support/index.js';
import { fixes, gga, nmea, play, rmc, utc } from './gps-kit.js';
import { damaged, readPlainly, writeEpoch, type Damage, type EpochPlan } from './gps-recordings.js';

const ARRIVAL_MS = Date.UTC(2031, 0, 2, 3, 4, 5);
const DAY_MS = 86_400_000;

const plans: fc.Arbitrary<EpochPlan> = fc.record({
  stepMs: fc.constantFrom(100, 200, 1000, 5000),
  types: fc.shuffledSubarray(['GGA', 'GNS', 'RMC', 'GLL'] as const, { minLength: 1 }),
  talker: fc.constantFrom('GP', 'GN', 'GL', 'GA', 'GB'),
  isValid: fc.boolean(),
  hasDate: fc.boolean(),
  // Whole degrees and ten-millionths of minutes.
  latitude: fc.tuple(fc.nat(89), fc.nat(599_999_999), fc.boolean()),
  longitude: fc.tuple(fc.nat(179), fc.nat(599_999_999), fc.boolean()),
  height: fc.integer({ min: -9999, max: 99_999 }),
});

const damages: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Damage>('none') },
  fc.constantFrom<Damage>(
    'no checksum',
    'wrong checksum',
    'lower case',
    'cut',
    'overlong before',
    '0xff before',
  ),
);

const recordings = fc.record({
  // A few minutes before midnight, on some day.
  startMs: fc
    .tuple(fc.integer({ min: 7305, max: 24_853 }), fc.nat(300_000))
    .map(([day, before]) => day * DAY_MS - (before - (before % 100)) - 100),
  /** Of minutes. */
  decimals: fc.nat(7),
  lineEnd: fc.constantFrom('\r\n', '\n', '\r'),
  epochs: fc.array(fc.tuple(plans, fc.array(damages, { minLength: 4, maxLength: 4 })), {
    minLength: 1,
    maxLength: 25,
  }),
});

type Recorded = typeof recordings extends fc.Arbitrary<infer T> ? T : never;

/** @returns what is to be played, and what of it is odd */
function record({ startMs, decimals, lineEnd, epochs }: Recorded): {
  bytes: Buffer;
  counts: { bad_checksum: number; half: number; too_long: number };
} {
  let timeMs = startMs;
  const counts = { bad_checksum: 0, half: 0, too_long: 0 };
  const pieces: Uint8Array[] = [];
  for (const [plan, kinds] of epochs) {
    timeMs += plan.stepMs;
    for (const [n, sentence] of writeEpoch(plan, timeMs, decimals).entries())
      pieces.push(damaged(sentence, kinds[n]!, lineEnd, counts));
  }
  // One that is right in any case, so that there is something to play.
  pieces.push(Buffer.from(nmea('GPGSV,1,1,00').trim() + lineEnd));
  return { bytes: Buffer.concat(pieces), counts };
}

describe('nodes/gps: hostile recordings', () => {
  it('reads what is whole, where and when it was, and counts the rest', async function () {
    this.timeout(120_000);
    const property = fc.asyncProperty(recordings, async (recorded) => {
      const { bytes, counts } = record(recorded);
      const wanted = readPlainly(bytes.toString('latin1'), recorded.startMs, ARRIVAL_MS);
      const source = join(tempDir(), 'a.nmea');
      writeFileSync(source, bytes);
      const clock: Clock = { monotonicMs: () => 0, wallMs: () => ARRIVAL_MS };
      await using t = await testNode(Gps, { params: { source, speed: 0 }, provide: [[Clock, clock]] });
      await watchdog(t.finished(), 'the end');
      await t.stop();
      const given = fixes(t).map(({ latitude, longitude, altitude, status, stamp }) => ({
        atMs: stamp.sec * 1000 + stamp.nsec / 1e6,
        place: status === 'no_fix' ? 'unknown' : 'known',
        ...{ latitude, longitude, altitude },
      }));
      assert.equal(given.length, wanted.length);
      for (const [n, one] of given.entries()) {
        const { latitude, longitude, altitude, atMs, place } = wanted[n]!;
        assert.deepEqual([one.atMs, one.place], [atMs, place], `fix ${n}`);
        assertNear(one.latitude, latitude, 1e-10);
        assertNear(one.longitude, longitude, 1e-10);
        assertNear(one.altitude, altitude, 1e-6);
      }
      const { bad_checksum = 0, half = 0, too_long = 0, malformed } = t.log.at(-1)!.fields;
      assert.deepEqual({ bad_checksum, half, too_long, malformed }, { ...counts, malformed: undefined });
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('gives each moment once, however the bytes arrive', () => {
    const lengths = fc.infiniteStream(fc.integer({ min: 1, max: 400 }));
    fc.assert(
      fc.property(recordings, lengths, (recorded, chunks) => {
        const { bytes } = record(recorded);
        const given: (readonly number[])[] = [];
        const stream = new NmeaStream({
          counts: noCounts(),
          sentence: () => undefined,
          systems: () => undefined,
          epoch: ({ position, time }) => {
            if (position) given.push([time!, position.latitude, position.longitude]);
          },
        });
        for (let at = 0, end = 0; at < bytes.length; at = end) {
          end = at + (chunks.next().value as number);
          stream.push(bytes.subarray(at, end));
        }
        stream.flush();
        const wanted = readPlainly(bytes.toString('latin1'), recorded.startMs, ARRIVAL_MS);
        assert.deepEqual(
          given.map(([time]) => time! / 1e6),
          wanted.map(({ ofDayMs }) => ofDayMs),
        );
        for (const [n, [, latitude, longitude]] of given.entries()) {
          assertNear(latitude!, wanted[n]!.latitude, 1e-10);
          assertNear(longitude!, wanted[n]!.longitude, 1e-10);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('survives lines of megabytes without an end, before, between and after sentences', async () => {
    const long = (start: string): Buffer => Buffer.from(start + 'x,*'.repeat(400_000));
    const words = Buffer.concat([
      long('{"class":'),
      Buffer.from(gga({ time: '120000' })),
      long('$GPGGA,120001,'),
      Buffer.from(gga({ time: '120002' })),
      Buffer.alloc(1_000_000, 0xff),
      Buffer.from(gga({ time: '120003' })),
      Buffer.alloc(1_000_000, '$'),
      Buffer.from(gga({ time: '120004' }).slice(1)),
      long('#'),
    ]);
    const { fixes: all, total } = await play(words);
    assert.equal(all.length, 4);
    assert.equal(total['too_long'], 1);
    assert.equal(total['half'], 999_999);
    assert.equal(total['garbage_bytes'], 1_000_000);
  });

  it('believes no position that is said to be none, in whatever way that is said', async () => {
    const place = '4807.038,N,01131.000,E';
    const words = [
      gga({ time: '120000', quality: 0 }),
      rmc({ time: '120001', status: 'V' }),
      nmea(`GPRMC,120002,A,${place},1.0,2.0,230394,,,N`),
      nmea(`GPRMC,120003,V,${place},1.0,2.0,230394,,,A`),
      nmea(`GPRMC,120004,,${place},1.0,2.0,230394,,`),
      nmea(`GPGLL,${place},120005,V,N`),
      nmea(`GPGLL,${place},120006,A,N`),
      nmea(`GNGNS,120007,${place},NN,05,1.0,1.0,1.0,,`),
      nmea(`GNGNS,120008,${place},,05,1.0,1.0,1.0,,`),
      nmea('GPGGA,120009,,,,,1,05,1.0,1.0,M,1.0,M,,'),
      nmea('GPRMC,120010,A,,,,,1.0,2.0,230394,,,A'),
      nmea('GPGGA,,,,,,,,,,,,,,'),
      nmea('GPRMC,,V,,,,,,,,,,N'),
    ];
    const { fixes: all, velocities } = await play(words.join(''));
    // The last two are of one moment.
    assert.equal(all.length, 12);
    for (const [n, { status, latitude, longitude, altitude }] of all.entries())
      assert.deepEqual([status, latitude, longitude, altitude], ['no_fix', NaN, NaN, NaN], words[n]);
    assert.equal(velocities.length, 0);
  });

  it('takes each half of the world for what it is', async () => {
    const corners = ['S,E', 'S,W', 'N,W', 'N,E'].map((letters, n) => {
      const [north, east] = letters.split(',');
      return gga({
        time: `12000${n}`,
        latitude: `8959.9999999,${north}`,
        longitude: `17959.9999999,${east}`,
      });
    });
    const middle = gga({ time: '120004', latitude: '0000.0000001,S', longitude: '00000.0000001,W' });
    const { fixes: all } = await play(corners.join('') + middle + rmc({ time: '120005' }));
    const minute = 1e-7 / 60;
    const wanted = [
      [-90 + minute, 180 - minute],
      [-90 + minute, -180 + minute],
      [90 - minute, -180 + minute],
      [90 - minute, 180 - minute],
      [-minute, -minute],
    ];
    for (const [n, [latitude, longitude]] of wanted.entries()) {
      assertNear(all[n]!.latitude, latitude!, 1e-11);
      assertNear(all[n]!.longitude, longitude!, 1e-11);
    }
  });

  it('takes a date that no stamp can hold for none', async () => {
    const dates = ['010180', '060199', '180138', '190138', '311279', '010140', '000000', '999999'];
    const words = dates.map((date, n) => gga({ time: `12000${n}` }) + rmc({ time: `12000${n}`, date }));
    const years = ['1960', '1979', '2038', '2999', '9999', '0000'];
    const zda = years.map(
      (year, n) => nmea(`GPZDA,12001${n},20,01,${year},00,00`) + gga({ time: `12001${n}` }),
    );
    const { fixes: all } = await play(words.join('') + zda.join(''));
    const days = all.map((fix) => utc(fix).slice(0, 10));
    // What is known of the day stays.
    assert.deepEqual(days, ['1980-01-01', '1999-01-06', ...Array<string>(12).fill('2038-01-18')]);
  });

  it('is not confused by a leap second at midnight', async () => {
    const date = '311216';
    const words =
      ['235958', '235959', '235960'].map((time) => gga({ time }) + rmc({ time, date })).join('') +
      gga({ time: '000000' }) +
      rmc({ time: '000000', date: '010117' }) +
      gga({ time: '000001' });
    const { fixes: all, total } = await play(words);
    assert.deepEqual(all.map(utc), [
      '2016-12-31T23:59:58.000Z',
      '2016-12-31T23:59:59.000Z',
      // The time that is counted in stamps has no name for it: the second is there twice.
      '2017-01-01T00:00:00.000Z',
      '2017-01-01T00:00:00.000Z',
      '2017-01-01T00:00:01.000Z',
    ]);
    assert.equal(total['time_jumps'], undefined);
  });
});

function assertNear(given: number, wanted: number, tolerance: number): void {
  const isNear = Number.isNaN(wanted) ? Number.isNaN(given) : Math.abs(given - wanted) <= tolerance;
  assert.ok(isNear, `${given}, not ${wanted}`);
}
