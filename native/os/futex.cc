#include "os/futex.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <climits>

namespace babus::os {

// Not FUTEX_PRIVATE_FLAG: the words lie in memory shared between processes. FUTEX_WAIT_BITSET takes an
// absolute time of CLOCK_MONOTONIC, so a wait that is begun again after a spurious wake does not get longer.
void futex_wait(const void* word, uint32_t expected, uint32_t bits,
                std::optional<uint64_t> deadline_ns) noexcept {
  timespec until{};
  if (deadline_ns) {
    until.tv_sec = static_cast<time_t>(*deadline_ns / 1'000'000'000u);
    until.tv_nsec = static_cast<long>(*deadline_ns % 1'000'000'000u);
  }
  ::syscall(SYS_futex, word, FUTEX_WAIT_BITSET, expected, deadline_ns ? &until : nullptr, nullptr, bits);
}

void futex_wake(const void* word, uint32_t bits) noexcept {
  ::syscall(SYS_futex, word, FUTEX_WAKE_BITSET, INT_MAX, nullptr, nullptr, bits);
}

}  // namespace babus::os
