#pragma once
#include <cstdint>

#include "core/agreement.hpp"
#include "core/domain.hpp"
#include "core/geometry.hpp"

namespace babus::core {

// Says in the participant's row that it uses the slot: from then on nobody replaces the slot's files. Keeps
// the present ones if somebody was about to, who may be stopped or dead. What is current after this stays so
// until release_slot().
void hold_slot(const Domain& domain, uint32_t row, uint32_t index) noexcept;
void release_slot(const Domain& domain, uint32_t row, uint32_t index) noexcept;

// Names of the participants that live and use the slot.
std::vector<std::string> users_of(const Domain& domain, uint32_t index);

// Replaces the slot's files of `generation` by new ones with `config`, from which they differ by
// `difference`, and which start with no messages. Does nothing when the slot has changed meanwhile: look
// again. Throws the difference when anybody alive uses the slot.
void replace_slot(const Domain& domain, uint32_t row, uint32_t index, uint64_t generation,
                  const SlotConfig& config, const Difference& difference);

}  // namespace babus::core
