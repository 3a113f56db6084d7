#pragma once
#include <cstdint>
#include <string>

#include "os/fd.hpp"

namespace babus::os {

enum class LockMode { kShared, kExclusive };

// Byte-range locks that belong to an open file description (Linux F_OFD_*): the kernel lets go of them when
// the last descriptor of that description is closed, so when the process dies, and not when some other
// descriptor of the file is.

// False when somebody else holds a lock that conflicts. Converts a lock that this description already holds.
bool try_lock(const Fd& file, uint64_t first, uint64_t count, LockMode mode);
// Waits until the lock is free, looking every millisecond. False when it was not within that time: the kernel
// knows no wait for a lock that ends by itself.
bool lock_within(const Fd& file, uint64_t first, uint64_t count, LockMode mode, uint64_t timeout_ns);
void unlock(const Fd& file, uint64_t first, uint64_t count);
// True when another description holds an exclusive lock; shared ones do not count.
bool is_locked_exclusively(const Fd& file, uint64_t first, uint64_t count);
// True when another description holds a lock of either kind.
bool is_locked(const Fd& file, uint64_t first, uint64_t count);

// The same for a folder as a whole (flock), which has no bytes to lock: says who is about to put something
// into it, and keeps nobody from doing so. False when somebody else holds a lock that conflicts, or the file
// system has no such locks.
bool try_lock_folder(const Fd& folder, LockMode mode) noexcept;
void unlock_folder(const Fd& folder) noexcept;

}  // namespace babus::os
