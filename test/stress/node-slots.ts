/** The slots of the storm of nodes, and how its messages are stamped so that a torn one shows. */
import { slotConfig, slotSpec } from '../../framework/slots/index.js';
import type { SlotSpec } from '../../framework/spec.js';
import type { View } from '../../framework/schema/types.js';
import { Image } from '../../schemas/index.js';

export const DOMAIN = 'storm';
export const SEATS = 8;

const DEPTHS = [1, 8, 64] as const;
const MAX_BYTES = 20_000;

export const SLOTS: readonly SlotSpec[] = DEPTHS.map((depth, at) =>
  slotSpec(`storm/${at}`, Image, {
    depth,
    maxBytes: MAX_BYTES,
    // Each seat has two threads, each a participant, and its successor may come before the dead one is recovered.
    maxReaders: 6 * SEATS,
    maxPublishers: 6 * SEATS,
    pinsPerReader: 4,
    loansPerPublisher: 3,
  }),
);

export const configOf = (slot: number): ReturnType<typeof slotConfig> => slotConfig(SLOTS[slot]!);

/** Every byte of the data tells whose message it is. */
const patternOf = (writer: number, counter: number): number => (writer * 31 + counter * 7) & 0xff;

/** `width` names the writer, `height` counts its messages, `data` repeats both. */
export function stampOf(writer: number, counter: number, bytes: number): Parameters<typeof imageOf>[0] {
  return { writer, counter, data: new Uint8Array(bytes).fill(patternOf(writer, counter)) };
}

export function imageOf({ writer, counter, data }: { writer: number; counter: number; data: Uint8Array }) {
  return {
    stamp: { sec: writer, nsec: counter },
    frame_id: `writer ${writer}`,
    width: writer,
    height: counter,
    encoding: 'mono8' as const,
    is_bigendian: false,
    step: data.length,
    data,
  };
}

/** @throws Error when the message is not as its writer left it */
export function checkImage(view: View<Image>): { writer: number; counter: number } {
  const { width: writer, height: counter, data } = view;
  const pattern = patternOf(writer, counter);
  const whole =
    view.frame_id === `writer ${writer}` &&
    view.step === data.length &&
    view.stamp.sec === writer &&
    view.stamp.nsec === counter &&
    data.every((byte) => byte === pattern);
  if (!whole) throw new Error(`a torn message of writer ${writer}, its ${counter}th`);
  return { writer, counter };
}
