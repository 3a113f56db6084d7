import { fileURLToPath } from 'node:url';
import type { StreamOptions } from '../ends/stream.js';
import { pinned } from '../pinning.js';
import { timesOf, withoutWarmUp } from '../statistics.js';
import { withRatio, type Bench, type Pinning, type Report, type Result, type Times } from '../suite.js';

const PROGRAM = fileURLToPath(new URL('../ends/stream.js', import.meta.url));
const BYTES = 64;
const FAN_OUT = [1, 2, 4, 8];
/** Messages a second, and how many of them come without pause. */
const LOADS = [
  { burst: 1, everyMs: 1, messages: 3000 },
  { burst: 20, everyMs: 1, messages: 40_000 },
  { burst: 100, everyMs: 1, messages: 200_000 },
] as const;

type Flow = Pick<StreamOptions, 'burst' | 'everyMs' | 'messages'>;

/** One publisher and 1 to 8 subscribers, each in a process of its own. */
export async function fanOutSuite(bench: Bench): Promise<Report> {
  const results: Result[] = [];
  for (const subscribers of FAN_OUT) {
    const flow = { burst: 1, everyMs: 2, messages: 1000 };
    const name = `${subscribers} subscriber${subscribers > 1 ? 's' : ''}`;
    results.push(await oneWay(bench, 'fanout', name, subscribers, flow, 'none'));
  }
  return {
    title:
      'from creation to the handler, 64 bytes every 2 ms, all subscribers taken together; publish_us is what one publish took ' +
      'the publisher, waking included',
    results,
  };
}

/** How old messages are when they come fast. */
export async function loadSuite(bench: Bench): Promise<Report> {
  const results: Result[] = [];
  for (const flow of LOADS)
    for (const pinning of bench.pinnings) {
      const name = `${flow.burst} together, every ${flow.everyMs} ms`;
      results.push(await oneWay(bench, 'load', name, 1, flow, pinning));
    }
  return { title: 'from creation to the handler, one way, under load, 64 bytes', results };
}

async function oneWay(
  bench: Bench,
  suite: string,
  name: string,
  subscribers: number,
  flow: Flow,
  pinning: Pinning,
): Promise<Result> {
  const { root, publisher, started } = stream(bench, subscribers, flow);
  const readers = Array.from({ length: subscribers }, (_, index) =>
    started('subscriber', `reader_${index}`, pinning, 1),
  );
  const [published, ...texts] = await Promise.all([publisher(pinning), ...readers]);
  bench.scene.remove(root);
  const parts = texts.map((text) => JSON.parse(text) as { ages: number[]; missed: number });
  const ages = parts.flatMap((part) => [...withoutWarmUp(Float64Array.from(part.ages))]);
  return withRatio(bench.floor, {
    suite,
    name,
    size_bytes: BYTES,
    mechanism: bench.mechanisms[0]!,
    pinning,
    ...timesOf(Float64Array.from(ages)),
    publish_us: (JSON.parse(published) as Times).p50_us,
    missed: parts.reduce((sum, { missed }) => sum + missed, 0),
  });
}

/** The programs of one stream. The publisher waits for its readers, so they may be started in any order. */
function stream({ scene, mechanisms }: Bench, subscribers: number, flow: Flow) {
  const root = scene.root();
  const started = (
    role: StreamOptions['role'],
    name: string,
    pinning: Pinning,
    end: 0 | 1,
  ): Promise<string> => {
    const options: StreamOptions = {
      role,
      root,
      name,
      mechanism: mechanisms[0]!,
      subscribers,
      ...flow,
    };
    return scene.run(pinned(pinning, end, [process.execPath, PROGRAM, JSON.stringify(options)]));
  };
  const publisher = (pinning: Pinning): Promise<string> => started('publisher', 'publisher', pinning, 0);
  return { root, publisher, started };
}
