/** The bits of NavSatFix.service. */
const BITS: Readonly<Record<string, number>> = { GPS: 1, GLONASS: 2, BeiDou: 4, Galileo: 8 };
const TALKERS: Readonly<Record<string, string>> = {
  GP: 'GPS',
  GL: 'GLONASS',
  GB: 'BeiDou',
  BD: 'BeiDou',
  GA: 'Galileo',
};
/** Receivers list the satellites in use with each epoch, some of them only with every fifth. */
const MAX_AGE_EPOCHS = 12;

/** Which satellite systems the receiver uses, by the latest lists of its satellites. */
export class SystemsInUse {
  readonly #lastUse = new Map<string, number>();
  #epoch = 0;

  note(systems: ReadonlyMap<string, boolean>): void {
    for (const [name, isUsed] of systems)
      if (isUsed) this.#lastUse.set(name, this.#epoch);
      else this.#lastUse.delete(name);
  }

  /** Begins the next epoch. @returns the value for `service`, 0 when it is not known */
  service(): number {
    this.#epoch++;
    let bits = 0;
    for (const [name, epoch] of this.#lastUse)
      if (this.#epoch - epoch <= MAX_AGE_EPOCHS) bits |= BITS[name] ?? 0;
    return bits;
  }
}

/** @param key talker and type of the sentence with the position. @returns the system that its talker stands for */
export function serviceOfTalker(key: string): number {
  return BITS[TALKERS[key.slice(0, 2)] ?? ''] ?? 0;
}
