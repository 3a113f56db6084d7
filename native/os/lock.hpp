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
// Waits until the lock is free.
void lock(const Fd& file, uint64_t first, uint64_t count, LockMode mode);
void unlock(const Fd& file, uint64_t first, uint64_t count);
// True when another description holds an exclusive lock; shared ones do not count.
bool is_locked_exclusively(const Fd& file, uint64_t first, uint64_t count);
// True when another description holds a lock of either kind.
bool is_locked(const Fd& file, uint64_t first, uint64_t count);

// Holds a lock until the end of a scope.
class ScopedLock {
 public:
  ScopedLock(const Fd& file, uint64_t first, uint64_t count, LockMode mode)
      : file_(file), first_(first), count_(count) {
    lock(file, first, count, mode);
  }
  ~ScopedLock() { unlock(file_, first_, count_); }
  ScopedLock(const ScopedLock&) = delete;
  ScopedLock& operator=(const ScopedLock&) = delete;

 private:
  const Fd& file_;
  uint64_t first_;
  uint64_t count_;
};

}  // namespace babus::os
