/**
 * Run by garbage.test.ts in a process whose young generation is too large to be collected meanwhile: prints the bytes of
 * heap that each kind of access costs.
 */
import { Everything } from './fixtures/index.js';
import { Bench } from './kit.js';
import { everything } from './values.js';

const ROUNDS = 100_000;
const bench = new Bench(Everything);
const view = bench.put(everything);
const loan = new Bench(Everything).loan();
loan.lists.allocate('bytes', 4);

/** Results are small integers: a function that returns another number makes an object of it. */
const accesses: Record<string, (round: number) => number> = {
  numbers: () =>
    view.numbers.u8 + view.numbers.i32 + view.numbers.u32 + view.numbers.m + view.end > 0 ? 1 : 0,
  floats: () => (view.numbers.f64 + view.numbers.f32 + view.std_vector.x > 0 ? 1 : 0),
  nested: () => (view.vector.origin.x + view.stamp.sec + view.fixed.points.at(1).y > 0 ? 1 : 0),
  arrays: () => view.lists.bytes.length + view.fixed.bytes[0]! + view.lists.doubles.length,
  structs: () => (view.lists.parts.at(0).marks.length + view.lists.points.at(2).x > 0 ? 1 : 0),
  enums: () => (view.mode === 'drive' ? 1 : 0),
  'writing numbers': (round) => {
    loan.numbers.u32 = round;
    loan.numbers.i8 = round & 7;
    loan.numbers.f64 = round;
    loan.numbers.f32 = round;
    return 0;
  },
  'writing times': (round) => {
    loan.stamp.sec = round;
    loan.stamp.nsec = round;
    return 0;
  },
  'writing enums': () => {
    loan.mode = 'drive';
    return 0;
  },
  'writing arrays': (round) => {
    loan.lists.bytes[1] = round & 255;
    return 0;
  },
  'a new object each (to see that it is measured)': (round) =>
    Object.keys({ [`k${round & 7}`]: round }).length,
};

/** Bytes of heap that one call leaves behind, once the compiler is done with it. */
function bytesPerCall(access: (round: number) => number): number {
  let sum = 0;
  for (let warmUp = 0; warmUp < 5; warmUp++) for (let i = 0; i < ROUNDS; i++) sum += access(i);
  let least = Infinity;
  // The least of some: what V8 notes once about a large module is no call's garbage, which would be in each.
  for (let window = 0; window < 3; window++) {
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < ROUNDS; i++) sum += access(i);
    least = Math.min(least, process.memoryUsage().heapUsed - before);
  }
  return Number.isNaN(sum) ? NaN : least / ROUNDS;
}

const measured = Object.entries(accesses).map(([name, access]) => [name, bytesPerCall(access)]);
process.stdout.write(JSON.stringify(Object.fromEntries(measured)));
