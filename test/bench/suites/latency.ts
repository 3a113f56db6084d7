import { measureRoundTrip } from '../ends/measure.js';
import type { Bench, Report, Result } from '../suite.js';

const BYTES = 64;
const ROUNDS = 20_000;

/** Round trips of the smallest messages: what it costs to be woken, by mechanism and by pinning. */
export async function latencySuite(bench: Bench): Promise<Report> {
  const results: Result[] = [];
  for (const mechanism of bench.mechanisms)
    for (const pinning of bench.pinnings) {
      const wanted = { suite: 'latency', transport: 'babus', bytes: BYTES, rounds: ROUNDS } as const;
      results.push(await measureRoundTrip(bench, { ...wanted, pinning, mechanism }));
    }
  return { title: `round trip between two Node processes, ${BYTES} bytes, callback to callback`, results };
}
