#pragma once
#include <atomic>
#include <cstdint>

#include "sync/step.hpp"

namespace babus::test {

// The process that calls this sends itself `number` when it reaches the step for the nth time (1: the first).
// A thread sanitizer build can do it too; a process may choose one step at a time.
void signal_at(sync::Step step, uint32_t nth, int number);

// From now on this process lets others run at one of `one_in` steps, by chance, so that what rarely comes
// between two steps comes often.
void perturb(uint64_t seed, uint32_t one_in);

// From now on this process counts its passings of each step here: Step::kCount numbers, which children and
// parent may share.
void count_steps(std::atomic<uint64_t>* counts);

// The name for people, as in the list.
const char* name_of(sync::Step step);

}  // namespace babus::test
