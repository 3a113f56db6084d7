#include "os/futex.hpp"

#include <linux/futex.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <climits>

#include "os/clock.hpp"

namespace babus::os {

// Not FUTEX_PRIVATE_FLAG: the words lie in memory shared between processes. FUTEX_WAIT_BITSET takes an
// absolute time of CLOCK_MONOTONIC, so a wait that is begun again after a spurious wake does not get longer.
bool futex_wait(const void* word, uint32_t expected, uint32_t bits,
                std::optional<uint64_t> deadline_ns) noexcept {
  timespec until{};
  if (deadline_ns) {
    until.tv_sec = static_cast<time_t>(*deadline_ns / 1'000'000'000u);
    until.tv_nsec = static_cast<long>(*deadline_ns % 1'000'000'000u);
  }
  const long result =
      ::syscall(SYS_futex, word, FUTEX_WAIT_BITSET, expected, deadline_ns ? &until : nullptr, nullptr, bits);
  return result == 0 || errno != ETIMEDOUT;
}

void futex_wait_either(const void* shared, uint32_t expected, const void* own) noexcept {
#ifdef SYS_futex_waitv
  futex_waitv words[2]{};
  words[0].uaddr = reinterpret_cast<uintptr_t>(shared);
  words[0].val = expected;
  words[0].flags = FUTEX_32;
  words[1].uaddr = reinterpret_cast<uintptr_t>(own);
  words[1].flags = FUTEX_32;
  if (::syscall(SYS_futex_waitv, words, 2, 0, nullptr, CLOCK_MONOTONIC) >= 0) return;
  if (errno != ENOSYS && errno != EPERM) return;
#endif
  static_cast<void>(own);
  constexpr uint64_t kLookAgainNs = 100'000'000;
  futex_wait(shared, expected, ~uint32_t{0}, monotonic_ns() + kLookAgainNs);
}

void futex_wake(const void* word, uint32_t bits) noexcept {
  ::syscall(SYS_futex, word, FUTEX_WAKE_BITSET, INT_MAX, nullptr, nullptr, bits);
}

}  // namespace babus::os
