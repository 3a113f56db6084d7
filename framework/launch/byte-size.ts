const UNIT_BYTES: Readonly<Record<string, number>> = {
  B: 1,
  kB: 1000,
  MB: 1000 ** 2,
  GB: 1000 ** 3,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** Bytes of a size such as `512MB` or `64KiB`, or of a plain number; NaN when it is none. */
export function parseBytes(size: string | number): number {
  if (typeof size === 'number') return Number.isSafeInteger(size) && size >= 0 ? size : NaN;
  const match = /^([0-9]{1,15}(?:\.[0-9]{1,3})?)(B|kB|MB|GB|KiB|MiB|GiB)$/.exec(size);
  if (!match) return NaN;
  const bytes = Number(match[1]) * UNIT_BYTES[match[2]!]!;
  return bytes <= Number.MAX_SAFE_INTEGER ? Math.round(bytes) : NaN;
}

/** A short text of a size: `512MB`, `64KiB`. */
export function formatBytes(bytes: number): string {
  if (bytes === Infinity) return 'unlimited';
  for (const unit of ['GB', 'GiB', 'MB', 'MiB', 'kB', 'KiB'] as const) {
    const amount = bytes / UNIT_BYTES[unit]!;
    if (amount >= 1 && Number.isInteger(amount * 10)) return `${amount}${unit}`;
  }
  return `${bytes}B`;
}
