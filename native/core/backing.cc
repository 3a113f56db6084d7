#include "core/backing.hpp"

#include <algorithm>

#include "core/error.hpp"
#include "os/error.hpp"

namespace babus::core {
namespace {

uint64_t pages_for(uint64_t bytes) {
  return (kMessageHeaderBytes + bytes + os::page_bytes() - 1) / os::page_bytes();
}

}  // namespace

Backing::Backing(const Slot& slot, const os::Fd& file)
    : slot_(slot), file_(file), pages_(slot.geometry().reserved_whole() ? 0 : slot.geometry().buffers) {}

void Backing::reserve(uint32_t buffer, uint64_t bytes) {
  const Geometry& g = slot_.geometry();
  if (bytes > g.max_bytes)
    throw Error("ERR_BABUS_MESSAGE_TOO_LONG", slot_.name() + ": " + std::to_string(bytes) +
                                                  " bytes needed, " + std::to_string(g.max_bytes) +
                                                  " are the most; raise slots." + slot_.name() +
                                                  ".max_bytes");
  if (g.reserved_whole()) return;
  const uint64_t pages = pages_for(bytes);
  if (pages_[buffer] >= pages) return;
  check_size();  // or the file would be made longer again, with nothing in it
  try {
    if (!os::reserve(file_, uint64_t{buffer} * g.stride, pages * os::page_bytes(), slot_.name()))
      check_size();
  } catch (const os::SystemError& error) {
    if (error.no_space()) short_of_bytes_ = std::max(short_of_bytes_, bytes);
    throw;
  }
  pages_[buffer] = static_cast<uint32_t>(pages);
}

bool Backing::has(uint32_t buffer, uint64_t bytes) const {
  const Geometry& g = slot_.geometry();
  if (g.reserved_whole() || pages_[buffer] >= pages_for(bytes)) return true;
  return os::is_backed(file_, uint64_t{buffer} * g.stride, pages_for(bytes) * os::page_bytes());
}

void Backing::check_size() const {
  if (os::file_size(file_, slot_.name()) != slot_.geometry().data_bytes)
    throw Error("ERR_BABUS_SLOT_CORRUPT",
                "slot " + slot_.name() + ": " + slot_.control().data_file() + " was truncated");
}

}  // namespace babus::core
