#include "steps/board.hpp"

#include <sched.h>

#include <cstring>

#include "os/clock.hpp"
#include "support/slots.hpp"

namespace babus::test {
namespace {

constexpr uint64_t kPatienceNs = 90'000'000'000;  // a watchdog, no measure
// Each publisher may be past its look already.
constexpr uint64_t kWindow = kSlotDepth - 8;

}  // namespace

void Board::fail(const std::string& what) {
  if (complaining.exchange(1) == 1) return;
  std::strncpy(failure, what.c_str(), sizeof failure - 1);
  failed = 1;
}

void Board::publish(core::Publisher& publisher, uint64_t writer) {
  Writer& w = writers[writer];
  const uint64_t counter = w.returned + 1;
  w.started = counter;
  publish_stamped(publisher, {writer, counter});
  w.returned = counter;
}

void Board::see(const core::Subscription& subscription, const core::Message& message) {
  const Stamp stamp = read_payload(subscription, message);
  if (stamp.writer >= kWriters) throw Failure("a message of writer " + std::to_string(stamp.writer));
  Writer& w = writers[stamp.writer];
  if (stamp.counter != w.seen + 1)
    throw Failure("message " + std::to_string(message.sequence) + " is number " +
                  std::to_string(stamp.counter) + " of writer " + std::to_string(stamp.writer) + ", after " +
                  std::to_string(w.seen));
  w.seen = stamp.counter;
}

void Board::throttle(const core::Slot& slot, const std::function<bool()>& give_up) const {
  while (slot.newest_seen() >= kept + kWindow && !give_up()) ::sched_yield();
}

core::SlotConfig main_slot() {
  core::SlotConfig slot = config("main");
  slot.depth = kSlotDepth;
  slot.max_bytes = 6000;
  slot.max_readers = slot.max_publishers = 6;
  return slot;
}

core::SlotConfig side_slot() { return config("side"); }

void wait_until(const Board& board, const std::string& what, const std::function<bool()>& condition) {
  const uint64_t limit = os::monotonic_ns() + kPatienceNs;
  while (!condition()) {
    if (board.failed) throw Failure(std::string(board.failure) + " (while waiting for " + what + ")");
    if (os::monotonic_ns() > limit) throw Failure("waited in vain for " + what);
    ::sched_yield();
  }
}

void report_to(Board& board, const char* who, const std::function<void()>& body) {
  try {
    body();
  } catch (...) {
    board.fail(std::string(who) + ": " + describe_current_exception());
    throw;
  }
}

}  // namespace babus::test
