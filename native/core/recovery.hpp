#pragma once
#include <cstdint>

#include "core/domain.hpp"

namespace babus::core {

// If the participant of `row` is dead, gives back its pins, claims, sleeper bits and places, wakes the
// sleepers and frees the row. Several may do this at once, and any of them may stop or die at any step. True
// when the row was dead.
bool recover_if_dead(const Domain& domain, uint32_t row);

}  // namespace babus::core
