import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { spawnNode, tempDomain } from '../support/index.js';

const STORM = fileURLToPath(new URL('node-storm.js', import.meta.url));

describe('stress: node processes and their workers', () => {
  it('are killed, stopped and terminated anywhere for some seconds, and hurt nobody (npm run test:stress does it for longer)', async () => {
    const storm = spawnNode(STORM, [tempDomain().root], { env: { BABUS_STRESS_MINUTES: '0.05' } });
    const { code } = await storm.exit();
    assert.equal(code, 0, storm.stderr);
    const tally = JSON.parse(storm.stdout.replace('node storm: ', '')) as Record<string, number>;
    assert.ok(tally['kills']! > 0 && tally['taken']! > 0, storm.stdout);
  });
});
