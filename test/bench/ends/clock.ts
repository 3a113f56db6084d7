// performance.now() makes no array and no bigint, unlike process.hrtime(); both read the monotonic clock, which all processes
// of a machine share.
const [startSec, startNsec] = process.hrtime();
const offsetMs = startSec * 1e3 + startNsec / 1e6 - performance.now();

/** Milliseconds of the monotonic clock. */
export function monotonicMs(): number {
  return offsetMs + performance.now();
}
