import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CLI, REPO } from '../../support/repo.js';
import { withRatio, type Bench, type Report, type Result, type Times } from '../suite.js';
import { FRAME_BYTES } from './size.js';

const FILE = join(REPO, 'test/bench/workload/workload.yaml');
const COMPOSED = fileURLToPath(new URL('../workload/composed.js', import.meta.url));
const IMAGE_BYTES = [1080, FRAME_BYTES];
const SECONDS = 7;

/** A robot's traffic: seven producers, six consumers, launched from a file as a user would, and once all in one process. */
export async function workloadSuite(bench: Bench): Promise<Report> {
  const results: Result[] = [];
  for (const bytes of IMAGE_BYTES)
    for (const how of ['13 processes', 'one process'] as const)
      results.push(...(await measure(bench, bytes, how)));
  return {
    title:
      'from creation to view, per consumer: imu 1,000 Hz of 128 bytes, image 30 Hz, five topics at 40 to 44 Hz of 356 bytes; bytes ' +
      'are those of an image',
    results,
  };
}

async function measure(bench: Bench, bytes: number, how: '13 processes' | 'one process'): Promise<Result[]> {
  const { scene, floor } = bench;
  const [root, folder] = [scene.root(), scene.folder()];
  const args = [`image_bytes:=${bytes}`, `report:=${folder}`];
  const command =
    how === 'one process'
      ? [process.execPath, COMPOSED, FILE, root, String(SECONDS), ...args]
      : [process.execPath, CLI, 'launch', FILE, ...args, '--for', `${SECONDS}s`];
  await scene.run(command, { env: { BABUS_SHM: root, XDG_CACHE_HOME: scene.folder() } });
  const reports = readdirSync(folder).sort();
  if (reports.length !== 6) throw new Error(`6 consumers should have reported, ${reports.join(', ')} did`);
  const results = reports.map((name) => {
    const times = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Times & { readonly missed: number };
    const consumer = name.slice('takes_'.length, -'.json'.length).replaceAll('_', ' ');
    return withRatio(floor, {
      suite: 'workload',
      name: `${how}: ${consumer}`,
      size_bytes: bytes,
      mechanism: 'auto',
      pinning: 'none',
      ...times,
    });
  });
  scene.remove(root);
  scene.remove(folder);
  return results;
}
