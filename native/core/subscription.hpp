#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "core/slot.hpp"
#include "os/mapping.hpp"

namespace babus::core {

// A pinned message: its bytes do not change until release(pin).
struct Message {
  uint32_t pin = 0;
  uint32_t buffer = 0;
  uint64_t sequence = 0;
  uint64_t missed = 0;  // messages lost between the one taken before and this
  uint64_t length = 0;  // bytes of payload
  uint64_t monotonic_ns = 0;
  uint64_t wall_ns = 0;
};

// Reads one slot: the next messages in order, or any of the last `depth`. Payload is mapped read-only.
class Subscription {
 public:
  explicit Subscription(std::shared_ptr<Slot> slot);
  ~Subscription();
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  // Pins the next message; false when there is none. Counts delivery, loss and latency. Throws
  // ERR_BABUS_PIN_QUOTA, ERR_BABUS_SLOT_CORRUPT.
  bool take(Message& out);
  // Pins message `sequence` wherever the cursor stands; false when it is gone or not there yet.
  bool at(uint64_t sequence, Message& out);
  void release(uint32_t pin);

  // Sequence of the newest message, 0 when there is none.
  uint64_t newest() { return slot_->newest(); }
  // The last sequence that take() has delivered or counted as missed.
  uint64_t position() const noexcept { return next_ - 1; }
  void seek(uint64_t sequence) noexcept { next_ = sequence + 1; }

  Slot& slot() const noexcept { return *slot_; }
  const std::shared_ptr<os::Mapping>& data() const noexcept { return data_; }
  const std::byte* payload(uint32_t buffer) const noexcept;

 private:
  sync::Found pin(uint64_t sequence, Message& out);
  void skip_to_oldest();
  void skip_to(uint64_t sequence) noexcept;

  std::shared_ptr<Slot> slot_;
  std::shared_ptr<os::Mapping> data_;
  uint64_t next_;
  uint64_t missed_ = 0;  // since the last delivery
  std::vector<bool> pinned_;
};

}  // namespace babus::core
