/** `npm run bench [-- --only SUITE] [-- --json FILE]`: every figure with its ratio to a baseline of the same run. */
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { formatTable } from '../../framework/tools/table.js';
import { formatCount, formatNs } from '../../framework/tools/units.js';
import { publishersSuite, publishSuite, recoverySuite } from './core.js';
import { latencySuite } from './latency.js';
import type { Result, Suite } from './suite.js';

const SUITES: Readonly<Record<string, () => Suite | Promise<Suite>>> = {
  latency: latencySuite,
  publish: publishSuite,
  publishers: publishersSuite,
  recovery: recoverySuite,
};

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } });
const chosen = values.only === undefined ? Object.keys(SUITES) : [values.only];
if (chosen.some((name) => SUITES[name] === undefined)) {
  console.error(`no suite '${values.only}'; there are ${Object.keys(SUITES).join(', ')}`);
  process.exitCode = 2;
} else {
  const results: Result[] = [];
  for (const name of chosen) {
    const suite = await SUITES[name]!();
    print(suite);
    results.push(...suite.results);
  }
  if (values.json !== undefined)
    writeFileSync(values.json, JSON.stringify({ machine: machine(), results }, null, 2));
}

function print({ title, results }: Suite): void {
  const time = (us: number | undefined): string => (us === undefined ? '' : formatNs(us * 1000));
  const columns = ['what', 'bytes', 'p50', 'p99', 'least', 'most', 'ratio'];
  console.log(`\n${title}\n`);
  console.log(
    formatTable(
      columns.map((column, at) => ({ title: column, align: at === 0 ? 'left' : 'right' })),
      results.map((result) => [
        `${result.suite}: ${result.name}`,
        result.size_bytes === undefined ? '' : formatCount(result.size_bytes),
        time(result.p50_us),
        time(result.p99_us),
        time(result.least_us),
        time(result.most_us),
        result.ratio.toFixed(2),
      ]),
    ),
  );
}

function machine(): object {
  return { cpus: cpus().length, model: cpus()[0]?.model, node: process.version };
}
