/** Numbers as people read them: few digits, a unit that fits. */

export function formatBytes(bytes: number | undefined): string {
  if (bytes === undefined) return '-';
  return scaled(bytes, 1000, ['B', 'kB', 'MB', 'GB', 'TB']);
}

export function formatBytesPerS(bytesPerS: number): string {
  return `${formatBytes(bytesPerS)}/s`;
}

export function formatNs(ns: number | undefined): string {
  if (ns === undefined) return '-';
  return scaled(ns, 1000, ['ns', 'µs', 'ms', 's']);
}

export function formatHz(hz: number): string {
  return `${hz >= 1000 ? Math.round(hz).toString() : hz.toFixed(hz >= 100 ? 0 : 1)} Hz`;
}

/** `6220840` → `6,220,840`. */
export function formatCount(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}

function scaled(value: number, step: number, units: readonly string[]): string {
  let unit = 0;
  let shown = value;
  while (shown >= step && unit < units.length - 1) {
    shown /= step;
    unit++;
  }
  const digits = unit === 0 || shown >= 100 ? 0 : shown >= 10 ? 1 : 2;
  return `${shown.toFixed(digits)} ${units[unit]}`;
}
