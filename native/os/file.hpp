#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "os/fd.hpp"

namespace babus::os {

enum class Access { kRead, kReadWrite };

// Opens a folder; symbolic links in the last place are refused. Empty when it does not exist.
std::optional<Fd> open_folder(const std::string& path);

// True when the folder belongs to the user we act as.
bool is_own(const Fd& folder, const std::string& path);

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
// ENOSPC when tmpfs is full; what was there keeps its contents.
void reserve(const Fd& file, uint64_t offset, uint64_t bytes, const std::string& name);

// False when there was no such file.
bool remove_file(const Fd& folder, const std::string& name);
// False when it was not there or is not empty.
bool remove_folder(const std::string& path);

std::vector<std::string> list_folder(const Fd& folder, const std::string& path);

}  // namespace babus::os
