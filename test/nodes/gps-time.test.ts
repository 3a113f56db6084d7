import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { Clock, testNode } from '../../framework/index.js';
import { noCounts } from '../../nodes/gps/counts.js';
import { NmeaStream } from '../../nodes/gps/nmea-stream.js';
import { Calendar, parseDate, parseTimeOfDay, timeBetween } from '../../nodes/gps/utc.js';
import { Gps } from '../../nodes/gps.js';
import { tempDir, until, watchdog } from '../support/index.js';
import { fixes, gga, nmea, play, rmc, utc, velocities } from './gps-kit.js';

const ARRIVAL_MS = Date.UTC(2031, 0, 2, 3, 4, 5, 678);

describe('nodes/gps: time', () => {
  it('takes the time of arrival until a date is told', async () => {
    const source = join(tempDir(), 'a.nmea');
    writeFileSync(source, gga({ time: '120000' }) + gga({ time: '120001' }) + rmc({ time: '120001' }));
    const clock: Clock = { monotonicMs: () => 0, wallMs: () => ARRIVAL_MS };
    await using t = await testNode(Gps, { params: { source, speed: 0 }, provide: [[Clock, clock]] });
    await watchdog(t.finished(), 'the end');
    assert.deepEqual(fixes(t).map(utc), [new Date(ARRIVAL_MS).toISOString(), '1994-03-23T12:00:01.000Z']);
  });

  /** What the node publishes of a recording while the clock stands still. */
  async function playedAt(words: string, speed: number): Promise<string[]> {
    const source = join(tempDir(), 'a.nmea');
    writeFileSync(source, words);
    const clock: Clock = { monotonicMs: () => performance.now(), wallMs: () => ARRIVAL_MS };
    await using t = await testNode(Gps, { params: { source, speed }, provide: [[Clock, clock]] });
    await watchdog(t.finished(), 'the end');
    assert.equal(fixes(t).length, velocities(t).length);
    for (const [i, fix] of fixes(t).entries()) assert.equal(utc(fix), utc(velocities(t)[i]!));
    return fixes(t).map(utc);
  }

  it('stamps the epoch that brings the first date with the time of the receiver, however late it comes', async () => {
    const arrival = new Date(ARRIVAL_MS).toISOString();
    const vtg = nmea('GPVTG,084.4,T,,M,022.4,N,041.5,K,A');
    for (const dateless of [0, 5, 9, 10, 11, 30])
      for (const [before, bringer] of [
        // A date field that is empty until then, or a sentence that comes now and then.
        [(time: string) => rmc({ time, date: '' }), (time: string) => rmc({ time })],
        [() => '', (time: string) => nmea(`GPZDA,${time},23,03,1994,00,00`)],
      ] as const)
        for (const speed of [0, 1000]) {
          const words = Array.from({ length: dateless + 3 }, (_, n) => {
            const time = `1200${String(n).padStart(2, '0')}`;
            const end = n < dateless ? before(time) : n === dateless ? bringer(time) : before(time);
            return gga({ time }) + vtg + end;
          });
          const stamps = await playedAt(words.join(''), speed);
          assert.deepEqual(
            stamps,
            words.map((_, n) =>
              n < dateless ? arrival : `1994-03-23T12:00:${String(n).padStart(2, '0')}.000Z`,
            ),
            `${dateless} without a date, speed ${speed}`,
          );
        }
  });

  it('waits for a sentence that may bring the date, though it comes by itself, and for no other', () => {
    const given: (readonly [time: number, day: number | undefined])[] = [];
    const stream = new NmeaStream({
      counts: noCounts(),
      sentence: () => undefined,
      systems: () => undefined,
      epoch: ({ time, day, position }) => given.push([position ? time! / 1e9 : NaN, day]),
    });
    const push = (...sentences: string[]): void => {
      for (const sentence of sentences) stream.push(Buffer.from(sentence));
    };
    const noon = 43_200;
    for (let n = 0; n < 15; n++) {
      const time = `1200${10 + n}`;
      push(gga({ time }), rmc({ time, date: '' }));
      // At first an epoch ends with the next one, then at once.
      assert.equal(given.length, n < 10 ? n : n + 1);
    }
    push(gga({ time: '120030' }));
    assert.equal(given.length, 15);
    push(rmc({ time: '120030' }));
    assert.deepEqual(given[15], [noon + 30, 8847]);
    // Not waited for any more.
    push(gga({ time: '120031' }), gga({ time: '120032' }), gga({ time: '120033' }));
    assert.deepEqual(given.slice(16), [
      [noon + 31, undefined],
      [noon + 32, undefined],
      [noon + 33, undefined],
    ]);
  });

  it('learns a date that comes after its epoch was given', () => {
    const days: (number | undefined)[] = [];
    const stream = new NmeaStream({
      counts: noCounts(),
      sentence: () => undefined,
      systems: () => undefined,
      epoch: ({ day }) => days.push(day),
    });
    for (let n = 0; n < 15; n++) stream.push(Buffer.from(gga({ time: `1200${10 + n}` })));
    assert.equal(days.length, 15);
    stream.push(Buffer.from(nmea('GPZDA,120024,23,03,1994,00,00')));
    assert.deepEqual(days.slice(14), [undefined, 8847]);
  });

  it('keeps sentences without a time with those that follow, also at the pace of the recording', async () => {
    const words = ['10', '11', '12', '13', '14'].map(
      (second) =>
        nmea('GPVTG,084.4,T,,M,022.4,N,041.5,K,A') +
        gga({ time: `1200${second}` }) +
        rmc({ time: `1200${second}` }),
    );
    const stamps = await playedAt(words.join(''), 1000);
    assert.deepEqual(
      stamps,
      ['10', '11', '12', '13', '14'].map((second) => `1994-03-23T12:00:${second}.000Z`),
    );
  });

  it('carries the date over midnight when the time comes before it', async () => {
    const words =
      [
        gga({ time: '235958.000' }) + rmc({ time: '235958.000', date: '311299' }),
        gga({ time: '235959.000' }) + rmc({ time: '235959.000', date: '311299' }),
        gga({ time: '000000.000' }),
        gga({ time: '000001.000' }) + rmc({ time: '000001.000', date: '010100' }),
      ].join('') + gga({ time: '000002.000' });
    const played = await play(words);
    assert.deepEqual(played.fixes.map(utc), [
      '1999-12-31T23:59:58.000Z',
      '1999-12-31T23:59:59.000Z',
      '2000-01-01T00:00:00.000Z',
      '2000-01-01T00:00:01.000Z',
      '2000-01-01T00:00:02.000Z',
    ]);
    assert.equal(played.total['time_jumps'], undefined);
  });

  it('takes a date from ZDA', async () => {
    const words = gga({ time: '120000' }) + nmea('GPZDA,120000,4,7,2024,00,00') + gga({ time: '120001' });
    assert.deepEqual((await play(words)).fixes.map(utc), [
      '2024-07-04T12:00:00.000Z',
      '2024-07-04T12:00:01.000Z',
    ]);
  });

  it('counts jumps, and goes on', async () => {
    const times = ['120000', '120001', '115900', '115901', '140000'];
    const words = times.map((time) => gga({ time }) + rmc({ time })).join('');
    const { fixes: all, total } = await play(words);
    assert.equal(all.length, 5);
    assert.equal(total['time_jumps'], 2);
  });

  it('does not wait for another time when the clock of the receiver stands still', async () => {
    const words = gga({ time: '120000' }) + rmc({ time: '120000' });
    assert.equal((await play(words.repeat(7))).fixes.length, 7);
    assert.equal((await play(gga({ time: '', quality: 0 }).repeat(7))).fixes.length, 7);
  });

  it('plays no faster than was recorded, again and again if told to', async () => {
    const source = join(tempDir(), 'a.nmea');
    const times = ['235959.90', '235959.95', '000000.00', '000000.05'];
    writeFileSync(source, times.map((time) => gga({ time }) + rmc({ time })).join(''));
    const start = performance.now();
    await using t = await testNode(Gps, { params: { source, loop: true } });
    await until(() => fixes(t).length >= 9, 'two rounds and one');
    // 4 steps of 50 ms in each round; timers may come a millisecond early.
    assert.ok(performance.now() - start > 390);
    assert.deepEqual(
      fixes(t)
        .slice(0, 8)
        .map((fix) => utc(fix).slice(11, 23)),
      [...times, ...times].map((time) => `${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}0`),
    );
    assert.equal(velocities(t).length, fixes(t).length);
  });

  it('stops at once, however long the next sentence is away', async () => {
    const source = join(tempDir(), 'a.nmea');
    writeFileSync(source, gga({ time: '120000' }) + gga({ time: '120059' }));
    const t = await testNode(Gps, { params: { source, speed: 0.001 } });
    await until(() => fixes(t).length === 1, 'the first fix');
    await watchdog(t.stop(), 'the end');
    assert.equal(fixes(t).length, 1);
  });

  it('reads times and dates as Date does', () => {
    const dates = fc.date({ min: new Date('1980-01-06'), max: new Date('2038-01-18'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        const [, year, month, day, hour, minute, rest] =
          /^..(\d\d)-(\d\d)-(\d\d)T(\d\d):(\d\d):([\d.]+)Z$/.exec(date.toISOString())!;
        const time = parseTimeOfDay(`${hour}${minute}${rest}`)!;
        const days = parseDate(`${day}${month}${year}`)!;
        assert.equal(new Calendar().resolve(time, days), BigInt(date.getTime()) * 1_000_000n);
      }),
    );
    for (const wrong of ['', '12', '240000', '126000', '120061', '12000a', '1200001', '-20000', '120000,5'])
      assert.equal(parseTimeOfDay(wrong), undefined, wrong);
    for (const wrong of ['', '000000', '310224', '320124', '011324', 'ab0124', '0101', '0101020'])
      assert.equal(parseDate(wrong), undefined, wrong);
    assert.equal(parseTimeOfDay('000001.000000001'), 1_000_000_001);
    assert.equal(parseTimeOfDay('235960.5'), 86_400_500_000_000);
  });

  it('finds the shorter way from one time of day to another', () => {
    const [evening, morning] = [parseTimeOfDay('235959')!, parseTimeOfDay('000001')!];
    assert.equal(timeBetween(evening, morning), 2e9);
    assert.equal(timeBetween(morning, evening), -2e9);
    assert.equal(timeBetween(morning, morning), 0);
  });
});
