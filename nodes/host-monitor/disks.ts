import type { DiskActivity } from 'babus/schemas';
import type { Rates } from './rates.js';

type Totals = Pick<DiskActivity, 'name' | 'read_bytes' | 'written_bytes'>;

/** The kernel's unit here, whatever the disk's own is. */
const SECTOR_BYTES = 512n;
/** Files and memory in the clothes of disks. */
const PSEUDO = /^(loop|ram|zram)\d+$/;

/** Of /proc/diskstats: whole disks, without their partitions. @throws Error in words when that is not what it should be */
export function disks(text: string): Totals[] {
  const all = text.split('\n').filter(Boolean).map(diskOf);
  const names = new Set(all.map(({ name }) => name));
  return all.filter(({ name }) => !PSEUDO.test(name) && !isPartition(name, names));
}

function diskOf(line: string): Totals {
  // Major, minor, name; reads, of them merged, sectors, ms; writes, of them merged, sectors. Later kernels add columns.
  const found = /^ *\d+ +\d+ (\S+) \d+ \d+ (\d{1,20}) \d+ \d+ \d+ (\d{1,20}) /.exec(line);
  if (!found) throw new Error(`there is no disk with its counters in '${line.trim()}'`);
  return {
    name: found[1]!,
    read_bytes: BigInt(found[2]!) * SECTOR_BYTES,
    written_bytes: BigInt(found[3]!) * SECTOR_BYTES,
  };
}

/** sda1 of sda, nvme0n1p2 of nvme0n1. */
function isPartition(name: string, names: ReadonlySet<string>): boolean {
  const [, afterLetter] = /^(.*\D)\d+$/.exec(name) ?? [];
  const [, afterDigit] = /^(.*\d)p\d+$/.exec(name) ?? [];
  return [afterLetter, afterDigit].some((disk) => disk !== undefined && names.has(disk));
}

export function withRates(totals: Totals, rates: Rates): DiskActivity {
  const rate = (key: 'read_bytes' | 'written_bytes'): number =>
    rates.perSecond(`disk ${totals.name} ${key}`, totals[key]);
  return { ...totals, read_bytes_per_s: rate('read_bytes'), written_bytes_per_s: rate('written_bytes') };
}
