/** What was odd about a receiver's words so far. */
export interface Counts {
  /** Sentences whose checksum is wrong. */
  bad_checksum: number;
  /** Sentences without an end: cut off, or with other bytes in between. */
  half: number;
  /** Sentences beyond any sensible length. */
  too_long: number;
  /** Bytes outside of sentences, as binary protocols send them. */
  garbage_bytes: number;
  /** Sentences with a right checksum whose fields make no sense. */
  malformed: number;
  /** Sentences of types that nobody here knows. */
  unknown: number;
  /** Times the receiver's clock went back, or ahead by more than a minute. */
  time_jumps: number;
  /** Epochs in which the receiver did not know where it was. */
  no_fix: number;
}

export function noCounts(): Counts {
  return {
    bad_checksum: 0,
    half: 0,
    too_long: 0,
    garbage_bytes: 0,
    malformed: 0,
    unknown: 0,
    time_jumps: 0,
    no_fix: 0,
  };
}

/** Those of the counts that have grown since `before`, by how much. */
export function growth(counts: Counts, before: Counts): Partial<Counts> {
  const grown: Partial<Counts> = {};
  for (const name of Object.keys(counts) as (keyof Counts)[])
    if (counts[name] > before[name]) grown[name] = counts[name] - before[name];
  return grown;
}
