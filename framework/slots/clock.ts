// performance.now() makes no array and no bigint, unlike process.hrtime(); both read the same clock. What lies between the two
// is found where the least time passed between reading one and the other: a process that had to wait just then would be off
// by that wait for the rest of its life.
const TRIES = 50;

function findOffsetMs(): number {
  let [offsetMs, leastMs] = [0, Infinity];
  for (let i = 0; i < TRIES; i++) {
    const beforeMs = performance.now();
    const [sec, nsec] = process.hrtime();
    const passedMs = performance.now() - beforeMs;
    if (passedMs >= leastMs) continue;
    leastMs = passedMs;
    offsetMs = sec * 1e3 + nsec / 1e6 - beforeMs - passedMs / 2;
  }
  return offsetMs;
}

const offsetMs = findOffsetMs();

/** Milliseconds of the monotonic clock that publish times are taken from, and that all processes of a machine share. */
export function monotonicMs(): number {
  return offsetMs + performance.now();
}
