#pragma once
#include <cstdint>

#include "sync/step.hpp"

namespace babus::test {

// The signal that this process sends itself when it reaches `step` for the `nth` time (from 1) from now on.
void signal_at(sync::Step step, uint32_t nth, int signal_number);

// As written in the list of steps, such as "commit.published".
const char* name_of(sync::Step step);

}  // namespace babus::test
