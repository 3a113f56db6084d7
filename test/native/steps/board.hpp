#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <string>

#include "steps/payload.hpp"

namespace babus::test {

constexpr uint32_t kWriters = 4096;
constexpr uint32_t kSlotDepth = 16;

// What one writer tried, what it knows it published, and what the reader that keeps up saw of it. A writer
// that was killed may have published one message more than it knows.
struct Writer {
  std::atomic<uint64_t> started;
  std::atomic<uint64_t> returned;
  std::atomic<uint64_t> seen;
};

// What the processes of a test tell each other, in memory that they share. Babus does not use it.
struct Board {
  std::atomic<uint64_t> kept;         // the last message of the reader that keeps up
  std::atomic<uint64_t> covered;      // the last message that the other reader took or missed
  std::atomic<uint64_t> missed;       // by that one
  std::atomic<uint32_t> ready;        // processes that have attached
  std::atomic<uint32_t> pausing;      // 1: hold nothing and wait
  std::atomic<uint32_t> parked;       // processes that do
  std::atomic<uint32_t> stopping;     // 1: leave
  std::atomic<uint32_t> finished;     // victims up to this number leave
  std::atomic<uint32_t> failed;       // 1: `failure` has the first one
  std::atomic<uint32_t> complaining;  // taken by who writes it
  char failure[1024];
  Writer writers[kWriters];

  void fail(const std::string& what);
  // Publishes the writer's next message.
  void publish(core::Publisher& publisher, uint64_t writer);
  // Checks a message and that it is its writer's next; notes it.
  void see(const core::Subscription& subscription, const core::Message& message);
  // Waits as long as the reader that keeps up might lose a message if one more was published.
  void throttle(const core::Slot& slot, const std::function<bool()>& give_up) const;
};

// The slot that all use: buffers of several pages, so that loans reserve memory.
core::SlotConfig main_slot();
// Another, of small buffers.
core::SlotConfig side_slot();

// Lets others run until the condition holds; throws when it does not after a generous time, or when somebody
// has failed meanwhile.
void wait_until(const Board& board, const std::string& what, const std::function<bool()>& condition);

// As Child's body: a failure goes to the board too.
void report_to(Board& board, const char* who, const std::function<void()>& body);

}  // namespace babus::test
