/**
 * `npm run bench`: what a message costs from publish to callback, between two processes, at 64 bytes and at the size of a
 * 1920x1080 RGB frame. The payload is not rewritten between messages, so what is left is the cost of passing it on: with no
 * copy it must not grow with the size. Baselines in the same run: the same with one copy in the reader, and a Unix socket.
 */
import { formatTable } from '../../framework/tools/table.js';
import { formatCount, formatNs } from '../../framework/tools/units.js';
import { measureBabus, type Reader } from './babus-peer.js';
import { measureSocket } from './socket-peer.js';

const SIZES_BYTES = [64, 6_220_800];
const MESSAGES = 500;

interface Result {
  readonly name: string;
  readonly bytes: number;
  readonly p50Ns: number;
  readonly p99Ns: number;
}

function summarise(name: string, bytes: number, latenciesNs: Float64Array): Result {
  const sorted = latenciesNs.slice().sort();
  const at = (q: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))]!;
  return { name, bytes, p50Ns: at(0.5), p99Ns: at(0.99) };
}

const results: Result[] = [];
for (const bytes of SIZES_BYTES) {
  const readers: readonly Reader[] = ['in place', 'one copy'];
  for (const reader of readers)
    results.push(summarise(`babus, ${reader}`, bytes, await measureBabus(bytes, MESSAGES, reader)));
  results.push(summarise('unix socket', bytes, await measureSocket(bytes, MESSAGES)));
}

const smallest = results.find(({ name, bytes }) => name === 'babus, in place' && bytes === SIZES_BYTES[0])!;
const columns = ['publish to callback', 'bytes', 'p50', 'p99', 'p50 / babus 64 B', 'p50 / babus same size'];
console.log(`${MESSAGES} messages each, one every 5 ms, two processes, not pinned\n`);
console.log(
  formatTable(
    columns.map((title, at) => ({ title, align: at === 0 ? 'left' : 'right' })),
    results.map(({ name, bytes, p50Ns, p99Ns }) => {
      const same = results.find((other) => other.name === 'babus, in place' && other.bytes === bytes)!;
      return [
        name,
        formatCount(bytes),
        formatNs(p50Ns),
        formatNs(p99Ns),
        (p50Ns / smallest.p50Ns).toFixed(2),
        (p50Ns / same.p50Ns).toFixed(2),
      ];
    }),
  ),
);
