/**
 * The latency below which a share `q` of the counted messages lie, in nanoseconds; undefined when nothing was counted. Inside
 * a bucket the messages are taken as spread evenly, so the error is at most the bucket's width, 12.5 %.
 * @param counts messages per bucket
 * @param boundsNs lower bound of each bucket
 */
export function percentileNs(counts: Float64Array, boundsNs: Float64Array, q: number): number | undefined {
  let total = 0;
  for (const count of counts) total += count;
  if (total === 0) return undefined;
  let left = q * total;
  for (let bucket = 0; bucket < counts.length; bucket++) {
    const count = counts[bucket]!;
    if (count > 0 && left <= count) {
      const low = boundsNs[bucket]!;
      const high = boundsNs[bucket + 1] ?? low;
      return low + (high - low) * (left / count);
    }
    left -= count;
  }
  return boundsNs[boundsNs.length - 1];
}
