import { fileURLToPath } from 'node:url';
import type { Task, Timed } from '../ends/serializing.js';
import type { Bench, Report, Result } from '../suite.js';

const PROGRAM = fileURLToPath(new URL('../ends/serializing.js', import.meta.url));
/** Room enough that little is collected while bytes are counted. */
const ROOMY = ['--min-semi-space-size=64', '--max-semi-space-size=64'];

const BASELINE = 'typed arrays';
const ALL = ['typed arrays', 'babus', 'DataView', 'flatbuffers', 'cdr', 'msgpackr', 'JSON', 'protobuf'];
const NUMBERS = ['typed arrays, numbers alone', 'babus, numbers alone'];

const TASKS: readonly { readonly task: Task; readonly title: string; readonly names: readonly string[] }[] = [
  { task: 'read', title: 'read', names: [...ALL, ...NUMBERS] },
  { task: 'write', title: 'write', names: [...ALL, ...NUMBERS] },
  { task: 'row', title: 'image row', names: ALL },
];

/** What it costs to read and write messages, beside serializers and what can be written by hand. */
export async function schemaSuite({ scene }: Bench): Promise<Report> {
  const results: Result[] = [];
  for (const { task, title, names } of TASKS) {
    const p50 = new Map<string, number>();
    for (const name of names) {
      const timed = JSON.parse(await scene.run([process.execPath, ...ROOMY, PROGRAM, name, task])) as Timed;
      const sorted = Float64Array.from(timed.ns).sort();
      const at = (q: number): number => sorted[Math.floor(sorted.length * q)]! / 1000;
      p50.set(name, at(0.5));
      const base = p50.get(name.endsWith('alone') ? NUMBERS[0]! : BASELINE)!;
      results.push({
        suite: 'schema',
        name: `${title}: ${name}`,
        pinning: 'none',
        p50_us: at(0.5),
        p99_us: at(0.99),
        least_us: at(0),
        ratio_to_baseline: at(0.5) / base,
        bytes_per_message: timed.bytes,
      });
    }
  }
  return {
    title:
      'read all fields of an Imu; write them; read one row of an image of 640 x 480: per message, in batches. The baseline is ' +
      'the same bytes by typed arrays and known offsets. Serializers decode the whole message, as their readers must',
    results,
  };
}
