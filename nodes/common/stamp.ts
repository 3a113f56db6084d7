import type { Clock } from 'babus';

const NS_PER_SEC = 1_000_000_000n;

/** The time of the day now, nanoseconds since 1970: by a clock of microseconds. */
export function wallNs(clock: Clock): bigint {
  return BigInt(Math.round(clock.wallMs() * 1000)) * 1000n;
}

/** What the stamp of a message holds. @param ns nanoseconds since 1970 */
export function stampOf(ns: bigint): { readonly sec: number; readonly nsec: number } {
  return { sec: Number(ns / NS_PER_SEC), nsec: Number(ns % NS_PER_SEC) };
}
