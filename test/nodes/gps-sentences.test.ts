import assert from 'node:assert/strict';
import fc from 'fast-check';
import { noCounts, type Counts } from '../../nodes/gps/counts.js';
import { Framer } from '../../nodes/gps/framer.js';
import { readSentence, type Sentence } from '../../nodes/gps/sentence.js';
import { gga, nmea, plainPositions, play, rmc } from './gps-kit.js';

const digits = (value: number, length: number): string => String(value).padStart(length, '0');

/** ddmm.mmmm with as many decimals as receivers write, and its hemisphere. */
const coordinate = (degrees: number, most: number, hemispheres: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.integer({ min: 0, max: most - 1 }),
      fc.integer({ min: 0, max: 59 }),
      fc.stringMatching(/^\d{0,8}$/),
      fc.constantFrom(...hemispheres),
    )
    .map(
      ([whole, minutes, decimals, hemisphere]) =>
        `${digits(whole, degrees)}${digits(minutes, 2)}${decimals && `.${decimals}`},${hemisphere}`,
    );

const moments = fc.record({
  time: fc
    .tuple(fc.nat(23), fc.nat(59), fc.nat(59), fc.nat(999))
    .map(([h, m, s, ms]) => `${digits(h, 2)}${digits(m, 2)}${digits(s, 2)}.${digits(ms, 3)}`),
  talker: fc.constantFrom('GP', 'GN', 'GL', 'GA', 'GB', 'BD', 'GQ', 'GI', 'IN', 'QZ', 'ZZ'),
  latitude: coordinate(2, 90, 'NS'),
  longitude: coordinate(3, 180, 'EW'),
  quality: fc.integer({ min: 1, max: 8 }),
  height: fc.integer({ min: -99_999, max: 999_999 }).map((decimetres) => (decimetres / 10).toFixed(1)),
  separation: fc.integer({ min: -1100, max: 900 }).map((decimetres) => (decimetres / 10).toFixed(1)),
});

/** The sentences that a framer finds, given its bytes in chunks of some length. */
function frame(bytes: Uint8Array, length = bytes.length): { found: string[]; counts: Counts } {
  const counts = noCounts();
  const framer = new Framer(counts);
  const found: string[] = [];
  for (let at = 0; at < bytes.length; at += length)
    found.push(...framer.push(bytes.subarray(at, at + length)));
  return { found: [...found, ...framer.end()], counts };
}

function read(body: string): Sentence {
  const sentence = readSentence(nmea(body).trim());
  if (typeof sentence === 'string') assert.fail(`${body} is ${sentence}`);
  return sentence;
}

