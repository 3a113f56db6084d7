import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { availableParallelism, hostname, totalmem } from 'node:os';
import { join } from 'node:path';
import { testNode, type TestNode } from '../../framework/index.js';
import { HostMonitor } from '../../nodes/host-monitor.js';
import * as proc from '../../nodes/host-monitor/proc.js';
import type { HostTelemetry } from '../../schemas/index.js';
import { until } from '../support/index.js';
import { fixture } from './fixture.js';

const STAT = `cpu  100 0 100 700 50 25 25 0 0 0
cpu0 50 0 50 350 25 10 15 0 0 0
cpu1 50 0 50 350 25 15 10 0 0 0
intr 1 2 3
ctxt 123
`;
const LATER = `cpu  140 10 120 740 60 30 30 10 0 0
cpu0 90 0 50 370 35 12 18 5 0 0
cpu1 50 0 50 340 25 15 10 0 0 0
cpu2 1 2 3 4 5 6 7 72 0 0
`;
const MEMINFO = `MemTotal:        4000000 kB
MemFree:          100000 kB
MemAvailable:    3000000 kB
SwapTotal:       1000000 kB
SwapFree:              0 kB
`;
const CPUINFO =
  'processor\t: 0\nmodel name\t: x\ncpu MHz\t\t: 2600.5\n\nprocessor\t: 1\ncpu MHz\t\t: 800.000\n';
