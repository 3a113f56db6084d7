import { formatTable } from '../../framework/tools/table.js';
import { formatCount, formatNs } from '../../framework/tools/units.js';
import type { Report, Result } from './suite.js';

type Cell = (result: Result) => string;

const time = (us: number | undefined): string => (us === undefined ? '' : formatNs(us * 1000));
const count = (value: number | undefined): string => (value === undefined ? '' : formatCount(value));
const ratio = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(2));

const COLUMNS: readonly (readonly [title: string, cell: Cell])[] = [
  ['what', ({ name }) => name],
  ['bytes', ({ size_bytes }) => count(size_bytes)],
  ['wake', ({ mechanism }) => mechanism ?? ''],
  ['pinned to', ({ pinning }) => pinning ?? ''],
  ['mean', ({ mean_us }) => time(mean_us)],
  ['p50', ({ p50_us }) => time(p50_us)],
  ['p99', ({ p99_us }) => time(p99_us)],
  ['p99.9', ({ p999_us }) => time(p999_us)],
  ['least', ({ least_us }) => time(least_us)],
  ['most', ({ most_us }) => time(most_us)],
  ['per second', ({ per_second }) => count(per_second === undefined ? undefined : Math.round(per_second))],
  ['x floor', ({ ratio_to_floor }) => ratio(ratio_to_floor)],
  ['x baseline', ({ ratio_to_baseline }) => ratio(ratio_to_baseline)],
];

/** What has a column of its own or is not worth one. */
const KNOWN = new Set([
  ...[
    'suite',
    'name',
    'size_bytes',
    'mechanism',
    'pinning',
    'samples',
    'mean_us',
    'p50_us',
    'p99_us',
    'p999_us',
  ],
  ...['least_us', 'most_us', 'per_second', 'ratio_to_floor', 'ratio_to_baseline'],
]);

/** A table with the columns that say anything; what is particular to a suite comes last. */
export function printReport({ title, results, missing = [] }: Report): void {
  const extras = new Set(results.flatMap((result) => Object.keys(result).filter((key) => !KNOWN.has(key))));
  const all = [
    ...COLUMNS,
    ...[...extras].map((key) => [key, (result: Result) => extraOf(result[key])] as const),
  ];
  const used = all.filter(([, cell]) => results.some((result) => cell(result) !== ''));
  console.log(`\n${title}\n`);
  console.log(
    formatTable(
      used.map(([column], at) => ({ title: column, align: at === 0 ? 'left' : 'right' })),
      results.map((result) => used.map(([, cell]) => cell(result))),
    ),
  );
  for (const { name, reason } of missing) console.log(`not measured: ${name}: ${reason}`);
}

function extraOf(value: string | number | undefined): string {
  if (typeof value !== 'number') return value ?? '';
  return Number.isInteger(value) ? String(value) : value.toPrecision(3);
}
