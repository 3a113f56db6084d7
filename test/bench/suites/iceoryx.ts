import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { spawnSync, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { REPO } from '../../support/repo.js';
import { pinned } from '../pinning.js';
import { withRatio, type Bench, type Pinning, type Result, type Times } from '../suite.js';

const SOURCE = join(REPO, 'test/bench/peers/iceoryx.cc');
const HEADERS = '/usr/include/iceoryx/v2.0.3';
const HEADERS_ELSEWHERE = '/usr/include/iceoryx_posh';
const LIBRARIES = ['iceoryx_posh', 'iceoryx_hoofs', 'iceoryx_platform'];
const ROUNDS = 5000;

/** Chunk sizes and how many of each; the broker sets that memory aside when it starts. */
const POOLS = [
  [128, 1000],
  [6_300_000, 16],
] as const;

interface Case {
  readonly bytes: number;
  readonly pinning?: Pinning | undefined;
}

/** @returns why it cannot be measured here, if so */
export function whyNoIceoryx(): string | undefined {
  const isThere = spawnSync('iox-roudi', ['--version'], { stdio: 'ignore' }).error === undefined;
  if (!isThere || !(existsSync(HEADERS) || existsSync(HEADERS_ELSEWHERE)))
    return 'it is not here; on Debian: apt-get install iceoryx libiceoryx-posh-dev';
  return undefined;
}

/** C++ to C++: what a middleware without JavaScript takes. */
export async function measureIceoryx(bench: Bench, cases: readonly Case[]): Promise<Result[]> {
  const { scene } = bench;
  const folder = scene.folder();
  const program = join(folder, 'iceoryx');
  const include = existsSync(HEADERS) ? [`-I${HEADERS}`] : [];
  const libraries = LIBRARIES.map((name) => `-l${name}`);
  await scene.run(['g++', '-std=c++17', '-O2', ...include, SOURCE, '-o', program, ...libraries, '-pthread']);
  const config = join(folder, 'roudi.toml');
  writeFileSync(config, roudiConfig());
  const results: Result[] = [];
  for (const [index, { bytes, pinning = 'none' }] of cases.entries()) {
    const broker = scene.start(pinned(pinning, 1, ['iox-roudi', '-c', config]), {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    try {
      await ready(broker);
      const times = await pingPong(bench, program, pinning, bytes, `${process.pid}_${index}`);
      results.push(
        withRatio(bench.floor, { suite: 'peers', name: 'iceoryx', size_bytes: bytes, pinning, ...times }),
      );
    } finally {
      await scene.stop(broker);
    }
  }
  scene.remove(folder);
  return results;
}

async function pingPong(
  { scene }: Bench,
  program: string,
  pinning: Pinning,
  bytes: number,
  run: string,
): Promise<Times> {
  const end = (role: string): string[] => [program, role, String(ROUNDS), String(bytes), run];
  const [out] = await Promise.all([
    scene.run(pinned(pinning, 0, end('ping'))),
    scene.run(pinned(pinning, 1, end('echo'))),
  ]);
  return JSON.parse(out.trim().split('\n').at(-1)!) as Times;
}

async function ready(broker: ChildProcess): Promise<void> {
  const failed = once(broker, 'exit').then(() => {
    throw new Error('iox-roudi did not start; is another one running?');
  });
  const said = new Promise<void>((resolve) => {
    broker.stdout!.setEncoding('utf8').on('data', (text: string) => {
      if (text.includes('ready for clients')) resolve();
    });
  });
  failed.catch(() => undefined); // it ends later, when it is told to
  await Promise.race([said, failed]);
}

function roudiConfig(): string {
  const pools = POOLS.map(([size, count]) => `[[segment.mempool]]\nsize = ${size}\ncount = ${count}\n`);
  return `[general]\nversion = 1\n\n[[segment]]\n\n${pools.join('\n')}`;
}
