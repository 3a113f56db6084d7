/**
 * Times one contestant at one task: `node serializing.js NAME TASK`; prints nanoseconds of batches and bytes allocated per call. A
 * process for each, so that none finds its functions compiled for another's objects.
 */
import { getHeapStatistics } from 'node:v8';
import { babusContestant } from './serializers/babus.js';
import { dataView, typedArrays } from './serializers/by-hand.js';
import { cdr } from './serializers/cdr.js';
import type { Contestant, ImuValues } from './serializers/contestant.js';
import { flatbuffers } from './serializers/flatbuffers.js';
import { json, msgpackr } from './serializers/objects.js';
import { protobuf } from './serializers/protobuf.js';

const CONTESTANTS: Readonly<Record<string, () => Contestant>> = {
  babus: () => babusContestant(true),
  'babus, numbers alone': () => babusContestant(false),
  'typed arrays': () => typedArrays(true),
  'typed arrays, numbers alone': () => typedArrays(false),
  DataView: () => dataView(true),
  JSON: json,
  protobuf,
  flatbuffers,
  msgpackr,
  cdr,
};

export type Task = 'read' | 'write' | 'row';

export interface Timed {
  /** Nanoseconds per call, of each batch. */
  readonly ns: number[];
  /** Of V8's heap and of what array buffers hold outside of it. */
  readonly bytes: number;
}

const WARM_UP_MS = 400;
const BATCH_MS = 2;
const BATCHES = 200;
/** At most. */
const COUNTED_CALLS = 1000;

const values: ImuValues = {
  sec: 1_700_000_000,
  nsec: 123_456_789,
  frameId: 'imu_link',
  orientation: Float64Array.of(0.1, 0.2, 0.3, 0.9),
  turning: Float64Array.of(0.01, -0.02, 0.03),
  pull: Float64Array.of(0.5, -0.25, 9.81),
  covariances: [new Float64Array(9).fill(0.1), new Float64Array(9).fill(0.2), new Float64Array(9).fill(0.3)],
};

const [name, task] = process.argv.slice(2) as [string, Task];
const contestant = CONTESTANTS[name]!();
contestant.writeImu(values);
check();
process.stdout.write(JSON.stringify(time()));

/** So that nobody is fast at something else. */
function check(): void {
  const numbers = [values.orientation, values.turning, values.pull, ...values.covariances];
  let sum = values.sec + values.nsec + (name.includes('numbers') ? 0 : values.frameId.length);
  for (const each of numbers) for (const value of each) sum += value;
  if (Math.abs(contestant.readImu() - sum) > 1e-6)
    throw new Error(`${name} reads ${contestant.readImu()}, not ${sum}`);
  let row = 0;
  for (let i = 0; i < 1920; i++) row += (240 * 1920 + i) & 255;
  if (contestant.readRow() !== row)
    throw new Error(`${name} reads a row of ${contestant.readRow()}, not ${row}`);
}

function time(): Timed {
  const sink = new Float64Array(1);
  const run = runOf(sink);
  let calls = 1;
  for (const until = performance.now() + WARM_UP_MS; performance.now() < until;) {
    const startMs = performance.now();
    run(calls);
    if (performance.now() - startMs < BATCH_MS) calls = Math.ceil(calls * 1.5);
  }
  const bytes = allocated(run, Math.min(COUNTED_CALLS, calls));
  const ns = Array.from({ length: BATCHES }, () => {
    const startMs = performance.now();
    run(calls);
    return ((performance.now() - startMs) * 1e6) / calls;
  });
  if (Number.isNaN(sink[0])) throw new Error('nothing was read');
  return { ns, bytes };
}

function runOf(sink: Float64Array): (calls: number) => void {
  if (task === 'write')
    return (calls) => {
      for (let i = 0; i < calls; i++) contestant.writeImu(values);
    };
  const read = task === 'read' ? () => contestant.readImu() : () => contestant.readRow();
  return (calls) => {
    for (let i = 0; i < calls; i++) sink[0]! += read();
  };
}

/** The median of some windows without those that a collection made negative. */
function allocated(run: (calls: number) => void, calls: number): number {
  const used = (): number => {
    const { used_heap_size: heap, external_memory: outside } = getHeapStatistics();
    return heap + outside;
  };
  // What looking takes itself, once it is compiled.
  const looks = Array.from({ length: 100 }, used);
  const own = Math.min(
    ...looks
      .slice(1)
      .map((bytes, at) => bytes - looks[at]!)
      .filter((bytes) => bytes >= 0),
  );
  const windows = Array.from({ length: 9 }, () => {
    const before = used();
    run(calls);
    return (used() - before - own) / calls;
  });
  const sound = windows.filter((bytes) => bytes > -1).sort((a, b) => a - b);
  if (sound.length === 0) throw new Error(`something was collected in each window: ${windows.join(', ')}`);
  return Math.max(0, sound[Math.floor(sound.length / 2)]!);
}
