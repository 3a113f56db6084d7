import { join } from 'node:path';
import { NATIVE, buildPrograms } from './suites/core.js';
import type { Floor, Pinning, Report, Result, Times } from './suite.js';
import type { Scene } from './scene.js';

interface Line extends Times {
  readonly pinning: Pinning;
  readonly spinning: boolean;
}

/** Measures what everything else is compared with: two C++ processes that wake each other over a futex, and nothing else. */
export async function measureFloor(
  scene: Scene,
  pinnings: readonly Pinning[],
): Promise<{ floor: Floor; report: Report }> {
  await buildPrograms(scene);
  const lines: Line[] = [];
  for (const pinning of pinnings) lines.push(await measure(scene, pinning, false));
  if (pinnings.includes('two cores')) lines.push(await measure(scene, 'two cores', true));
  const floor: Partial<Record<Pinning, Times>> = {};
  for (const line of lines) if (!line.spinning) floor[line.pinning] = line;
  const results: Result[] = lines.map(({ spinning, ...line }) => ({
    suite: 'floor',
    name: spinning ? 'C++, spinning' : 'C++, futex',
    ...line,
    ratio_to_floor: line.p50_us / floor[line.pinning]!.p50_us,
  }));
  return {
    floor,
    report: { title: 'the floor: round trip of two C++ processes over one futex word each way', results },
  };
}

async function measure(scene: Scene, pinning: Pinning, spinning: boolean): Promise<Line> {
  const program = join(NATIVE, 'build', 'bench', 'floor');
  const out = await scene.run([program, pinning, spinning ? 'spin' : 'sleep']);
  return JSON.parse(out) as Line;
}
