#pragma once
#include <array>
#include <cstdint>
#include <memory>
#include <vector>

#include "core/backing.hpp"
#include "core/slot.hpp"
#include "os/mapping.hpp"

namespace babus::core {

// Publishes to one slot: loan a buffer, fill it in place, commit it. Never waits for readers.
class Publisher {
 public:
  explicit Publisher(std::shared_ptr<Slot> slot);
  ~Publisher();
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

  // Claims a buffer whose first `fixed_bytes` of payload are zero. Throws ERR_BABUS_LOAN_QUOTA,
  // ERR_BABUS_SHM_FULL.
  uint32_t loan(uint64_t fixed_bytes);
  // Backs the first `bytes` of the payload with memory before anyone writes there. Throws
  // ERR_BABUS_MESSAGE_TOO_LONG, ERR_BABUS_SHM_FULL (the loan stays open; the next ones go to buffers that
  // have as much already, where there are any).
  void reserve(uint32_t buffer, uint64_t bytes);
  // Backs as many buffers as loans go to while no reader holds messages, whole, and takes their pages, so
  // that no loan waits for memory. Throws ERR_BABUS_SHM_FULL.
  void prefault();
  // Publishes `bytes` of payload and wakes the sleepers. Returns the sequence. Throws ERR_BABUS_LOAN_CLOSED
  // when the buffer is not on loan, ERR_BABUS_SLOT_CORRUPT.
  uint64_t commit(uint32_t buffer, uint64_t bytes);
  void discard(uint32_t buffer);

  Slot& slot() const noexcept { return *slot_; }
  const std::shared_ptr<os::Mapping>& data() const noexcept { return data_; }
  std::byte* payload(uint32_t buffer) const noexcept;

 private:
  uint32_t claim(uint64_t fixed_bytes);
  uint32_t claim_somehow();
  bool try_claim(uint32_t buffer) noexcept;
  bool claim_known(uint32_t& buffer) noexcept;
  bool claim_any(uint32_t& buffer) noexcept;
  bool claim_backed(uint64_t bytes, uint32_t& buffer);
  void free_orphans();
  void remember(uint32_t buffer) noexcept;
  [[noreturn]] void refuse_commit();
  void check_loaned(uint32_t buffer) const;
  MessageHeader& header(uint32_t buffer) const noexcept;

  std::shared_ptr<Slot> slot_;
  os::Fd file_;
  std::shared_ptr<os::Mapping> data_;
  uint64_t claimed_;
  std::vector<bool> loaned_;
  Backing backing_;
  // Buffers that left the ring by our commits and have memory already: tried first, so that few buffers are
  // ever touched.
  std::array<uint32_t, 32> known_{};
  uint32_t known_count_ = 0;
  uint32_t next_ = 0;
};

}  // namespace babus::core
