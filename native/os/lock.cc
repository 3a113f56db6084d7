#include "os/lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <time.h>

#include <cerrno>

#include "os/clock.hpp"
#include "os/error.hpp"

namespace babus::os {
namespace {

struct flock range(uint64_t first, uint64_t count, short type) {
  struct flock request {};
  request.l_type = type;
  request.l_whence = SEEK_SET;
  request.l_start = static_cast<off_t>(first);
  request.l_len = static_cast<off_t>(count);
  return request;
}

short type_of(LockMode mode) { return mode == LockMode::kShared ? F_RDLCK : F_WRLCK; }

// Whether another description holds what conflicts with a lock of this kind.
bool conflicts(const Fd& file, uint64_t first, uint64_t count, LockMode mode) {
  auto request = range(first, count, type_of(mode));
  if (::fcntl(file.get(), F_OFD_GETLK, &request) != 0)
    fail("fcntl(F_OFD_GETLK)", "byte " + std::to_string(first));
  return request.l_type != F_UNLCK;
}

}  // namespace

bool try_lock(const Fd& file, uint64_t first, uint64_t count, LockMode mode) {
  auto request = range(first, count, type_of(mode));
  if (::fcntl(file.get(), F_OFD_SETLK, &request) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  fail("fcntl(F_OFD_SETLK)", "byte " + std::to_string(first));
}

bool lock_within(const Fd& file, uint64_t first, uint64_t count, LockMode mode, uint64_t timeout_ns) {
  const uint64_t deadline_ns = monotonic_ns() + timeout_ns;
  const timespec a_millisecond{0, 1'000'000};
  while (!try_lock(file, first, count, mode)) {
    if (monotonic_ns() >= deadline_ns) return false;
    ::nanosleep(&a_millisecond, nullptr);
  }
  return true;
}

void unlock(const Fd& file, uint64_t first, uint64_t count) {
  auto request = range(first, count, F_UNLCK);
  if (::fcntl(file.get(), F_OFD_SETLK, &request) != 0)
    fail("fcntl(F_UNLCK)", "byte " + std::to_string(first));
}

// What conflicts with a shared lock is an exclusive one.
bool is_locked_exclusively(const Fd& file, uint64_t first, uint64_t count) {
  return conflicts(file, first, count, LockMode::kShared);
}

bool is_locked(const Fd& file, uint64_t first, uint64_t count) {
  return conflicts(file, first, count, LockMode::kExclusive);
}

bool try_lock_folder(const Fd& folder, LockMode mode) noexcept {
  return ::flock(folder.get(), (mode == LockMode::kShared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0;
}

void unlock_folder(const Fd& folder) noexcept { ::flock(folder.get(), LOCK_UN); }

}  // namespace babus::os
