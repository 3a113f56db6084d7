import { formatPosition } from '../errors/index.js';
import type { SlotEntry, SlotSettings } from './model.js';
import type { Problems } from './problems.js';

/** Settings of a slot as one file has them. */
export interface GivenSlot extends SlotEntry {
  /** How many includes lead to the file. */
  readonly depth: number;
}

/**
 * Joins settings of slots from several files, key by key: a file's own go before those of the files that it includes, so that
 * who includes can change them.
 */
export function joinSlots(given: readonly GivenSlot[], problems: Problems): SlotEntry[] {
  const byName = new Map<string, GivenSlot[]>();
  for (const slot of given) byName.set(slot.name, [...(byName.get(slot.name) ?? []), slot]);
  return [...byName].map(([name, slots]) => {
    for (const [index, slot] of slots.entries())
      for (const other of slots.slice(0, index)) reportConflict(slot, other, problems);
    slots.sort((a, b) => a.depth - b.depth);
    const settings = slots.reduceRight<SlotSettings>((below, slot) => ({ ...below, ...slot.settings }), {});
    const [first, ...others] = slots.map(({ origin }) => origin);
    return { name, origin: first!.over(others), settings };
  });
}

/** Of two files that do not include each other, neither can change what the other says. */
function reportConflict(slot: GivenSlot, other: GivenSlot, problems: Problems): void {
  if (slot.depth !== other.depth) return;
  const [here, there] = [slot, other].map(({ origin }) => origin);
  if (here!.source.file === there!.source.file && here!.nameOf([]) !== there!.nameOf([])) {
    const message = `'${here!.path.at(-1)}' and '${there!.path.at(-1)}' are the same slot`;
    problems.add(here!.error('ERR_BABUS_LAUNCH_FILE', [], message, { key: true }));
    return;
  }
  const theirs = other.settings as Readonly<Record<string, unknown>>;
  for (const [key, value] of Object.entries(slot.settings))
    if (theirs[key] !== undefined && JSON.stringify(theirs[key]) !== JSON.stringify(value))
      problems.add(
        here!.problem([key], `the slot '${slot.name}' has another at ${formatPosition(there!.at([key]))}`),
      );
}
