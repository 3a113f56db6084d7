#pragma once
#include "support/slots.hpp"

// What must be true of a slot whatever happened to those who used it.
namespace babus::test {

// Throws unless rows that nobody has pin nothing, and are in no bitmap. To be called while nobody joins.
void check_free_rows(const core::SlotConfig& slot);

// Throws unless nothing of the slot is claimed or pinned, and as many rows read and publish.
void check_slot_clean(const core::SlotConfig& slot, uint32_t readers, uint32_t publishers);

// Throws unless each message of the ring lies in a buffer that is marked as its.
void check_ring(const core::SlotConfig& slot);

// Uses every quota of the slot at once: all pins, all loans, a full ring. Nobody else may be attached.
void check_quotas(const core::SlotConfig& slot);

}  // namespace babus::test
