#include "core/sleeper.hpp"

#include <signal.h>

#include <atomic>
#include <thread>

#include "core/control.hpp"
#include "os/clock.hpp"
#include "support/child.hpp"
#include "support/slots.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;
using Woken = Sleeper::Woken;

constexpr uint64_t kRounds = 100'000;

std::vector<Sleeper::Watch> watch(const Subscription& subscription) {
  return {{subscription.slot().shared_from_this(), subscription.position()}};
}

void await_sleepers(uint32_t count) {
  const DomainBytes domain;
  while (domain.sleeping_rows() != count) std::this_thread::yield();
}

// Answers each message of `from` with one on `to`; the first word is the opener's.
void play(const std::string& from, const std::string& to, bool opens) {
  const auto participant = join("player");
  Publisher publisher(participant->attach(config(to)));
  Subscription subscription(participant->attach(config(from)));
  subscription.seek(0);
  Sleeper sleeper(*participant);
  if (opens) publish(publisher, 1);
  for (uint64_t round = 1; round <= kRounds; ++round) {
    CHECK(sleeper.sleep(watch(subscription)) == Woken::kNews);
    CHECK_EQUAL(take_value(subscription), round);
    CHECK_EQUAL(take_value(subscription), 0u);
    if (!opens || round < kRounds) publish(publisher, opens ? round + 1 : round);
  }
}

}  // namespace

TEST("sleeper: does not sleep when there is news, or when it was cancelled before") {
  Ends ends;
  Sleeper sleeper(*ends.participant);
  publish(ends.publisher, 1);
  CHECK(sleeper.sleep(watch(ends.subscription)) == Woken::kNews);
  CHECK(sleeper.sleep(watch(ends.subscription)) == Woken::kNews);  // until it is taken
  CHECK_EQUAL(take_value(ends.subscription), 1u);
  sleeper.cancel();
  CHECK(sleeper.sleep(watch(ends.subscription)) == Woken::kCancelled);
  sleeper.cancel();
  publish(ends.publisher, 2);
  CHECK(sleeper.sleep(watch(ends.subscription)) ==
        Woken::kNews);  // news first; the cancel stays for the next
  CHECK_EQUAL(take_value(ends.subscription), 2u);
  CHECK(sleeper.sleep(watch(ends.subscription)) == Woken::kCancelled);
  CHECK_EQUAL(DomainBytes().sleeping_rows(), 0u);
}

TEST("sleeper: gives up at its deadline, and leaves no bit behind") {
  Ends ends;
  Sleeper sleeper(*ends.participant);
  CHECK(sleeper.sleep(watch(ends.subscription), 1) == Woken::kTimeout);
  const uint64_t deadline = babus::os::monotonic_ns() + 5'000'000;
  CHECK(sleeper.sleep(watch(ends.subscription), deadline) == Woken::kTimeout);
  CHECK(babus::os::monotonic_ns() >= deadline);
  CHECK(sleeper.sleep({}, 1) == Woken::kTimeout);
  CHECK_EQUAL(DomainBytes().sleeping_rows(), 0u);
}

TEST("sleeper: a publish wakes it from a sleep without end") {
  Ends ends;
  std::thread publishing([] {
    await_sleepers(1);
    Ends other;
    publish(other.publisher, 1);
  });
  Sleeper sleeper(*ends.participant);
  CHECK(sleeper.sleep(watch(ends.subscription)) == Woken::kNews);
  publishing.join();
  CHECK_EQUAL(DomainBytes().sleeping_rows(), 0u);
}

TEST("sleeper: a cancel wakes it from a sleep without end, with or without slots to watch") {
  Ends ends;
  Sleeper sleeper(*ends.participant);
  for (const bool watching : {true, false}) {
    std::thread cancelling([&] {
      await_sleepers(watching ? 1 : 32);
      sleeper.cancel();
    });
    CHECK(sleeper.sleep(watching ? watch(ends.subscription) : std::vector<Sleeper::Watch>()) ==
          Woken::kCancelled);
    cancelling.join();
  }
}

