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
  uint64_t taken_ns = 0;  // when take() pinned it, on the monotonic clock; 0 after at()
};

// The first message that a new subscription takes. Those before it do not count as missed.
class Start {
 public:
  // What is published from now on.
  static Start next() noexcept { return {Kind::kLast, 0}; }
  // Everything that is there.
  static Start oldest() noexcept { return {Kind::kLast, ~uint64_t{0}}; }
  // The last `count` messages, or as many as there are.
  static Start last(uint64_t count) noexcept { return {Kind::kLast, count}; }
  // What was published at a time of the monotonic clock, or later.
  static Start since(uint64_t monotonic_ns) noexcept { return {Kind::kSince, monotonic_ns}; }

  // The sequence to begin with.
  uint64_t of(class Subscription& subscription) const;

 private:
  enum class Kind { kLast, kSince };
  Start(Kind kind, uint64_t value) noexcept : kind_(kind), value_(value) {}
  Kind kind_;
  uint64_t value_;
};

// Reads one slot: the next messages in order, or any of the last `depth` (see history.hpp too). Payload is
// mapped read-only.
class Subscription {
 public:
  explicit Subscription(std::shared_ptr<Slot> slot, Start start = Start::next());
  ~Subscription();
  Subscription(const Subscription&) = delete;
  Subscription& operator=(const Subscription&) = delete;

  // Pins the next message; false when there is none. Counts delivery, loss and latency. Throws
  // ERR_BABUS_PIN_QUOTA, ERR_BABUS_SLOT_CORRUPT.
  bool take(Message& out);
  // Pins message `sequence` wherever the cursor stands; false when it is gone or not there yet.
  bool at(uint64_t sequence, Message& out);
  // The same, and says why not; a message that cannot be is no error.
  sync::Found find(uint64_t sequence, Message& out);
  void release(uint32_t pin);

  // Sequence of the newest message, 0 when there is none.
  uint64_t newest() {
    slot_->check_sound(data_.get());
    return slot_->newest();
  }
  // Sequence of the oldest message that is there, newest() + 1 when none is.
  uint64_t oldest();
  // The last sequence that take() has delivered or counted as missed.
  uint64_t position() const noexcept { return next_ - 1; }
  void seek(uint64_t sequence) noexcept { next_ = sequence + 1; }

  Slot& slot() const noexcept { return *slot_; }
  const std::shared_ptr<os::Mapping>& data() const noexcept { return data_; }
  const std::byte* payload(uint32_t buffer) const noexcept;

 private:
  sync::Found pin(uint64_t sequence, Message& out);
  [[noreturn]] void refuse_stuck();
  void skip_to_oldest();
  void skip_to(uint64_t sequence) noexcept;

  std::shared_ptr<Slot> slot_;
  std::shared_ptr<os::Mapping> data_;
  uint64_t next_;
  uint64_t missed_ = 0;  // since the last delivery
  std::vector<bool> pinned_;
};

}  // namespace babus::core
