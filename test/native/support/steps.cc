#include "support/steps.hpp"

#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <atomic>

#include "support/random.hpp"

namespace babus {
namespace {

// Set before the threads of a test start, and counted by any of them.
std::atomic<uint32_t> chosen{static_cast<uint32_t>(sync::Step::kCount)};
std::atomic<uint32_t> left{0};
std::atomic<int> signal_number{0};
std::atomic<uint32_t> yield_one_in{0};
std::atomic<uint64_t> yield_seed{0};
std::atomic<std::atomic<uint64_t>*> counted{nullptr};

void let_others_run() noexcept {
  const uint32_t one_in = yield_one_in.load(std::memory_order_relaxed);
  if (one_in == 0) return;
  const uint64_t drawn = test::mixed(yield_seed.fetch_add(1, std::memory_order_relaxed));
  if (drawn % one_in == 0) ::sched_yield();
}

}  // namespace

namespace sync {

void reached(Step step) noexcept {
  if (auto* counts = counted.load(std::memory_order_relaxed))
    counts[static_cast<uint32_t>(step)].fetch_add(1, std::memory_order_relaxed);
  let_others_run();
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

void perturb(uint64_t seed, uint32_t one_in) {
  yield_seed = seed;
  yield_one_in = one_in;
}

void count_steps(std::atomic<uint64_t>* counts) { counted = counts; }

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