const NET_DEV = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0       0          0
`;
const FILES = {
  stat: STAT,
  meminfo: MEMINFO,
  loadavg: '0.52 1.25 2.00 3/456 7890\n',
  uptime: '12345.67 23456.78\n',
  cpuinfo: CPUINFO,
  filesystems: 'nodev\ttmpfs\n\text4\n',
  'self/mountinfo': '27 1 254:0 / / rw - ext4 /dev/vda rw\n',
  'net/dev': NET_DEV,
  diskstats: '8 0 sda 10 0 20 5 10 0 40 5 0 10 10\n',
};

async function messages(t: TestNode<HostMonitor>, count: number): Promise<HostTelemetry[]> {
  await until(() => t.received('telemetry').length >= count, `${count} messages`);
  return t.received('telemetry') as unknown as HostTelemetry[];
}

describe('nodes/host-monitor', () => {
  it('publishes what the files say, and loads since the message before', async () => {
    const folder = fixture(FILES);
    await using t = await testNode(HostMonitor, { params: { proc: folder, sys: folder, rate: 100 } });
    const [first] = await messages(t, 1);
    const { stamp, cores, network, mounts, disks, temperatures, ...rest } = first!;
    assert.ok(stamp.sec > 1_600_000_000);
    assert.deepEqual(rest, {
      hostname: hostname(),
      uptime: { sec: 12345, nsec: 670_000_000 },
      load_1m: 0.52,
      load_5m: 1.25,
      load_15m: 2,
      memory_total_bytes: 4_096_000_000n,
      memory_available_bytes: 3_072_000_000n,
      swap_total_bytes: 1_024_000_000n,
      swap_free_bytes: 0n,
      cpu_percent: 25,
    });
    const shares = { user: 10, nice: 0, system: 10, irq: 5, iowait: 5, steal: 0, idle: 70 };
    assert.deepEqual(cores, [
      { ...shares, frequency_hz: 2_600_500_000 },
      { ...shares, frequency_hz: 800_000_000 },
    ]);
    assert.deepEqual([network.length, mounts.length, disks.length, temperatures.length], [1, 1, 1, 0]);
    // Nothing has passed since: all is idle.
    const second = (await messages(t, 2))[1]!;
    assert.deepEqual([second.cpu_percent, second.cores[0]?.idle, second.cores[0]?.user], [0, 100, 0]);
    assert.deepEqual(t.log, []);
  });

  // Without filesystems the root is still shown: that is a test of its own.
  for (const missing of Object.keys(FILES).filter((file) => file !== 'filesystems'))
    it(`publishes the rest without ${missing}, and says so once`, async () => {
      const folder = fixture(FILES);
      rmSync(join(folder, missing));
      await using t = await testNode(HostMonitor, { params: { proc: folder, sys: folder, rate: 100 } });
      const last = (await messages(t, 4)).at(-1)!;
      const present = {
        stat: last.cores.length > 0,
        meminfo: last.memory_total_bytes > 0n,
        loadavg: last.load_1m > 0,
        uptime: last.uptime.sec > 0,
        cpuinfo: missing === 'stat' || last.cores[0]!.frequency_hz > 0,
        'self/mountinfo': last.mounts.length > 0,
        'net/dev': last.network.length > 0,
        diskstats: last.disks.length > 0,
      };
      const lacking = Object.entries(present).filter(([, isThere]) => !isThere);
      assert.deepEqual(lacking, [[missing, false]]);
      assert.deepEqual(
        t.log.map(({ level }) => level),
        ['warn'],
      );
      assert.match(t.log[0]!.message, new RegExp(`/${missing} is left out: ENOENT`));
    });

  it('takes clocks from sysfs where cpuinfo has none', async () => {
    const folder = fixture({
      ...FILES,
      cpuinfo: 'processor\t: 0\nBogoMIPS\t: 108.00\n',
      'devices/system/cpu/cpu1/cpufreq/scaling_cur_freq': '1500000\n',
      'devices/system/cpu/cpu0/cpufreq/scaling_cur_freq': '<unknown>\n',
      'devices/system/cpu/cpufreq/boost': '1\n',
    });
    await using t = await testNode(HostMonitor, { params: { proc: folder, sys: folder } });
    const [{ cores }] = (await messages(t, 1)) as [HostTelemetry];
    assert.deepEqual(
      cores.map((core) => core.frequency_hz),
      [0, 1_500_000_000],
    );
    assert.deepEqual(t.log, []);
  });

  it('reads the machine it runs on', async () => {
    await using t = await testNode(HostMonitor, { params: { rate: 20 } });
    const last = (await messages(t, 3)).at(-1)!;
    assert.deepEqual(t.log, []);
    assert.ok(last.cores.length >= availableParallelism());
    assert.equal(last.memory_total_bytes, BigInt(totalmem()));
    assert.ok(last.memory_available_bytes > 0n && last.memory_available_bytes <= last.memory_total_bytes);
    assert.ok(last.uptime.sec > 0);
    assert.ok(last.network.some(({ name }) => name === 'lo'));
    assert.ok(last.cpu_percent >= 0 && last.cpu_percent <= 100);
    for (const { frequency_hz, ...shares } of last.cores) {
      assert.ok(frequency_hz >= 0);
      const sum = Object.values(shares).reduce((a, b) => a + b, 0);
      assert.ok(Math.abs(sum - 100) < 0.01, `the shares add up to ${sum}`);
    }
  });
});

describe('nodes/host-monitor: /proc', () => {
  it('tells what the cores did between two looks', () => {
    const { cpu_percent, cores } = proc.cpuLoad(
      proc.cpuTimes(STAT),
      proc.cpuTimes(LATER),
      new Map([[2, 5e8]]),
    );
    // 140 ticks passed: 40 idle, 10 waiting.
    assert.ok(Math.abs(cpu_percent - (100 * 90) / 140) < 1e-9);
    assert.deepEqual(
      cores.map((core) => Object.values(core).map((share) => Math.round(share * 100) / 100)),
      [
        // user, nice, system, irq, iowait, steal, idle; of 80 ticks
        [50, 0, 0, 6.25, 12.5, 6.25, 25, 0],
        // Went back by itself: counts as nothing.
        [0, 0, 0, 0, 0, 0, 100, 0],
        // New: since the machine started.
        [1, 2, 3, 13, 5, 72, 4, 5e8],
      ],
    );
  });

  it('takes columns of later kernels, and refuses what is no such file', () => {
    assert.deepEqual(
      [...proc.cpuTimes('cpu  1 2 3 4 5 6 7 8 9 10 11 12\n').get('cpu')!].slice(0, 8),
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
    for (const text of [
      '',
      'cpu\n',
      'cpu  1 2 3\n',
      'cpu  1 2 3 4 5 6 7 x\n',
      '\0'.repeat(1000),
      'cpu0 1 2 3 4 5 6 7 8\n',
    ])
      assert.throws(() => proc.cpuTimes(text), /no line 'cpu'/);
    for (const text of [
      '',
      'MemTotal: -1 kB\n',
      MEMINFO.replace('SwapFree', 'x'),
      MEMINFO.replace('4000000', '9'.repeat(30)),
    ])
      assert.throws(() => proc.memory(text), /there is no line '(MemTotal|SwapFree)' with a number of kB/);
    for (const text of ['', 'a b c\n', '1.0 2.0\n', 'NaN NaN NaN 1/2 3\n'])
      assert.throws(() => proc.load(text), /does not begin with three means/);
    for (const text of ['', '-1.00 2.00\n', '99999999999.00 1.00\n', 'x'])
      assert.throws(() => proc.uptime(text), /does not begin with seconds/);
    for (const text of ['', 'cpu MHz : \n', 'junk\n'.repeat(100)]) assert.equal(proc.clocks(text).size, 0);
  });
});
