#include "os/mapping.hpp"

#include <sys/mman.h>

#include <algorithm>

#include "os/error.hpp"

namespace babus::os {

Mapping::Mapping(const Fd& file, uint64_t bytes, Access access, const std::string& name,
                 const std::string& stray_write)
    : bytes_(bytes) {
  const int protection = access == Access::kRead ? PROT_READ : PROT_READ | PROT_WRITE;
  void* address = ::mmap(nullptr, bytes, protection, MAP_SHARED | MAP_NORESERVE, file.get(), 0);
  if (address == MAP_FAILED) fail("mmap", name);
  address_ = address;
  // A core dump of a crashed node must not drag gigabytes of other nodes' images along.
  ::madvise(address, bytes, MADV_DONTDUMP);
  const std::string who =
      stray_write.empty() ? "a write to " + name + ", which is mapped read-only" : stray_write;
  try {
    guard_ = std::make_unique<FaultGuard>(address, bytes, protection, who);
  } catch (...) {
    ::munmap(address, bytes);
    throw;
  }
}

Mapping::~Mapping() {
  guard_.reset();
  if (address_ != nullptr) ::munmap(address_, bytes_);
}

void Mapping::populate(uint64_t offset, uint64_t bytes) const noexcept {
  const uint64_t begin = offset / page_bytes() * page_bytes();
  const uint64_t end = std::min(offset + bytes, bytes_);
  // Linux 5.14 and newer; before that, and when memory is short, this changes nothing.
  if (begin < end) ::madvise(data() + begin, end - begin, MADV_POPULATE_WRITE);
}

uint64_t page_bytes() noexcept {
  static const auto bytes = static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
  return bytes;
}

}  // namespace babus::os
