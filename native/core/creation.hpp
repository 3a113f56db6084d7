#pragma once
#include <cstdint>
#include <string>

#include "core/directory.hpp"
#include "core/domain.hpp"
#include "core/geometry.hpp"

namespace babus::core {

// Finds the slot, whatever its settings, or makes it with `config` for the participant in `row`. Nobody waits
// for anybody: each who needs a new slot makes files of its own, and one swap decides whose they are. Throws
// ERR_BABUS_SLOT_FULL when the directory is full, ERR_BABUS_PERMISSION in another user's domain, SystemError
// when there is no room.
uint32_t find_or_create_slot(const Domain& domain, uint32_t row, const SlotConfig& config);

// Makes files of a new generation for the slot at `index`, and swaps its `current` from `expected` to them;
// then the files of the generation before are removed. False when `current` was not `expected` any more: then
// what was made is removed.
bool make_generation(const Domain& domain, uint32_t row, uint32_t index, const SlotConfig& config,
                     const Current& expected);

// Removes what a dead participant left of the files that it had announced in its row's `creating`, and of
// those that it was about to replace. False when that could not be done now.
bool remove_unfinished(const Domain& domain, uint64_t generation);

}  // namespace babus::core
