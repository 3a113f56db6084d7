import type { SlotSpec } from '../../spec.js';

/** Slots in one domain's directory. */
export const MAX_SLOTS = 1024;

/** Address space that the buffers of one slot may span. */
export const MAX_SLOT_SPAN_BYTES = 16 * 2 ** 40;

const HEADER_BYTES = 64;
const PAGE_BYTES = 4096;

/** Address space of a slot's buffers: one for each message kept, pinned or on loan. Memory is used only as it is touched. */
export function slotSpanBytes(slot: SlotSpec): number {
  const buffers =
    slot.depth + slot.maxReaders * slot.pinsPerReader + slot.maxPublishers * slot.loansPerPublisher;
  const bytes = HEADER_BYTES + slot.maxBytes;
  const unit = bytes < PAGE_BYTES ? HEADER_BYTES : PAGE_BYTES;
  return buffers * Math.ceil(bytes / unit) * unit;
}
