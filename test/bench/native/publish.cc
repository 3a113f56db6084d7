// What a publish costs: against the slot's depth, the number of subscribers that are not asleep, the size of
// the message (loaned, payload not written), and with a subscriber to be woken. The baseline is what no
// publish can do without: two reads of the clock, a header, and three atomic swaps on memory that nobody else
// touches.
#include <cstdio>
#include <memory>
#include <thread>

#include "bench.hpp"
#include "core/participant.hpp"
#include "core/publisher.hpp"
#include "core/sleeper.hpp"
#include "core/subscription.hpp"
#include "os/clock.hpp"

namespace {

using namespace babus;
using bench::Case;

constexpr uint64_t kOperations = 20'000;
constexpr int kRounds = 15;

core::SlotConfig slot_config(const std::string& name, uint32_t depth, uint64_t max_bytes) {
  return {.name = name,
          .schema_name = "bench/Bytes",
          .descriptor = "{}",
          .encoding = core::Encoding::kBytes,
          .depth = depth,
          .max_bytes = max_bytes,
          .max_readers = 128};
}

class Fixture {
 public:
  Fixture() { joined_.push_back(join("publisher")); }

  void against_depth() {
    for (const uint32_t depth : {1u, 8u, 256u, 65535u}) add("depth", std::to_string(depth), depth, 64, 0);
  }
  void against_subscribers() {
    for (const uint32_t count : {0u, 1u, 2u, 4u, 8u, 16u, 32u, 64u})
      add("subscribers", std::to_string(count), 8, 64, count);
  }
  void against_size() {
    for (const uint64_t bytes : {64ull, 4096ull, 65536ull, 1048576ull, 6220800ull, 33554432ull})
      add("size", std::to_string(bytes), 8, bytes, 0);
  }

  std::vector<Case>& cases() noexcept { return cases_; }

 private:
  std::shared_ptr<core::Participant> join(const std::string& name) const {
    return std::make_shared<core::Participant>(root_.path(), "bench", name, true);
  }

  void add(const std::string& suite, const std::string& name, uint32_t depth, uint64_t bytes,
           uint32_t subscribers) {
    const auto config = slot_config(suite + "_" + name, depth, bytes);
    while (joined_.size() < subscribers + 1) joined_.push_back(join("subscriber"));
    for (uint32_t i = 1; i <= subscribers; ++i)
      subscriptions_.push_back(std::make_unique<core::Subscription>(joined_[i]->attach(config)));
    const auto publisher = std::make_shared<core::Publisher>(joined_[0]->attach(config));
    cases_.push_back({suite, name, [publisher, bytes](uint64_t count) {
                        for (uint64_t i = 0; i < count; ++i) publisher->commit(publisher->loan(0), bytes);
                      }});
  }

  bench::Root root_;  // outlives what lies in it
  std::vector<std::shared_ptr<core::Participant>> joined_;
  std::vector<std::unique_ptr<core::Subscription>> subscriptions_;
  std::vector<Case> cases_;  // hold the publishers, which must not outlive their participant
};

struct Baseline {
  sync::Word64 words[3];
  core::MessageHeader header{};

  void operator()(uint64_t count) {
    for (uint64_t i = 0; i < count; ++i) {
      header.sequence = i;
      header.monotonic_ns = os::monotonic_ns();
      header.wall_ns = os::wall_ns();
      for (auto& word : words) {
        uint64_t old = word.load_seq();
        word.swap_if_seq(old, old + 1);
      }
    }
  }
};

// A publish that finds one subscriber asleep, system call included; only such publishes are timed.
bench::Figure publish_to_a_sleeper() {
  const bench::Root root;
  core::Participant writer(root.path(), "bench", "writer", true);
  core::Participant reader(root.path(), "bench", "reader", true);
  const auto config = slot_config("wake", 8, 64);
  core::Publisher publisher(writer.attach(config));
  core::Subscription subscription(reader.attach(config));
  sync::Word32 end;
  std::thread sleeper([&] {
    core::Sleeper sleep(reader);
    core::Message message;
    while (end.load_seq() == 0) {
      sleep.sleep({{subscription.slot().shared_from_this(), subscription.position()}});
      while (subscription.take(message)) subscription.release(message.pin);
    }
  });
  const auto sleepers = writer.domain().header().sleepers;
  const uint32_t bit = publisher.slot().control().bit();
  std::vector<double> times;
  while (times.size() < 2'000) {
    while (!sleepers[bit].any()) std::this_thread::yield();
    std::this_thread::sleep_for(
        std::chrono::microseconds(100));  // until it is in the kernel; nothing relies on it
    const uint64_t start = bench::now_ns();
    publisher.commit(publisher.loan(0), 64);
    times.push_back(static_cast<double>(bench::now_ns() - start));
  }
  end.store_seq(1);
  publisher.commit(publisher.loan(0), 64);
  sleeper.join();
  return bench::figure_of("wake", "one asleep", times);
}

}  // namespace

int main() {
  Baseline baseline;
  Fixture fixture;
  fixture.cases().push_back({"baseline", "clocks and swaps", std::ref(baseline)});
  fixture.against_depth();
  fixture.against_subscribers();
  fixture.against_size();
  for (const auto& figure : bench::time_in_turns(fixture.cases(), kOperations, kRounds)) bench::print(figure);
  bench::print(publish_to_a_sleeper());
}
