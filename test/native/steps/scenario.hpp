#pragma once
#include <string>

#include "steps/roles.hpp"
#include "steps/world.hpp"

namespace babus::test {

// What is done to the victim at its step.
enum class Fate {
  kKilled,
  kKilledAlone,  // while nobody else publishes: only its recovery can wake who should be woken
  kGoesOn,       // stopped while the others go on, then continued
  kStoppedThenKilled
};

// Runs one victim in the world, lets it meet its fate, and checks everybody and everything afterwards.
void run_victim(World& world, const Role& role, sync::Step step, uint32_t nth, Fate fate, uint64_t writer);

// Every step of the role, at some of its first passings.
void run_role(const std::string& role, Fate fate);

}  // namespace babus::test
