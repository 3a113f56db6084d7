const NS_PER_SECOND = 1_000_000_000;
const NS_PER_DAY = 86_400 * NS_PER_SECOND;
const MS_PER_DAY = 86_400_000;
/** From 1980, when GPS time began, to 18 January 2038: stamps end with the day after. Receivers that do not know say more. */
const DAYS = { first: 3652, last: 24_854 };

/**
 * @param text hhmmss, with any number of decimals
 * @returns nanoseconds since midnight, or undefined when it is no time of day
 */
export function parseTimeOfDay(text: string): number | undefined {
  const match = /^(\d\d)(\d\d)(\d\d)(?:\.(\d*))?$/.exec(text);
  if (!match) return undefined;
  const [hours, minutes, seconds] = [Number(match[1]), Number(match[2]), Number(match[3])];
  // 60 is a leap second.
  if (hours > 23 || minutes > 59 || seconds > 60) return undefined;
  const fraction = Number((match[4] ?? '').slice(0, 9).padEnd(9, '0'));
  return (hours * 3600 + minutes * 60 + seconds) * NS_PER_SECOND + fraction;
}

/**
 * @param text ddmmyy or ddmmyyyy; years of two digits are those from 1980, when GPS time began, to 2079
 * @returns days since 1970, or undefined when there is no such day, or none that a stamp can hold
 */
export function parseDate(text: string): number | undefined {
  const match = /^(\d\d)(\d\d)(\d\d|\d{4})$/.exec(text);
  if (!match) return undefined;
  const [day, month, year] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const century = match[3]!.length === 4 ? 0 : year < 80 ? 2000 : 1900;
  const date = new Date(Date.UTC(century + year, month - 1, day));
  if (date.getUTCDate() !== day || date.getUTCMonth() !== month - 1) return undefined;
  const days = date.getTime() / MS_PER_DAY;
  return days >= DAYS.first && days <= DAYS.last ? days : undefined;
}

/** Completes times of day by the date that was told last, across midnight. */
export class Calendar {
  #day: number | undefined;
  #time = 0;

  /**
   * @param time nanoseconds since midnight
   * @param day the date that came with it, if one came: days since 1970
   * @returns nanoseconds since 1970, or undefined while no date is known
   */
  resolve(time: number, day: number | undefined): bigint | undefined {
    if (day !== undefined) this.#day = day;
    else if (this.#day === undefined) return undefined;
    else if (time < this.#time - NS_PER_DAY / 2) this.#day++;
    else if (time > this.#time + NS_PER_DAY / 2) this.#day--;
    this.#time = time;
    return BigInt(this.#day) * BigInt(NS_PER_DAY) + BigInt(time);
  }
}

/** From one time of day to the next, the shorter way around midnight, in ns. */
export function timeBetween(from: number, to: number): number {
  const difference = to - from;
  if (difference < -NS_PER_DAY / 2) return difference + NS_PER_DAY;
  return difference > NS_PER_DAY / 2 ? difference - NS_PER_DAY : difference;
}
