import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCli, spawnCli, tempDir, tempDomain } from '../support/index.js';

describe('babus start, stop and restart NODE', () => {
  it('act on nodes of a running launch, and wait for what comes of it', async () => {
    const file = join(tempDir(), 'a.yaml');
    writeFileSync(
      file,
      'nodes:\n  host: { use: babus/nodes/host-monitor }\n  other: { use: babus/nodes/host-monitor, ports: { telemetry: other } }\n',
    );
    const { root, domain } = tempDomain();
    const env = { BABUS_SHM: root, BABUS_DOMAIN: domain };
    const launch = spawnCli(['launch', file, '--json'], { env });
    for (const node of ['host', 'other'])
      await launch.waitForOutput(new RegExp(`"node":"${node}","state":"ready"`));
    const babus = async (
      ...words: string[]
    ): Promise<{ code: number | null; stdout: string; stderr: string }> => runCli(words, { env });
    assert.deepEqual(await babus('stop', 'host'), {
      code: 0,
      signal: null,
      stdout: 'host has stopped\n',
      stderr: '',
    });
    const { stdout } = await babus('node', 'list', '--json');
    assert.match(stdout, /"node":"host","pid":null,"state":"stopped"/);
    assert.match(stdout, /"node":"other","pid":\d+,"state":"ready"/);
    assert.match((await babus('start', 'host')).stdout, /^host is ready \(pid \d+\)\n$/);
    const restarted = await babus('restart', 'host', 'other', '--json');
    assert.equal(restarted.code, 0);
    assert.match(
      restarted.stdout,
      /^{"node":"host","state":"ready","pid":\d+}\n{"node":"other","state":"ready","pid":\d+}\n$/,
    );
    const unknown = await babus('restart', 'hots');
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /no node 'hots' in domain '.*'; did you mean 'host'\?/);
    assert.equal((await babus('stop', 'host', '--all')).code, 2);
    launch.kill('SIGINT');
    assert.equal((await launch.exit()).code, 0);
  });
});
