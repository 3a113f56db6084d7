#include "os/lock.hpp"

#include <fcntl.h>

#include <cerrno>

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

void lock(const Fd& file, uint64_t first, uint64_t count, LockMode mode) {
  auto request = range(first, count, type_of(mode));
  while (::fcntl(file.get(), F_OFD_SETLKW, &request) != 0)
    if (errno != EINTR) fail("fcntl(F_OFD_SETLKW)", "byte " + std::to_string(first));
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

}  // namespace babus::os
