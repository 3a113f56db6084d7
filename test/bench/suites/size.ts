import { measureRoundTrip } from '../ends/measure.js';
import type { Bench, Report, Result } from '../suite.js';

export const FRAME_BYTES = 6_220_800; // 1920 x 1080 pixels of 3 bytes
const SIZES_BYTES = [64, 4096, 65_536, 1_048_576, FRAME_BYTES, 33_554_432];
const ROUNDS = 10_000;

/** Round trips against size: nothing is copied, so they must not grow. */
export async function sizeSuite(bench: Bench): Promise<Report> {
  const results: Result[] = [];
  for (const bytes of SIZES_BYTES)
    for (const pinning of bench.pinnings.filter((one) => one !== 'two cores')) {
      const [mechanism] = bench.mechanisms;
      const wanted = { suite: 'size', transport: 'babus', bytes, rounds: ROUNDS } as const;
      results.push(await measureRoundTrip(bench, { ...wanted, pinning, mechanism: mechanism! }));
    }
  return { title: 'round trip between two Node processes, by size; loaned, payload not rewritten', results };
}
