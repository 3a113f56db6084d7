import { measureBabus, type Reader } from './babus-peer.js';
import { measureSocket } from './socket-peer.js';
import type { Result, Suite } from './suite.js';

const SIZES_BYTES = [64, 6_220_800];
const MESSAGES = 500;

/**
 * What a message costs from publish to callback, between two processes, at 64 bytes and at the size of a 1920x1080 RGB frame. The
 * payload is not rewritten between messages, so what is left is the cost of passing it on: with no copy it must not grow with
 * the size. Baselines in the same run: the same with one copy in the reader, and a Unix socket.
 */
export async function latencySuite(): Promise<Suite> {
  const measured: Omit<Result, 'ratio'>[] = [];
  for (const bytes of SIZES_BYTES) {
    const readers: readonly Reader[] = ['in place', 'one copy'];
    for (const reader of readers)
      measured.push(summarise(`babus, ${reader}`, bytes, await measureBabus(bytes, MESSAGES, reader)));
    measured.push(summarise('unix socket', bytes, await measureSocket(bytes, MESSAGES)));
  }
  const baseline = measured[0]!.p50_us;
  return {
    title: `publish to callback: ${MESSAGES} messages each, one every 5 ms, two processes, not pinned; ratio to babus at 64 bytes`,
    results: measured.map((result) => ({ ...result, ratio: result.p50_us / baseline })),
  };
}

function summarise(name: string, bytes: number, latenciesNs: Float64Array): Omit<Result, 'ratio'> {
  const sorted = latenciesNs.slice().sort();
  const at = (q: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]! / 1000;
  return { suite: 'latency', name, size_bytes: bytes, p50_us: at(0.5), p99_us: at(0.99) };
}
