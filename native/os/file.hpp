#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "os/fd.hpp"

namespace babus::os {

enum class Access { kRead, kReadWrite };

// Opens a folder; symbolic links in the last place are refused. Empty when it does not exist. One that we may
// not read but pass is opened to open files in it.
std::optional<Fd> open_folder(const std::string& path);

struct Ownership {
  uint32_t uid;
  uint32_t gid;
  uint32_t mode;  // the permission bits
};
Ownership ownership_of(const Fd& file, const std::string& name);

// Gives a file or folder of ours to a group, with these permission bits. Throws EPERM when we are no member.
void give_to_group(const Fd& file, uint32_t gid, uint32_t mode, const std::string& name);

// Makes a folder with exactly these permission bits, whatever the umask; an existing one stays as it is.
// False when the folder it should lie in does not exist.
bool make_folder(const std::string& path, unsigned mode);

// Opens a regular file of a folder, close-on-exec, never through a symbolic link. Empty when it does not
// exist.
std::optional<Fd> open_file(const Fd& folder, const std::string& name, Access access);

// A second, independent opening of the same file.
Fd reopen(const Fd& file, Access access, const std::string& name);

// Makes a new empty file, owner-only; one of that name is an error (EEXIST).
Fd create_file(const Fd& folder, const std::string& name);

// A file without a name yet: until publish_unnamed() nobody can see it, and a crash leaves nothing. Empty
// when the folder was removed.
std::optional<Fd> create_unnamed(const Fd& folder, const std::string& folder_path);

// Gives an unnamed file its name; false when that name is taken or the folder was removed.
bool publish_unnamed(const Fd& folder, const Fd& file, const std::string& name);

// True when `name` in the folder is still this very file, not removed or replaced.
bool is_same_file(const Fd& folder, const std::string& name, const Fd& file);

uint64_t file_size(const Fd& file, const std::string& name);
void resize(const Fd& file, uint64_t bytes, const std::string& name);

// Backs [offset, offset + bytes) with memory now, so that touching it later cannot raise SIGBUS. Throws
// ENOSPC when tmpfs is full; what was there keeps its contents. Gets on however often signals interrupt it.
// False when the file ends before that: somebody truncated it.
[[nodiscard]] bool reserve(const Fd& file, uint64_t offset, uint64_t bytes, const std::string& name);

// True when [offset, offset + bytes) surely has memory: touching it cannot fail on a full file system. Pages
// that were reserved and never written count as having none.
bool is_backed(const Fd& file, uint64_t offset, uint64_t bytes) noexcept;

// False when there was no such file.
bool remove_file(const Fd& folder, const std::string& name);
// False when it was not there or is not empty.
bool remove_folder(const std::string& path);

std::vector<std::string> list_folder(const Fd& folder, const std::string& path);

}  // namespace babus::os
