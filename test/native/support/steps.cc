#include "support/steps.hpp"

#include <signal.h>
#include <unistd.h>

#include <atomic>

namespace babus {
namespace {

// Set before the threads of a test start, and counted by any of them.
std::atomic<uint32_t> chosen{static_cast<uint32_t>(sync::Step::kCount)};
std::atomic<uint32_t> left{0};
std::atomic<int> signal_number{0};

}  // namespace

namespace sync {

void reached(Step step) noexcept {
  if (static_cast<uint32_t>(step) != chosen.load(std::memory_order_relaxed)) return;
  if (left.fetch_sub(1, std::memory_order_relaxed) == 1)
    ::kill(::getpid(), signal_number.load(std::memory_order_relaxed));
}

}  // namespace sync

namespace test {

void signal_at(sync::Step step, uint32_t nth, int number) {
  signal_number = number;
  left = nth;
  chosen = static_cast<uint32_t>(step);
}

const char* name_of(sync::Step step) {
  static constexpr const char* kNames[] = {
#define BABUS_STEP_NAME(name, text) text,
      BABUS_STEPS(BABUS_STEP_NAME)
#undef BABUS_STEP_NAME
  };
  return kNames[static_cast<uint32_t>(step)];
}

}  // namespace test
}  // namespace babus
