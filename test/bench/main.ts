/**
 * `npm run bench [-- --only SUITE] [--json FILE] [--mechanism NAME,...]`: every figure of a run beside the floor of the same run.
 * Exit code 1 when a suite failed (the others still run), 2 for a wrong argument.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { measureFloor } from './floor.js';
import { describeMachine } from './machine.js';
import { findPinnings } from './pinning.js';
import { wakeOf } from './mechanism.js';
import { printReport } from './report.js';
import { Scene } from './scene.js';
import { SUITES } from './suites/index.js';
import type { Bench, Floor, Missing, Pinning, Result } from './suite.js';

interface Failure {
  readonly suite: string;
  readonly error: string;
}

const options = {
  only: { type: 'string' },
  json: { type: 'string' },
  mechanism: { type: 'string' },
} as const;
const scene = new Scene();
for (const [signal, code] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)
  process.once(signal, () => void scene.clear().finally(() => process.exit(code)));

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
} finally {
  await scene.clear();
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options });
  const chosen = values.only?.split(',') ?? Object.keys(SUITES);
  const unknown = chosen.find((name) => SUITES[name] === undefined);
  if (unknown !== undefined)
    throw new Error(`--only ${unknown}: there is no such suite; there are ${Object.keys(SUITES).join(', ')}`);
  const mechanisms = values.mechanism?.split(',') ?? ['auto'];
  mechanisms.forEach(wakeOf);
  const { pinnings, why } = findPinnings();
  if (why !== undefined) console.log(why);
  const { floor, report } = await measureFloor(scene, pinnings);
  printReport(report);
  const bench: Bench = { scene, floor, pinnings, mechanisms };
  const results: Result[] = [...report.results];
  const missing: Missing[] = [];
  const failures: Failure[] = [];
  for (const name of chosen)
    try {
      const measured = await SUITES[name]!(bench);
      printReport(measured);
      results.push(...measured.results);
      missing.push(...(measured.missing ?? []));
    } catch (error) {
      failures.push({ suite: name, error: error instanceof Error ? error.message : String(error) });
      console.error(`\n${name} FAILED: ${failures.at(-1)!.error}`);
    }
  if (values.json !== undefined) {
    const machine = describeMachine();
    const data = { machine, floor: floorOf(floor, pinnings), results, missing, failures };
    writeFileSync(values.json, `${JSON.stringify(data, null, 2)}\n`);
  }
  return failures.length > 0 ? 1 : 0;
}

/** The one that most figures are compared with: both ends on one core, where that can be had. */
function floorOf(floor: Floor, pinnings: readonly Pinning[]): object {
  const pinning = pinnings[0]!;
  return { ...floor[pinning], pinning };
}
