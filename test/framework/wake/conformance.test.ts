import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { native, type WakeOptions } from '../../../framework/native.js';
import { spawnNode, tempDomain } from '../../support/index.js';
import { endings } from './endings.js';
import { idling } from './idling.js';
import { ordering } from './ordering.js';
import { quiet } from './quiet.js';
import { races } from './races.js';
import { serving } from './serving.js';

const PEER = fileURLToPath(new URL('peer.js', import.meta.url));
const ENDS_BADLY = 'an uncaught exception ends the process';
const SCENARIOS = [
  ...[serving, quiet, ordering, endings, idling, races].flatMap(Object.keys),
  'no wake is lost',
];

const WAYS: readonly WakeOptions[] = [
  { mode: 'loop' },
  { mode: 'doorbell' },
  { mode: 'thread' },
  { mode: 'loop', spinUs: 50 },
  { mode: 'doorbell', spinUs: 50 },
  { mode: 'thread', spinUs: 50, spinWhile: 'busy' },
];

for (const wake of WAYS)
  describe(`event loop, woken by ${Object.values(wake).join(' ')}`, () => {
    for (const scenario of SCENARIOS)
      it(scenario, async () => {
        const { root } = tempDomain();
        const child = spawnNode(PEER, [root, JSON.stringify(wake), scenario]);
        const exit = await child.exit();
        if (scenario === ENDS_BADLY) {
          assert.deepEqual(exit, { code: 1, signal: null }, child.output());
          assert.match(child.stderr, /nobody catches this/);
        } else {
          assert.deepEqual(exit, { code: 0, signal: null }, child.output());
          assert.match(child.stdout, /ok\n/, child.output());
        }
        assert.deepEqual(living(root), []);
      });
  });

function living(root: string): string[] {
  return native()
    .inspect(root, 'test')
    .participants.filter(({ alive }) => alive)
    .map(({ name }) => name);
}
