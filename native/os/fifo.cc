#include "os/fifo.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "os/clock.hpp"
#include "os/error.hpp"

namespace babus::os {
namespace {

constexpr int kFlags = O_RDWR | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC;

bool is_grouped(const Fd& like, struct stat& info) {
  if (::fstat(like.get(), &info) != 0) fail("fstat", "the file that rights are taken from");
  return (info.st_mode & S_IWGRP) != 0;
}

}  // namespace

// Exactly these rights, whatever the umask. Again when they changed meanwhile: who opens a domain to a group
// gives it the file first, then the FIFOs there are, and we might undo that.
void Fifo::give_rights(const Fd& folder, const std::string& name, const Fd& like) {
  struct stat info;
  const bool grouped = is_grouped(like, info);
  if (grouped &&
      ::fchownat(folder.get(), name.c_str(), static_cast<uid_t>(-1), info.st_gid, AT_SYMLINK_NOFOLLOW) != 0)
    fail("give its group", name);
  if (::fchmodat(folder.get(), name.c_str(), grouped ? 0660 : 0600, 0) != 0) fail("chmod", name);
  if (is_grouped(like, info) != grouped) give_rights(folder, name, like);
}

Fifo& Fifo::operator=(Fifo&& other) noexcept {
  close();
  fd_ = std::move(other.fd_);
  device_ = other.device_;
  inode_ = other.inode_;
  return *this;
}

Fifo Fifo::make(const Fd& folder, const std::string& name, const Fd& like) {
  if (::unlinkat(folder.get(), name.c_str(), 0) != 0 && errno != ENOENT) fail("unlink", name);
  if (::mkfifoat(folder.get(), name.c_str(), 0600) != 0) fail("make FIFO", name);
  try {
    give_rights(folder, name, like);  // before it is opened, which a umask of 0777 would forbid
    Fifo fifo;
    fifo.fd_ = Fd(::openat(folder.get(), name.c_str(), kFlags));
    struct stat info;
    if (!fifo.fd_ || ::fstat(fifo.get(), &info) != 0) fail("open FIFO", name);
    fifo.device_ = info.st_dev;
    fifo.inode_ = info.st_ino;
    return fifo;
  } catch (...) {
    ::unlinkat(folder.get(), name.c_str(), 0);
    throw;
  }
}

Fifo Fifo::open(const char* folder, const char* name, bool& no_descriptors) noexcept {
  no_descriptors = false;
  char path[4096];
  const int length = std::snprintf(path, sizeof path, "%s/%s", folder, name);
  if (length < 0 || static_cast<size_t>(length) >= sizeof path) return {};
  Fifo fifo;
  fifo.fd_ = Fd(::open(path, kFlags));
  no_descriptors = !fifo.fd_ && (errno == EMFILE || errno == ENFILE);
  struct stat info;
  struct stat owner;
  if (!fifo.fd_ || ::fstat(fifo.get(), &info) != 0 || ::lstat(folder, &owner) != 0) return {};
  fifo.device_ = info.st_dev;
  fifo.inode_ = info.st_ino;
  if (!S_ISFIFO(info.st_mode) || info.st_uid != owner.st_uid) return {};
  return fifo;
}

bool Fifo::is_sound() const noexcept {
  struct stat info;
  return fd_ && ::fstat(fd_.get(), &info) == 0 && info.st_dev == device_ && info.st_ino == inode_;
}

void Fifo::close() noexcept {
  if (fd_ && !is_sound()) fd_.release();
  fd_.reset();
}

bool Fifo::write_byte() const noexcept {
  if (!is_sound()) return false;
  const char byte = 1;
  while (::write(fd_.get(), &byte, 1) < 0 && errno == EINTR) continue;
  return true;
}

// Bounded: bytes that come faster than they are read cost another look, not the reader's time.
void Fifo::drain() const noexcept {
  if (!is_sound()) return;
  char bytes[4096];
  for (int turn = 0; turn < 16; ++turn) {
    const ssize_t count = ::read(fd_.get(), bytes, sizeof bytes);
    if (count < 0 && errno == EINTR) continue;
    if (count < static_cast<ssize_t>(sizeof bytes)) return;
  }
}

bool wait_readable(int fd, uint64_t deadline_ns) noexcept {
  const uint64_t now = monotonic_ns();
  const uint64_t left_ns = deadline_ns > now ? deadline_ns - now : 0;
  const timespec left{static_cast<time_t>(left_ns / 1'000'000'000u),
                      static_cast<long>(left_ns % 1'000'000'000u)};
  pollfd request{fd, POLLIN, 0};
  return ::ppoll(&request, 1, &left, nullptr) != 0;
}

bool SpareFd::take(const char* folder) noexcept {
  struct stat info;
  fd_ = Fd(::open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!fd_ || ::fstat(fd_.get(), &info) != 0) return false;
  inode_ = info.st_ino;
  return true;
}

bool SpareFd::drop() noexcept {
  struct stat info;
  if (!fd_) return false;
  // Somebody else closed it, and it is theirs now.
  if (::fstat(fd_.get(), &info) != 0 || info.st_ino != inode_) fd_.release();
  fd_.reset();
  return true;
}

}  // namespace babus::os
