#pragma once
#include <cstdint>
#include <vector>

namespace babus::os {

// Where and how a process of ours runs, and what it may use. What is set holds for all of its threads, and
// for those that they start later. All throw SystemError; a process that has ended is no error.

enum class Policy { kOther, kBatch, kIdle, kFifo, kRoundRobin };
enum class Resource { kCore, kLockedMemory, kOpenFiles };

constexpr uint64_t kUnlimited = ~uint64_t{0};

// Numbers of processors; those that the machine does not have are left aside unless there are no others.
void set_affinity(uint32_t pid, const std::vector<uint32_t>& cpus);
// `priority` is 1 to 99 for kFifo and kRoundRobin, and 0 else.
void set_policy(uint32_t pid, Policy policy, int priority);
// -20 (served first) to 19.
void set_nice(uint32_t pid, int nice);
// Both the limit and the most it may be raised to.
void set_limit(uint32_t pid, Resource resource, uint64_t value);

}  // namespace babus::os