describe('nodes/gps: sentences', () => {
  it('reads positions as a plain reading of the fields does, for every talker', () => {
    fc.assert(
      fc.property(moments, (moment) => {
        const words = gga(moment);
        const { position, key } = readSentence(words.trim()) as Sentence;
        const [[latitude, longitude, altitude] = [0, 0, 0]] = plainPositions(words);
        assert.ok(Math.abs(position!.latitude - latitude) < 1e-9);
        assert.ok(Math.abs(position!.longitude - longitude) < 1e-9);
        assert.ok(Math.abs(position!.altitude - altitude) < 1e-6);
        assert.equal(key, `${moment.talker}GGA`);
      }),
    );
  });

  it('finds the same sentences however the bytes are cut, and whatever lies between them', () => {
    const noise = fc
      .uint8Array({ maxLength: 40 })
      .map((bytes) => bytes.filter((b) => b !== 0x24 && b !== 0x21));
    const parts = fc.array(fc.tuple(moments, noise), { maxLength: 8 });
    fc.assert(
      fc.property(parts, fc.integer({ min: 1, max: 50 }), (all, length) => {
        const bytes = Buffer.concat(all.flatMap(([moment, bad]) => [Buffer.from(gga(moment)), bad]));
        const { found, counts } = frame(bytes, length);
        assert.deepEqual(
          found,
          all.map(([moment]) => gga(moment).trim()),
        );
        assert.deepEqual({ ...counts, garbage_bytes: 0 }, noCounts());
      }),
    );
  });

  it('survives anything', () => {
    const pieces = fc.constantFrom(
      '$',
      '*',
      ',',
      '\r\n',
      'GPGGA',
      'GPRMC',
      'GNGSA',
      'VTG',
      '1',
      '.',
      'N',
      'é',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ maxLength: 5 }))), (all) => {
        const body = all.join('');
        frame(Buffer.from(body));
        readSentence(nmea(`GPGGA,${body}`).trim());
        readSentence(nmea(body).trim());
      }),
      { numRuns: 1000 },
    );
    for (const odd of ['GPtoString,1', 'GP__proto__', 'GPconstructor,a', 'GPVTG,toString', ''])
      assert.equal(typeof readSentence(nmea(odd).trim()), 'string', odd);
  });

  it('counts what it leaves out, and reads on', async () => {
    const good = (second: number): string => gga({ time: `1200${second}`, height: `${second}.0` });
    const words = Buffer.concat([
      Buffer.from('19.000,4807.038,N*00\r\n'), // The rest of a sentence from before: no oddity.
      Buffer.from('# a comment with $GPGGA in it\r\n'),
      Buffer.from(good(10)),
      Buffer.from(good(11).replace('4807.038', '4807.039')), // Checksum.
      Buffer.from(good(12).slice(0, 30)), // Half, the next one follows at once.
      Buffer.from(good(13)),
      Buffer.from(good(14).slice(0, 40) + '\r\n'), // Half.
      Buffer.from([0xb5, 0x62, 0x01, 0x07, 0x00, 0xff]), // UBX.
      Buffer.from(good(15)),
      Buffer.from(good(16).slice(0, 20) + '\0' + good(16).slice(20)), // Half, and the rest of it is garbage.
      Buffer.from(`$GPGGA,${'1'.repeat(300)}*00\r\n`),
      Buffer.from(nmea('GPGGA,120017,4860.000,N,01131.000,E,1,08,0.9,1.0,M,1.0,M,,')), // 60 minutes.
      Buffer.from(nmea('GPGGA,120017,4807.000,,01131.000,E,1,08,0.9,1.0,M,1.0,M,,')),
      Buffer.from(nmea('GPGGA,120017,4807.000,N')),
      Buffer.from(nmea('GPGGA,120017,4807.000,N,01131.000,E,1,08,0.9,1x4,M,1.0,M,,')),
      Buffer.from(nmea('GPXYZ,1') + nmea('PUBX,00,1') + nmea('GPGSV,1,1,00')),
      Buffer.from(good(18).replace('\r\n', '')), // The end of the file instead of a line's.
    ]);
    const { fixes, total } = await play(words);
    assert.deepEqual(
      fixes.map(({ altitude }) => Math.round(altitude - 46.9)),
      [10, 13, 15, 18],
    );
    const { sentences, fixes: _, garbage_bytes, ...odd } = total;
    assert.equal(sentences, 5);
    assert.deepEqual(odd, { bad_checksum: 1, half: 3, too_long: 1, malformed: 4, unknown: 2 });
    assert.equal(garbage_bytes, 6 + 1 + good(16).trim().length - 20);
  });

  it('takes sentences of fewer and more fields than the standard has', () => {
    const { position } = read('GPGGA,120000,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M');
    assert.equal(position?.altitude, 545.4 + 46.9);
    assert.equal(
      read('GPGGA,120000,4807.038,N,01131.000,E,1,08,0.9,545.4,M,46.9,M,,,,9').position?.hdop,
      0.9,
    );
    for (const end of ['', ',', ',,', ',,,A', ',,,D,V', ',,,?', ',,,C,V,1'])
      assert.equal(read(`GPRMC,120000,A,4807.038,N,01131.000,E,1.0,2.0,230394${end}`).day, 8847);
    assert.ok(Math.abs(read('GPVTG,084.4,T,,M,022.4,N,041.5,K').motion!.speed - 11.5236) < 1e-3);
    assert.equal(read('GPVTG,,,,,,,,,N').motion, undefined);
  });

  it('reads the position of all systems together', () => {
    const { position, systems } = read('GNGNS,120000,4807.038,S,01131.000,W,ANDN,12,0.8,545.4,-46.9,,');
    assert.deepEqual(position, {
      quality: 'differential',
      latitude: -(48 + 7.038 / 60),
      longitude: -(11 + 31 / 60),
      altitude: 545.4 - 46.9,
      hdop: 0.8,
      rank: 2,
    });
    assert.deepEqual(
      [...systems!],
      [
        ['GPS', true],
        ['GLONASS', false],
        ['Galileo', true],
        ['BeiDou', false],
      ],
    );
    assert.equal(read('GNGNS,,,,,,NNN,,,,,,').position?.quality, 'none');
  });

  it('tells which systems are in use', async () => {
    const time = '120000';
    const gsa = (talker: string, numbers: string, system = ''): string => {
      const used = Array.from({ length: 12 }, (_, n) => numbers.split(' ')[n] ?? '');
      return nmea(`${talker}GSA,A,3,${used.join(',')},1.8,1.1,1.5${system}`);
    };
    const service = async (talker: string, ...sentences: string[]): Promise<number> => {
      const { fixes } = await play(gga({ time, talker }) + sentences.join('') + rmc({ time, talker }));
      return fixes[0]!.service;
    };
    assert.equal(await service('GP'), 1);
    assert.equal(await service('GL'), 2);
    assert.equal(await service('BD'), 4);
    assert.equal(await service('GB'), 4);
    assert.equal(await service('GA'), 8);
    assert.equal(await service('GN'), 0);
    assert.equal(await service('GN', gsa('GN', '01 02'), gsa('GN', '65 70')), 3);
    assert.equal(
      await service('GN', gsa('GN', '01', ',1'), gsa('GN', '05', ',3'), gsa('GN', '07', ',4')),
      13,
    );
    assert.equal(await service('GN', gsa('GP', '01'), gsa('GL', ''), gsa('GB', '07')), 5);
  });
});
