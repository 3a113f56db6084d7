import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { REPO, runCli, spawnCli, tempDomain, until } from '../support/index.js';

const DEMO = join(REPO, 'launch/demo.yaml');

interface SlotRow {
  readonly slot: string;
  readonly seq: number;
  readonly publishers: number;
  readonly subscribers: number;
}

describe('launch/demo.yaml', () => {
  it('passes full frames between processes and ends clean', async () => {
    const { root } = tempDomain();
    const env = { BABUS_SHM: root, BABUS_DOMAIN: undefined };
    const launch = spawnCli(['launch', DEMO, '--top'], { env });
    const slots = await until(async () => {
      const { code, stdout } = await runCli(['slot', 'list', '--json'], { env });
      if (code !== 0) return undefined;
      const rows = lines<SlotRow>(stdout);
      return rows.length === 3 && rows.every(({ seq }) => seq > 0) ? rows : undefined;
    }, 'three slots with messages');
    assert.deepEqual(
      slots.map(({ slot, publishers, subscribers }) => ({ slot, publishers, subscribers })),
      [
        { slot: 'camera/edges', publishers: 1, subscribers: 0 },
        { slot: 'camera/image', publishers: 1, subscribers: 1 },
        { slot: 'host/telemetry', publishers: 1, subscribers: 0 },
      ],
    );
    const { stdout } = await runCli(['slot', 'echo', 'camera/image', '--once'], { env });
    assert.match(stdout, /width: 1920\nheight: 1080\nencoding: "rgb8"/);
    assert.match(stdout, /data: \[.*6220800 in all/);
    const hz = await runCli(['slot', 'hz', 'camera/image', '-n', '1', '--json'], { env });
    const [report] = lines<{ rate_hz: number; bytes_per_s: number }>(hz.stdout);
    assert.ok(report!.rate_hz > 0 && report!.bytes_per_s > 6_220_800 * report!.rate_hz);
    launch.kill('SIGTERM');
    assert.deepEqual(await launch.exit(), { code: 0, signal: null });
    assert.match(launch.stdout, /over the whole run:\n.*\ncamera\/edges .*\ncamera\/image .* 6,220,8\d\d B/);
    assert.deepEqual(readdirSync(root), []);
  });

  it('refuses to start in a domain that is in use, and says who is there', async () => {
    const { root } = tempDomain();
    const env = { BABUS_SHM: root, BABUS_DOMAIN: undefined };
    const first = spawnCli(['launch', DEMO, '--json'], { env });
    await first.waitForOutput(/"state":"ready"/);
    const second = await runCli(['launch', DEMO], { env });
    assert.equal(second.code, 1);
    assert.match(second.stderr, /domain 'demo' is in use by babus-launch \(pid \d+\).*--domain/);
    first.kill('SIGINT');
    assert.equal((await first.exit()).code, 0);
  });

  it('takes the domain away from under viewers, which say so and end; they stop no next launch', async () => {
    const { root } = tempDomain();
    const env = { BABUS_SHM: root, BABUS_DOMAIN: undefined };
    const launch = spawnCli(['launch', DEMO, '--json'], { env });
    await launch.waitForOutput(/"node":"host_monitor","state":"ready"/);
    const echo = spawnCli(['slot', 'echo', 'host/telemetry'], { env });
    await echo.waitForOutput(/hostname/);
    launch.kill('SIGINT');
    assert.equal((await launch.exit()).code, 0);
    assert.deepEqual(readdirSync(root), []);
    assert.deepEqual(await echo.exit(), { code: 0, signal: null });
    assert.equal(echo.stderr, "domain 'demo' has ended\n");
  });

  it('takes its processes with it when it is killed', async () => {
    const { root } = tempDomain();
    const env = { BABUS_SHM: root, BABUS_DOMAIN: undefined };
    const launch = spawnCli(['launch', DEMO, '--json'], { env });
    await until(() => pids(launch.stdout).length === 3, 'three nodes');
    const nodes = pids(launch.stdout);
    launch.kill('SIGKILL');
    await until(() => nodes.every((pid) => !isRunning(pid)), 'the end of all nodes');
    const again = spawnCli(['launch', DEMO, '--for', '1s', '--json'], { env });
    assert.equal((await again.exit()).code, 0, again.output());
    assert.deepEqual(readdirSync(root), []);
  });
});

function lines<T>(text: string): T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

function pids(jsonLines: string): number[] {
  const ready = jsonLines.split('\n').filter((line) => line.includes('"state":"ready"'));
  return ready.map((line) => (JSON.parse(line) as { pid: number }).pid);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
