#pragma once
#include <cstdint>
#include <optional>
#include <string>

#include "core/domain.hpp"

namespace babus::core {

// What a directory entry's `current` holds: which files are the slot. In one word, so that one swap decides.
struct Current {
  static constexpr uint64_t kGenerationMax = (uint64_t{1} << 40) - 1;

  uint64_t generation = 0;  // of the files; 0: there are none
  uint32_t turns = 0;       // how often somebody began to replace this generation; no two have one word
  uint32_t bit = 0;         // the slot's event bit
  bool closing = false;     // somebody wants to replace it, and looks whether anybody uses it

  static Current of(uint64_t word) noexcept {
    return {word >> 24, static_cast<uint32_t>(word >> 8 & 0xffff), static_cast<uint32_t>(word >> 1 & 0x7f),
            (word & 1) != 0};
  }
  uint64_t word() const noexcept {
    return generation << 24 | uint64_t{turns & 0xffff} << 8 | uint64_t{bit & 0x7f} << 1 | (closing ? 1u : 0u);
  }
};

Current current_of(const DirectoryEntry& entry) noexcept;

// The name at a place whose `current` was seen not to be 0.
std::string name_of(const DirectoryEntry& entry);

// Finds a slot by name. Empty when the domain has none, or it is only being made.
std::optional<uint32_t> find_slot(const Domain& domain, const std::string& name);

// Finds or takes the place for a name. Several may do so at once, and stop or die anywhere. Throws
// ERR_BABUS_SLOT_FULL.
uint32_t claim_place(const Domain& domain, const std::string& name);

// Calls visit(row) for each row of a slot's bitmap whose participant is attached to the slot, or died while
// it was. Other bits were set by nobody who keeps to the protocol, and count for nothing.
template <typename Visit>
void each_attached(const Domain& domain, uint32_t index, const sync::RowSet& rows, Visit&& visit) {
  rows.each([&](uint32_t row) {
    if (domain.is_taken(row) && domain.row(row).attached.has(index)) visit(row);
    return true;
  });
}

// The event bit that the fewest slots have.
uint32_t least_used_bit(const Domain& domain);

}  // namespace babus::core
