import assert from 'node:assert/strict';
import { mkdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { Clock, testNode, type ParamValue, type TestNode } from '../../framework/index.js';
import { HostMonitor } from '../../nodes/host-monitor.js';
import { disks } from '../../nodes/host-monitor/disks.js';
import { diskKinds, mounts } from '../../nodes/host-monitor/mounts.js';
import { interfaces } from '../../nodes/host-monitor/network.js';
import type { HostTelemetry } from '../../schemas/index.js';
import { tempDir, until } from '../support/index.js';
import { fixture, writeFiles } from './fixture.js';

const HEAD = `Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
`;
const NET = `${HEAD}    lo:    3193      29    0    0    0     0          0         0     3193      29    0    0    0     0       0          0
wlp2s0:18446744073709551615 7638    1    2    3     4          5         6   814290    5830    7    8    9    10      11         12
  eth0.5: 100 1 0 0 0 0 0 0 200 2 0 0 0 0 0 0
`;
const DISKS = `   7       0 loop0 1 0 2 0 0 0 0 0 0 0 0 0 0 0 0 0 0
 259       0 nvme0n1 100 0 2000 5 50 0 4000 5 0 10 10 0 0 0 0 1 1
 259       1 nvme0n1p1 100 0 2000 5 50 0 4000 5 0 10 10 0 0 0 0 1 1
   8       0 sda 1 0 8 0 2 0 16 0 0 0 0
   8       1 sda1 1 0 8 0 2 0 16 0 0 0 0
   8      11 sda11 1 0 8 0 2 0 16 0 0 0 0
 253       0 dm-0 1 0 8 0 2 0 16 0 0 0 0
 179       0 mmcblk0 1 0 8 0 2 0 16 0 0 0 0
 179       1 mmcblk0p1 1 0 8 0 2 0 16 0 0 0 0
 179       8 mmcblk0boot0 1 0 8 0 2 0 16 0 0 0 0
 252       0 zram0 1 0 8 0 2 0 16 0 0 0 0
`;
const KINDS =
  'nodev\tsysfs\nnodev\ttmpfs\nnodev\toverlay\n\text4\n\tvfat\n\tsquashfs\nnodev\tnfs4\n\tfuseblk\n';

/** A machine of which only the parts under test are there, and whose time goes on by half a second at each look. */
async function monitor(proc: string, sys: string): Promise<TestNode<HostMonitor>> {
  let now = 0;
  const clock: Clock = { monotonicMs: () => (now += 500), wallMs: () => 0 };
  const params: Record<string, ParamValue> = { proc, sys, rate: 100 };
  return testNode(HostMonitor, { params, provide: [[Clock, clock]] });
}

async function nextMessage(t: TestNode<HostMonitor>, further = 1): Promise<HostTelemetry> {
  const count = t.received('telemetry').length + further;
  await until(() => t.received('telemetry').length >= count, 'a message');
  return t.received('telemetry').at(-1) as unknown as HostTelemetry;
}

function complaints(t: TestNode<HostMonitor>, about: string): string[] {
  return t.log.map(({ message }) => message).filter((message) => message.includes(about));
}

describe('nodes/host-monitor: network', () => {
  it('reads counters of every interface', () => {
    const [lo, wlan, vlan, ...others] = interfaces(NET);
    assert.deepEqual([lo!.name, vlan!.name, vlan!.tx_packets, others.length], ['lo', 'eth0.5', 2n, 0]);
    assert.deepEqual(wlan, {
      name: 'wlp2s0',
      rx_bytes: 18446744073709551615n,
      tx_bytes: 814290n,
      rx_packets: 7638n,
      tx_packets: 5830n,
      rx_errors: 1n,
      tx_errors: 7n,
      rx_dropped: 2n,
      tx_dropped: 8n,
    });
    assert.deepEqual(interfaces(HEAD), []);
    for (const text of ['', 'x\ny\n', `${HEAD}eth0 1 2 3\n`, `${HEAD}eth0: 1 2 3\n`, `${HEAD}eth0: -1\n`])
      assert.throws(() => interfaces(text), /face|numbers/);
  });

  it('tells rates, which are 0 at first, after a reset and for a new interface', async () => {
    const proc = fixture({ 'net/dev': `${HEAD}eth0: 1000 10 0 0 0 0 0 0 5000 50 0 0 0 0 0 0\n` });
    await using t = await monitor(proc, proc);
    const [first] = (await nextMessage(t)).network;
    assert.deepEqual([first!.rx_bytes, first!.rx_bytes_per_s, first!.tx_packets_per_s], [1000n, 0, 0]);
    const changed = `${HEAD}eth0: 3000 30 0 0 0 0 0 0 4000 60 0 0 0 0 0 0\nusb0: 9 9 0 0 0 0 0 0 9 9 0 0 0 0 0 0\n`;
    writeFiles(proc, { 'net/dev': changed });
    // Some message is the first after the change; those between do not matter, nor how many looks at the clock there were.
    const all = (): HostTelemetry[] => t.received('telemetry') as unknown as HostTelemetry[];
    const { network } = await until(() => all().find((one) => one.network.length === 2), 'the change');
    const [eth, usb] = network;
    assert.ok(eth!.rx_bytes_per_s > 0);
    assert.equal(eth!.rx_bytes_per_s / eth!.rx_packets_per_s, 100);
    assert.equal(eth!.tx_bytes_per_s, 0);
    assert.equal(eth!.tx_packets_per_s * 2, eth!.rx_packets_per_s);
    assert.deepEqual([usb!.rx_bytes_per_s, usb!.tx_packets_per_s], [0, 0]);
    const [later] = (await nextMessage(t, 2)).network;
    assert.equal(later!.rx_bytes_per_s, 0);
  });
});

describe('nodes/host-monitor: disks', () => {
  it('reads whole disks', () => {
    const found = disks(DISKS);
    assert.deepEqual(
      found.map(({ name }) => name),
      ['nvme0n1', 'sda', 'dm-0', 'mmcblk0', 'mmcblk0boot0'],
    );
    assert.deepEqual([found[0]!.read_bytes, found[0]!.written_bytes], [1_024_000n, 2_048_000n]);
    assert.deepEqual(disks(''), []);
    for (const text of ['x\n', '8 0 sda 1 2 3\n', '8 0 sda 1 0 -8 0 2 0 16 0 0 0 0\n'])
      assert.throws(() => disks(text), /no disk with its counters/);
  });

  it('tells how fast they read and write', async () => {
    const line = (read: number, written: number): string => `8 0 sda 1 0 ${read} 0 2 0 ${written} 0 0 0 0\n`;
    const proc = fixture({ diskstats: line(8, 16) });
    await using t = await monitor(proc, proc);
    assert.equal((await nextMessage(t)).disks[0]!.read_bytes_per_s, 0);
    writeFiles(proc, { diskstats: line(108, 66) });
    const all = (): HostTelemetry[] => t.received('telemetry') as unknown as HostTelemetry[];
    const changed = await until(() => all().find(({ disks }) => disks[0]?.read_bytes === 108n * 512n), 'it');
    const [disk] = changed.disks;
    assert.ok(disk!.written_bytes_per_s > 0);
    assert.equal(disk!.read_bytes_per_s, disk!.written_bytes_per_s * 2);
  });

  it('chooses mounts that lie on disks, each device once', () => {
    const text = `22 27 0:21 / /proc rw,relatime - proc proc rw
27 1 0:99 / / rw,relatime shared:1 - overlay overlay rw,lowerdir=/a
30 27 8:1 /folder /etc/hosts rw - ext4 /dev/sda1 rw
31 27 8:1 / /mass rw shared:1 master:2 - ext4 /dev/sda1 rw
32 27 8:1 / /again rw - ext4 /dev/sda1 rw
33 27 8:2 / /media/my\\040stick rw - vfat /dev/sdb\\0111 rw
34 27 7:1 / /snap/x ro - squashfs /dev/loop1 ro
35 27 0:40 / /net rw - nfs4 server:/x rw
36 27 0:41 / /tmp rw - tmpfs tmpfs rw
37 27 0:42 / /pool rw - zfs pool/home rw
38 27 0:43 / /odd rw - tmpfs  rw
39 27 8:9 / /windows rw - fuseblk.ntfs /dev/sdc1 rw
`;
    assert.deepEqual(mounts(text, diskKinds(KINDS)), [
      { mountPoint: '/', fileSystem: 'overlay', device: 'overlay' },
      { mountPoint: '/mass', fileSystem: 'ext4', device: '/dev/sda1' },
      { mountPoint: '/media/my stick', fileSystem: 'vfat', device: '/dev/sdb\t1' },
      { mountPoint: '/pool', fileSystem: 'zfs', device: 'pool/home' },
      { mountPoint: '/windows', fileSystem: 'fuseblk.ntfs', device: '/dev/sdc1' },
    ]);
    assert.throws(() => mounts('/dev/sda / ext4\n', new Set()), /there is no mount in/);
    assert.throws(() => diskKinds('nodev\tproc\n'), /no file system in it that lives on a disk/);
  });

  it('tells how full they are, and says once of which it cannot', async () => {
    const disk = tempDir();
    const mountinfo = `30 27 8:1 / ${disk} rw - ext4 /dev/sda1 rw\n31 27 8:2 / ${disk}/gone rw - ext4 /dev/sdb1 rw\n`;
    const proc = fixture({ filesystems: KINDS, 'self/mountinfo': mountinfo });
    await using t = await monitor(proc, proc);
    const { mounts: found } = await nextMessage(t, 3);
    assert.equal(found.length, 1);
    const { available_bytes: available, ...rest } = found[0]!;
    const truth = statfsSync(disk, { bigint: true });
    const total_bytes = truth.blocks * truth.bsize;
    assert.deepEqual(rest, { mount_point: disk, device: '/dev/sda1', file_system: 'ext4', total_bytes });
    assert.ok(available > 0n && available <= total_bytes);
    assert.equal(complaints(t, '/gone is left out: ENOENT').length, 1);
  });
});

describe('nodes/host-monitor: temperatures', () => {
  const SENSORS = {
    'class/hwmon/hwmon0/name': 'coretemp\n',
    'class/hwmon/hwmon0/temp1_input': '45500\n',
    'class/hwmon/hwmon0/temp1_label': 'Package id 0\n',
    'class/hwmon/hwmon0/temp1_crit': '100000\n',
    'class/hwmon/hwmon0/temp10_input': '-1500\n',
    'class/hwmon/hwmon0/temp2_input': '44000\n',
    'class/hwmon/hwmon0/fan1_input': '1200\n',
    'class/hwmon/hwmon2/device/name': 'old\n',
    'class/hwmon/hwmon2/device/temp1_input': '30000\n',
    'class/hwmon/hwmon10/name': 'cpu_thermal\n',
    'class/hwmon/hwmon10/temp1_input': '50000\n',
    'class/thermal/thermal_zone0/type': 'cpu-thermal\n',
    'class/thermal/thermal_zone0/temp': '50000\n',
    'class/thermal/thermal_zone1/type': 'gpu-thermal\n',
    'class/thermal/thermal_zone1/temp': '61250\n',
    'class/thermal/thermal_zone1/trip_point_0_type': 'passive\n',
    'class/thermal/thermal_zone1/trip_point_0_temp': '80000\n',
    'class/thermal/thermal_zone1/trip_point_1_type': 'critical\n',
    'class/thermal/thermal_zone1/trip_point_1_temp': '110000\n',
    'class/thermal/cooling_device0/type': 'fan\n',
  };

  it('reads monitors and zones, each sensor once', async () => {
    const sys = fixture(SENSORS);
    await using t = await monitor(sys, sys);
    const { temperatures } = await nextMessage(t);
    assert.deepEqual(
      temperatures.map(({ sensor, label, temperature, critical }) => [sensor, label, temperature, critical]),
      [
        ['coretemp', 'Package id 0', 45.5, 100],
        ['coretemp', 'temp2', 44, NaN],
        ['coretemp', 'temp10', -1.5, NaN],
        ['old', 'temp1', 30, NaN],
        ['cpu_thermal', 'temp1', 50, NaN],
        ['gpu-thermal', 'thermal_zone1', 61.25, 110],
      ],
    );
    assert.deepEqual(complaints(t, 'class/'), []);
  });

  it('keeps what can be read, says once what cannot, and follows sensors that come and go', async () => {
    const sys = fixture(SENSORS);
    writeFiles(sys, { 'class/hwmon/hwmon0/temp2_input': 'asleep\n' });
    rmSync(join(sys, 'class/thermal/thermal_zone1/temp'));
    mkdirSync(join(sys, 'class/thermal/thermal_zone1/temp'));
    await using t = await monitor(sys, sys);
    assert.equal((await nextMessage(t, 3)).temperatures.length, 4);
    assert.equal(complaints(t, "temp2_input is left out: there is no temperature in 'asleep'").length, 1);
    assert.equal(complaints(t, 'thermal_zone1/temp is left out: EISDIR').length, 1);
    rmSync(join(sys, 'class/hwmon/hwmon2'), { recursive: true });
    const last = (): HostTelemetry => t.received('telemetry').at(-1) as unknown as HostTelemetry;
    await until(() => last().temperatures.length === 3, 'the sensor to be gone');
    writeFiles(sys, { 'class/hwmon/hwmon0/temp2_input': '1000\n' });
    await until(() => last().temperatures.some(({ temperature }) => temperature === 1), 'the sensor again');
  });
});
