#pragma once
#include <optional>
#include <string>
#include <vector>

#include "core/geometry.hpp"

namespace babus::core {

// How what is asked for differs from what is there.
struct Difference {
  const char* code;  // ERR_BABUS_SLOT_CONFIG or ERR_BABUS_SCHEMA_MISMATCH
  std::string text;  // `slot a/b: depth is 4 there and 5 here`
};

// The first setting that differs. Empty when none does.
std::optional<Difference> difference_of(const SlotConfig& wanted, const SlotConfig& existing);

// Throws the difference, naming those who use the slot: none of them may be hurt. `users` may be empty.
[[noreturn]] void refuse(const Difference& difference, const std::vector<std::string>& users);

}  // namespace babus::core
