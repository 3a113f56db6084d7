#pragma once
#include <cstdint>
#include <vector>

#include "core/slot.hpp"

namespace babus::core {

// Which buffers of a slot have memory behind them, as one publisher has seen for itself: what others say of
// it would have to be believed.
class Backing {
 public:
  // `file` is the slot's data file, and outlives this.
  Backing(const Slot& slot, const os::Fd& file);

  // Backs a buffer's header and the first `bytes` of its payload. Throws ERR_BABUS_MESSAGE_TOO_LONG,
  // ERR_BABUS_SLOT_CORRUPT, SystemError (no_space()) when the file system is full.
  void reserve(uint32_t buffer, uint64_t bytes);

  // True when that much of the buffer surely has memory; asks the file system where this publisher does not
  // know. A buffer that was reserved by others and never written counts as having none.
  bool has(uint32_t buffer, uint64_t bytes) const;

  // The most that was wanted of a buffer and not to be had, since forget_shortage(); 0: nothing.
  uint64_t short_of_bytes() const noexcept { return short_of_bytes_; }
  void forget_shortage() noexcept { short_of_bytes_ = 0; }

 private:
  void check_size() const;

  const Slot& slot_;
  const os::Fd& file_;
  std::vector<uint32_t> pages_;  // of each buffer; empty when the slot's buffers were backed whole
  uint64_t short_of_bytes_ = 0;
};

}  // namespace babus::core
