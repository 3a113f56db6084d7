#pragma once
#include <cstdint>
#include <optional>

namespace babus::os {

// Sleeps while *word == expected, until a wake whose bits meet `bits`, or until the deadline (monotonic ns).
// Returns at once when the word has another value; may return without a reason: callers look again.
void futex_wait(const void* word, uint32_t expected, uint32_t bits,
                std::optional<uint64_t> deadline_ns) noexcept;

// Wakes every sleeper on `word` whose bits meet `bits`. One system call.
void futex_wake(const void* word, uint32_t bits) noexcept;

}  // namespace babus::os
