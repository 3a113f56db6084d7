#pragma once
#include <cstdint>
#include <optional>

namespace babus::os {

// Sleeps while *word == expected, until a wake whose bits meet `bits`, or until the deadline (monotonic ns).
// Returns at once when the word has another value; may return without a reason: callers look again. False
// when the deadline was over.
bool futex_wait(const void* word, uint32_t expected, uint32_t bits,
                std::optional<uint64_t> deadline_ns) noexcept;

// Sleeps while *shared == expected and *own == 0, of which `own` lies in memory of this process alone. On a
// kernel that cannot wait for two words (before 5.16, or forbidden by a sandbox) returns ten times a second.
void futex_wait_either(const void* shared, uint32_t expected, const void* own) noexcept;

// Wakes every sleeper on `word` whose bits meet `bits`. One system call.
void futex_wake(const void* word, uint32_t bits) noexcept;

}  // namespace babus::os
