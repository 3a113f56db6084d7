#pragma once
#include <string>
#include <vector>

#include "core/sleeper.hpp"
#include "support/slots.hpp"

namespace babus::test {

using Woken = core::Sleeper::Woken;

// Whatever is true of sleepers is true of each kind.
constexpr core::SleepMode kEventWord = core::SleepMode::kEventWord;
constexpr core::SleepMode kOwnWord = core::SleepMode::kOwnWord;
constexpr core::SleepMode kDoorbell = core::SleepMode::kDoorbell;
constexpr core::SleepMode kSleepModes[] = {kEventWord, kOwnWord, kDoorbell};

std::vector<core::Sleeper::Watch> watch(const core::Subscription& subscription);

// A slot with room for a crowd.
core::SlotConfig wide(const std::string& name = "wide");

// Until so many rows sleep, each counted once for each of its bits.
void await_sleepers(uint32_t count);

// Names of the doorbells in the domain's folder.
std::vector<std::string> bells();

}  // namespace babus::test
