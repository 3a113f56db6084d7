import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getPriority } from 'node:os';
import { onlineCpus } from '../../framework/launch/cpus.js';
import { runCli, spawnCli, tempDir, tempDomain, type TestProcess } from '../support/index.js';

describe('babus launch: scheduling and limits', () => {
  function launchFile(settings: string): string {
    const file = join(tempDir(), 'placed.yaml');
    writeFileSync(file, `nodes:\n  host: { use: babus/nodes/host-monitor, ${settings} }\n`);
    return file;
  }

  async function pidOfReady(launch: TestProcess): Promise<number> {
    const [, pid] = await launch.waitForOutput(/"event":"state","node":"host","state":"ready","pid":(\d+)/);
    return Number(pid);
  }

  const inDomain = (): { readonly env: Readonly<Record<string, string>> } => {
    const { root, domain } = tempDomain();
    return { env: { BABUS_SHM: root, BABUS_DOMAIN: domain } };
  };

  it('hold for every thread of a node', async () => {
    const cpu = onlineCpus().at(-1)!;
    const file = launchFile(`scheduling: { cpus: ${cpu}, nice: 4 }, limits: { core: 0, open_files: 300 }`);
    const launch = spawnCli(['launch', file, '--json'], inDomain());
    const pid = await pidOfReady(launch);
    for (const thread of readdirSync(`/proc/${pid}/task`)) {
      const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
      assert.match(status, new RegExp(`^Cpus_allowed_list:\\s+${cpu}$`, 'm'));
      assert.equal(getPriority(Number(thread)), 4);
    }
    const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
    assert.match(limits, /^Max core file size +0 +0 /m);
    assert.match(limits, /^Max open files +300 +300 /m);
    launch.kill('SIGINT');
    assert.equal((await launch.exit()).code, 0);
  });

  it('that the machine refuses keep a node from starting, unless they are optional', async () => {
    const refused = await runCli(['launch', launchFile('scheduling: { cpus: 4000 }')], inDomain());
    assert.equal(refused.code, 1);
    assert.match(
      refused.stdout,
      /host has failed for good: .*placed\.yaml:2:62: nodes\.host\.scheduling\.cpus was refused: .*optional: true/,
    );
    const file = launchFile('scheduling: { cpus: 4000, optional: true }');
    const launch = spawnCli(['launch', file, '--json'], inDomain());
    await pidOfReady(launch);
    assert.match(launch.stdout, /nodes\.host\.scheduling\.cpus was refused: .*it goes on without/);
    launch.kill('SIGINT');
    assert.equal((await launch.exit()).code, 0);
  });

  it('end a node that uses more memory than it may', async () => {
    const file = launchFile('limits: { memory: 100kB }, restart: { policy: never }');
    const ended = await runCli(['launch', file], inDomain());
    assert.equal(ended.code, 1);
    assert.match(
      ended.stdout,
      /host has failed for good: was ended by SIGKILL \(it used [0-9.]+MB of its own memory; nodes\.host\.limits\.memory is 100kB\)/,
    );
  });
});
