#include "os/futex.hpp"

#include <atomic>
#include <thread>

#include "harness.hpp"
#include "os/clock.hpp"
#include "support/child.hpp"

using namespace babus::os;

TEST("futex: a word with another value is not slept on") {
  std::atomic<uint32_t> word{5};
  futex_wait(&word, 4, 1, std::nullopt);
}

TEST("futex: a wait ends at its deadline, not before") {
  std::atomic<uint32_t> word{5};
  const uint64_t deadline = monotonic_ns() + 20'000'000;
  while (monotonic_ns() < deadline) futex_wait(&word, 5, 1, deadline);
  futex_wait(&word, 5, 1, 1);  // long past
}

TEST("futex: a wake reaches sleepers of other processes whose bits meet") {
  auto& word = babus::test::shared<std::atomic<uint32_t>>();
  babus::test::Child sleeper([&] {
    while (word == 0) futex_wait(&word, 0, 0b0110, std::nullopt);
  });
  word = 1;
  futex_wake(&word, 0b1100);
  sleeper.join();
}
