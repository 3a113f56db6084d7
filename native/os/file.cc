#include "os/file.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <memory>

#include "os/error.hpp"

namespace babus::os {

std::optional<Fd> open_folder(const std::string& path) {
  Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (fd) return fd;
  if (errno == ENOENT) return std::nullopt;
  if (errno != EACCES) fail("open folder", path);
  fd = Fd(::open(path.c_str(), O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!fd) fail("open folder", path);
  return fd;
}

Ownership ownership_of(const Fd& file, const std::string& name) {
  struct stat info;
  if (::fstat(file.get(), &info) != 0) fail("fstat", name);
  return {info.st_uid, info.st_gid, info.st_mode & 07777};
}

void give_to_group(const Fd& file, uint32_t gid, uint32_t mode, const std::string& name) {
  if (::fchown(file.get(), static_cast<uid_t>(-1), gid) != 0) fail("give to the group", name);
  if (::fchmod(file.get(), mode) != 0) fail("fchmod", name);
}

bool make_folder(const std::string& path, unsigned mode) {
  if (::mkdir(path.c_str(), 0700) != 0) {
    if (errno == ENOENT) return false;
    if (errno != EEXIST) fail("mkdir", path);
    // One of ours that lacks rights was made by somebody who died before the next call.
    struct stat info;
    const bool unfinished = ::lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode) &&
                            info.st_uid == ::geteuid() && (info.st_mode & 07777) == 0700;
    if (!unfinished || mode == 0700) return true;
  }
  // Gone again already when its last user removed it: the caller's next step will see that.
  if (::chmod(path.c_str(), mode) != 0 && errno != ENOENT) fail("chmod", path);
  return true;
}

std::optional<Fd> open_file(const Fd& folder, const std::string& name, Access access) {
  const int flags = (access == Access::kRead ? O_RDONLY : O_RDWR) | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK;
  Fd fd(::openat(folder.get(), name.c_str(), flags));
  if (!fd) {
    if (errno == ENOENT) return std::nullopt;
    fail("open", name);
  }
  struct stat info;
  if (::fstat(fd.get(), &info) != 0) fail("fstat", name);
  // A FIFO or device planted under the name would block or misbehave later, far from here.
  if (!S_ISREG(info.st_mode)) throw SystemError(EINVAL, "open (not a regular file)", name);
  return fd;
}

Fd reopen(const Fd& file, Access access, const std::string& name) {
  const std::string self = "/proc/self/fd/" + std::to_string(file.get());
  Fd fd(::open(self.c_str(), (access == Access::kRead ? O_RDONLY : O_RDWR) | O_CLOEXEC));
  if (!fd) fail("open again", name);
  return fd;
}

Fd create_file(const Fd& folder, const std::string& name) {
  Fd fd(::openat(folder.get(), name.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!fd) fail("create", name);
  return fd;
}

std::optional<Fd> create_unnamed(const Fd& folder, const std::string& folder_path) {
  Fd fd(::openat(folder.get(), ".", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
  if (fd) return fd;
  if (errno == ENOENT) return std::nullopt;
  fail("create an unnamed file in", folder_path);
}

bool publish_unnamed(const Fd& folder, const Fd& file, const std::string& name) {
  const std::string self = "/proc/self/fd/" + std::to_string(file.get());
  if (::linkat(AT_FDCWD, self.c_str(), folder.get(), name.c_str(), AT_SYMLINK_FOLLOW) == 0) return true;
  if (errno == EEXIST || errno == ENOENT) return false;
  fail("link", name);
}

bool is_same_file(const Fd& folder, const std::string& name, const Fd& file) {
  struct stat named;
  struct stat opened;
  if (::fstat(file.get(), &opened) != 0) fail("fstat", name);
  if (::fstatat(folder.get(), name.c_str(), &named, AT_SYMLINK_NOFOLLOW) != 0) return false;
  return named.st_dev == opened.st_dev && named.st_ino == opened.st_ino;
}

uint64_t file_size(const Fd& file, const std::string& name) {
  struct stat info;
  if (::fstat(file.get(), &info) != 0) fail("fstat", name);
  return static_cast<uint64_t>(info.st_size);
}

void resize(const Fd& file, uint64_t bytes, const std::string& name) {
  if (::ftruncate(file.get(), static_cast<off_t>(bytes)) != 0) fail("ftruncate", name);
}

// One call, so that what does not fit is given back by the kernel. But it also gives back all it got when a
// signal interrupts it; so then smaller steps are taken, until they are faster than the signals come.
bool reserve(const Fd& file, uint64_t offset, uint64_t bytes, const std::string& name) {
  constexpr uint64_t kLeast = uint64_t{1} << 12;
  const uint64_t end = offset + bytes;
  uint64_t step = bytes;
  while (offset < end) {
    const uint64_t next = std::min(step, end - offset);
    if (::fallocate(file.get(), FALLOC_FL_KEEP_SIZE, static_cast<off_t>(offset), static_cast<off_t>(next)) ==
        0)
      offset += next;
    else if (errno == EINTR)
      step = std::max(kLeast, step / 2);
    else
      fail("reserve memory for", name);
  }
  return file_size(file, name) >= end;
}

bool is_backed(const Fd& file, uint64_t offset, uint64_t bytes) noexcept {
  const off_t hole = ::lseek(file.get(), static_cast<off_t>(offset), SEEK_HOLE);
  return hole >= 0 && static_cast<uint64_t>(hole) >= offset + bytes;
}

bool remove_file(const Fd& folder, const std::string& name) {
  if (::unlinkat(folder.get(), name.c_str(), 0) == 0) return true;
  if (errno == ENOENT) return false;
  fail("unlink", name);
}

bool remove_folder(const std::string& path) {
  if (::rmdir(path.c_str()) == 0) return true;
  if (errno == ENOENT || errno == ENOTEMPTY || errno == EEXIST) return false;
  fail("rmdir", path);
}

std::vector<std::string> list_folder(const Fd& folder, const std::string& path) {
  // closedir() closes the descriptor that fdopendir() was given, so it gets one of its own.
  const int own = ::openat(folder.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (own < 0) fail("open folder", path);
  const std::unique_ptr<DIR, int (*)(DIR*)> entries(::fdopendir(own), ::closedir);
  if (!entries) fail("read folder", path);
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(entries.get())) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") names.push_back(name);
  }
  return names;
}

}  // namespace babus::os
