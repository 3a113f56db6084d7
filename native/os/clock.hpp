#pragma once
#include <time.h>

#include <cstdint>

namespace babus::os {

inline uint64_t clock_ns(clockid_t clock) noexcept {
  timespec now;
  clock_gettime(clock, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000u + static_cast<uint64_t>(now.tv_nsec);
}

// Publish times and latencies: never set back, the same for every process of this machine.
inline uint64_t monotonic_ns() noexcept { return clock_ns(CLOCK_MONOTONIC); }

// For people and recordings; may jump.
inline uint64_t wall_ns() noexcept { return clock_ns(CLOCK_REALTIME); }

}  // namespace babus::os
