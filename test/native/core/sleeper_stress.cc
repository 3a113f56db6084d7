#include <algorithm>
#include <atomic>
#include <thread>

#include "support/child.hpp"
#include "support/sleepers.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;

constexpr uint64_t kRounds = 100'000;

// Delays that put every pair of steps of the two sides beside each other at some time.
class Dither {
 public:
  explicit Dither(uint64_t seed) : state_(seed * 2 + 1) {}
  void operator()() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    for (uint64_t turn = state_ % 512; turn > 0; --turn) spins_ = spins_ + 1;
  }

 private:
  uint64_t state_;
  volatile uint64_t spins_ = 0;
};

// Answers each message of `from` with one on `to`; the first word is the opener's.
void play(const std::string& from, const std::string& to, bool opens, SleepMode mode) {
  const auto participant = join("player");
  Publisher publisher(participant->attach(config(to)));
  Subscription subscription(participant->attach(config(from)));
  subscription.seek(0);
  Sleeper sleeper(*participant, mode);
  Dither delay(opens ? 1 : 2);
  if (opens) publish(publisher, 1);
  for (uint64_t round = 1; round <= kRounds; ++round) {
    CHECK(sleeper.sleep(watch(subscription)) == Woken::kNews);
    CHECK_EQUAL(take_value(subscription), round);
    CHECK_EQUAL(take_value(subscription), 0u);
    delay();
    if (!opens || round < kRounds) publish(publisher, opens ? round + 1 : round);
  }
  CHECK_EQUAL(sleeper.unwoken(), 0u);
}

void play_in_processes(SleepMode one, SleepMode other) {
  const auto keep = join();
  in_processes(2,
               [&](int i) { i == 0 ? play("pong", "ping", true, one) : play("ping", "pong", false, other); });
}

void play_in_threads(SleepMode one, SleepMode other) {
  const auto keep = join();
  std::string error;
  std::thread answering([&] { error = thrown_by([&] { play("ping", "pong", false, other); }); });
  play("pong", "ping", true, one);
  answering.join();
  CHECK_EQUAL(error, std::string());
}

// A crowd of all kinds, each in a process of its own, follows what one publisher says. It says the next only
// when all have heard the last: one that nobody wakes holds up everybody.
constexpr int kCrowd = 9;
constexpr uint64_t kWords = 3000;

void follow(const SlotConfig& slot, SleepMode mode, std::atomic<uint64_t>& heard, const Signal& attached) {
  const auto participant = join("follower");
  Subscription subscription(participant->attach(slot));
  Sleeper sleeper(*participant, mode);
  attached.give();
  for (uint64_t word = 1; word <= kWords; ++word) {
    CHECK(sleeper.sleep(watch(subscription)) == Woken::kNews);
    CHECK_EQUAL(take_value(subscription), word);
    heard.fetch_add(1);
  }
  CHECK_EQUAL(sleeper.unwoken(), 0u);
}

// `slots` have one bit; follower i follows the one of number i mod their count.
void lead(const std::vector<SlotConfig>& slots) {
  auto& heard = shared<std::atomic<uint64_t>>();
  const Signal attached;
  std::vector<Child> crowd;
  const auto participant = join("leader");
  std::vector<std::unique_ptr<Publisher>> publishers;
  for (const SlotConfig& slot : slots)
    publishers.push_back(std::make_unique<Publisher>(participant->attach(slot)));
  for (int i = 0; i < kCrowd; ++i)
    crowd.emplace_back([&, i] {
      follow(slots[static_cast<size_t>(i) % slots.size()], kSleepModes[i / 3 % 3], heard, attached);
    });
  for (int i = 0; i < kCrowd; ++i) attached.await();
  Dither delay(3);
  for (uint64_t word = 1; word <= kWords; ++word) {
    for (const auto& publisher : publishers) {
      publish(*publisher, word);
      delay();
    }
    while (heard.load() < word * kCrowd) std::this_thread::yield();
  }
  for (Child& each : crowd) each.join();
  CHECK_EQUAL(DomainBytes().sleeping_rows(), 0u);
  CHECK(bells().empty());
}

}  // namespace

TEST("sleeper stress: no wakeup is lost between two processes, on the event word and on one's own") {
  play_in_processes(kEventWord, kOwnWord);
}

TEST("sleeper stress: no wakeup is lost between two processes, on one's own word and by a doorbell") {
  play_in_processes(kOwnWord, kDoorbell);
}

TEST("sleeper stress: no wakeup is lost between two processes, by a doorbell and on the event word") {
  play_in_processes(kDoorbell, kEventWord);
}

TEST("sleeper stress: no wakeup is lost between two threads, on the event word and on one's own") {
  play_in_threads(kEventWord, kOwnWord);
}

TEST("sleeper stress: no wakeup is lost between two threads, on one's own word and by a doorbell") {
  play_in_threads(kOwnWord, kDoorbell);
}

TEST("sleeper stress: no wakeup is lost between two threads, by a doorbell and on the event word") {
  play_in_threads(kDoorbell, kEventWord);
}

TEST("sleeper stress: a crowd of all kinds on one slot hears every word") { lead({wide()}); }

TEST("sleeper stress: a crowd of all kinds on slots that share a bit hears every word of its own") {
  const auto keep = join();
  std::vector<SlotConfig> sharing;
  for (int i = 0; i < 65; ++i) {
    const SlotConfig slot = wide("s" + std::to_string(i));
    if (keep->attach(slot)->control().bit() == 7) sharing.push_back(slot);
  }
  CHECK(sharing.size() >= 2);
  lead(sharing);
}
