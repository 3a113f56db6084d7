#pragma once
#include <cstdint>

#include "core/subscription.hpp"

namespace babus::core {

// Reading back: what a slot still has, whether it was taken or not. None of it moves the subscription's
// cursor. A publisher never waits for who reads back, so a message can go between the look-up and the pin.

// Pins the message `back` places before the newest (0: the newest itself); false when there are not so many.
// Throws as Subscription::at does.
bool at_back(Subscription& subscription, uint64_t back, Message& out);

// Sequence of the first message that was not published earlier than `monotonic_ns`; newest + 1 when all that
// are there were. Holds one pin at a time, and none when it returns. Throws ERR_BABUS_PIN_QUOTA,
// ERR_BABUS_SLOT_CORRUPT when the slot's files are damaged; a message that cannot be is looked past.
uint64_t first_since(Subscription& subscription, uint64_t monotonic_ns);

// Walks over messages that are there when it is made, oldest first, and holds one at a time. Those that are
// gone when their turn comes, or cannot be, are skipped and counted.
class History {
 public:
  explicit History(Subscription& subscription, uint64_t from = 1, uint64_t to = sync::kSequenceMax);
  ~History() { release(); }
  History(const History&) = delete;
  History& operator=(const History&) = delete;

  // Pins the next message and lets go of the one before; false at the end. Throws ERR_BABUS_PIN_QUOTA, and
  // can then be called again; ERR_BABUS_SLOT_CORRUPT when the slot's files are damaged.
  bool next(Message& out);
  uint64_t skipped() const noexcept { return skipped_; }

 private:
  void release();
  void skip_to(uint64_t sequence) noexcept;

  Subscription& subscription_;
  uint64_t next_;
  uint64_t last_;
  uint64_t skipped_ = 0;
  bool is_holding_ = false;
  uint32_t pin_ = 0;
};

}  // namespace babus::core
