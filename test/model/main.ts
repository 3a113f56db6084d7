/** `npm run test:model [-- NAME...]`: every model, good and broken, or those whose model or defines hold a NAME. */
import { formatTable } from '../../framework/tools/table.js';
import { formatCount } from '../../framework/tools/units.js';
import { CASES } from './cases.js';
import { check, missingTool } from './check.js';

const names = process.argv.slice(2);
const chosen = CASES.filter(
  ({ model, defines }) => names.length === 0 || names.some((name) => `${model} ${defines}`.includes(name)),
);
const missing = missingTool();
if (missing !== undefined) {
  console.error(`test:model: ${missing}`);
  console.log(`0 passed, 0 failed, ${chosen.length} skipped`);
  process.exit(1);
}

let failed = 0;
const rows: string[][] = [];
for (const each of chosen) {
  const verdict = check(each);
  if (!verdict.passed) failed++;
  const wanted = each.violates !== undefined ? 'fails' : 'holds';
  console.log(`${verdict.passed ? 'ok' : 'WRONG'}: ${each.model} ${each.defines}: ${verdict.found}`);
  rows.push([
    each.model,
    each.defines,
    wanted,
    verdict.passed ? 'yes' : 'NO',
    formatCount(verdict.states),
    verdict.seconds.toFixed(1),
    verdict.mebibytes.toFixed(0),
  ]);
}
const columns = ['model', 'defines', 'should', 'does', 'states', 's', 'MiB'];
console.log(
  formatTable(
    columns.map((title, at) => ({ title, align: at < 4 ? 'left' : 'right' })),
    rows,
  ),
);
console.log(`${chosen.length - failed} passed, ${failed} failed, 0 skipped`);
process.exitCode = failed > 0 || chosen.length === 0 ? 1 : 0;