TEST("sleeper: any of its slots wakes it, and a foreign slot on the same bit is counted and slept through") {
  const auto participant = join();
  std::vector<std::unique_ptr<Subscription>> subscriptions;
  std::vector<Sleeper::Watch> watches;
  SlotConfig stranger;
  uint32_t shared_bit = 99;
  for (int i = 0; i < 33; ++i) {  // more than there are bits: the last shares one
    const SlotConfig c = config("s" + std::to_string(i));
    const auto slot = participant->attach(c);
    if (i == 32) {
      stranger = c;
      shared_bit = slot->control().bit();
      continue;
    }
    subscriptions.push_back(std::make_unique<Subscription>(slot));
    watches.push_back({slot, 0});
  }
  std::thread publishing([&] {
    await_sleepers(32);
    const auto other = join();
    Publisher foreign(other->attach(stranger));
    publish(foreign, 1);
    const DomainBytes domain;
    while (domain->rows[participant->row()].filtered_wakes.load_seq() == 0) std::this_thread::yield();
    Publisher own(other->attach(config("s17")));
    publish(own, 2);
  });
  Sleeper sleeper(*participant);
  CHECK(sleeper.sleep(watches) == Woken::kNews);
  publishing.join();
  CHECK(shared_bit < 32);
  CHECK_EQUAL(take_value(*subscriptions[17]), 2u);
  CHECK(subscriptions[3]->slot().counters().filtered.load_seq() >= 1);
}

TEST("sleeper: no wakeup is lost between two processes") {
  const auto keep = join();
  in_processes(2, [](int i) { i == 0 ? play("pong", "ping", true) : play("ping", "pong", false); });
}

TEST("sleeper: no wakeup is lost between two threads") {
  const auto keep = join();
  std::string error;
  std::thread other([&] { error = thrown_by([] { play("ping", "pong", false); }); });
  play("pong", "ping", true);
  other.join();
  CHECK_EQUAL(error, std::string());
}

TEST(
    "sleeper: one that is killed in its sleep leaves no bit, and those who sleep beside it are woken to "
    "look") {
  Ends keep;
  Child victim([] {
    Ends ends;
    Sleeper(*ends.participant).sleep(watch(ends.subscription));
  });
  await_sleepers(1);
  Child neighbour([] {
    Ends ends(config("other"));
    Sleeper(*ends.participant).sleep(watch(ends.subscription));
  });
  await_sleepers(2);
  victim.kill();
  keep.participant->recover_the_dead();
  CHECK_EQUAL(DomainBytes().sleeping_rows(), 1u);
  const DomainBytes domain;
  const auto filtered = [&] {
    uint64_t total = 0;
    for (const Row& row : domain->rows) total += row.filtered_wakes.load_seq();
    return total;
  };
  while (filtered() == 0) std::this_thread::yield();
  neighbour.kill();
}

namespace {

// The first half of a commit: the message is there, head does not say so yet, and nobody was woken.
void publish_halfway(uint64_t value) {
  Ends* const ends = new Ends;  // lives on, as its process does
  const ControlFile file;
  const uint32_t buffer = ends->publisher.loan(8);
  std::memcpy(ends->publisher.payload(buffer), &value, sizeof value);
  ends->publisher.data()->at<MessageHeader>(buffer * file.geometry().stride)->length = 8;
  file.word(1).store_seq(file.ring_word(1, buffer));
}

void sleep_for_42() {
  Ends ends;
  CHECK(Sleeper(*ends.participant).sleep(watch(ends.subscription)) == Woken::kNews);
  CHECK_EQUAL(take_value(ends.subscription), 42u);
}

}  // namespace

TEST("sleeper: a message whose publisher died before it woke anybody wakes them once it is recovered") {
  Ends keep;
  Child sleeping(sleep_for_42);
  await_sleepers(1);
  Child publishing([] {
    publish_halfway(42);
    ::raise(SIGKILL);
  });
  publishing.join_killed();
  keep.participant->recover_the_dead();
  sleeping.join();
}

TEST("sleeper: whoever moves head for a publisher that lags wakes the sleepers for it") {
  const std::pair<const char*, void (*)(Ends&)> ways[] = {
      {"asks for the newest", [](Ends& ends) { ends.subscription.newest(); }},
      {"takes it", [](Ends& ends) { take_value(ends.subscription); }},
      {"publishes the next", [](Ends& ends) { publish(ends.publisher, 43); }},
  };
  for (const auto& [way, help] : ways) {
    Ends keep;
    Child sleeping(sleep_for_42);
    await_sleepers(1);
    const Signal halfway;
    Child lagging([&] {
      publish_halfway(42);
      halfway.give();
      wait_for_death();
    });
    halfway.await();
    help(keep);
    sleeping.join();
    lagging.kill();
    keep.participant->recover_the_dead();
    // The next way starts from a slot of its own.
    keep.participant->domain().entry(*find_slot(keep.participant->domain(), "a/b")).state.store_seq(1);
  }
}
