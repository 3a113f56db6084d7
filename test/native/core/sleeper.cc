#include "core/sleeper.hpp"

#include <signal.h>

#include <thread>

#include "os/clock.hpp"
#include "support/child.hpp"
#include "support/sleepers.hpp"
#include "support/steps.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;
using babus::sync::Step;

uint64_t filtered_wakes() {
  const DomainBytes domain;
  uint64_t total = 0;
  for (const Row& row : domain->rows) total += row.filtered_wakes.load_seq();
  return total;
}

}  // namespace

TEST("sleeper: does not sleep when there is news, or when it was cancelled before") {
  for (const SleepMode mode : kSleepModes) {
    Ends ends;
    Sleeper sleeper(*ends.participant, mode);
    publish(ends.publisher, 1);
    CHECK(sleeper.sleep(watch(ends.subscription)) == Woken::kNews);
    CHECK(sleeper.sleep(watch(ends.subscription)) == Woken::kNews);  // until it is taken
    CHECK_EQUAL(take_value(ends.subscription), 1u);
    sleeper.cancel();
    CHECK(sleeper.sleep(watch(ends.subscription)) == Woken::kCancelled);
    sleeper.cancel();
    publish(ends.publisher, 2);
    // News first; the cancel stays for the next.
    CHECK(sleeper.sleep(watch(ends.subscription)) == Woken::kNews);
    CHECK_EQUAL(take_value(ends.subscription), 2u);
    CHECK(sleeper.sleep(watch(ends.subscription)) == Woken::kCancelled);
    CHECK_EQUAL(DomainBytes().sleeping_rows(), 0u);
  }
}

TEST("sleeper: gives up at its deadline, and leaves no bit behind") {
  for (const SleepMode mode : kSleepModes) {
    Ends ends;
    Sleeper sleeper(*ends.participant, mode);
    CHECK(sleeper.sleep(watch(ends.subscription), 1) == Woken::kTimeout);
    const uint64_t deadline = babus::os::monotonic_ns() + 5'000'000;
    CHECK(sleeper.sleep(watch(ends.subscription), deadline) == Woken::kTimeout);
    CHECK(babus::os::monotonic_ns() >= deadline);
    CHECK(sleeper.sleep({}, 1) == Woken::kTimeout);
    CHECK_EQUAL(DomainBytes().sleeping_rows(), 0u);
  }
}

TEST("sleeper: a publish wakes it from a sleep without end") {
  for (const SleepMode mode : kSleepModes) {
    Ends ends;
    std::thread publishing([] {
      await_sleepers(1);
      Ends other;
      publish(other.publisher, 1);
    });
    Sleeper sleeper(*ends.participant, mode);
    CHECK(sleeper.sleep(watch(ends.subscription)) == Woken::kNews);
    publishing.join();
    CHECK_EQUAL(sleeper.unwoken(), 0u);
    CHECK_EQUAL(DomainBytes().sleeping_rows(), 0u);
  }
}

TEST("sleeper: a cancel wakes it from a sleep without end, with or without slots to watch") {
  for (const SleepMode mode : kSleepModes) {
    Ends ends;
    Sleeper sleeper(*ends.participant, mode);
    for (const bool watching : {true, false}) {
      std::thread cancelling([&] {
        await_sleepers(watching ? 1 : 32);
        sleeper.cancel();
      });
      CHECK(sleeper.sleep(watching ? watch(ends.subscription) : std::vector<Sleeper::Watch>()) ==
            Woken::kCancelled);
      cancelling.join();
    }
    CHECK_EQUAL(sleeper.unwoken(), 0u);
  }
}

TEST("sleeper: a cancel of one that sleeps on its own word, or by a doorbell, wakes nobody else") {
  for (const SleepMode mode : {kOwnWord, kDoorbell}) {
    Ends ends;
    const DomainBytes domain;
    const uint32_t before = domain->header.event_word.load_seq();
    Sleeper(*ends.participant, mode).cancel();
    CHECK_EQUAL(domain->header.event_word.load_seq(), before);
  }
}

TEST("sleeper: any of its slots wakes it, and a foreign slot on the same bit is counted and slept through") {
  const auto keep = join();
  for (int i = 0; i < 33; ++i) keep->attach(config("s" + std::to_string(i)));  // one more than there are bits
  for (const SleepMode mode : kSleepModes) {
    const auto participant = join();
    std::vector<std::unique_ptr<Subscription>> subscriptions;
    std::vector<Sleeper::Watch> watches;
    for (int i = 0; i < 32; ++i) {
      subscriptions.push_back(std::make_unique<Subscription>(participant->attach("s" + std::to_string(i))));
      const auto& own = *subscriptions.back();
      watches.push_back({own.slot().shared_from_this(), own.position()});
    }
    std::thread publishing([&] {
      await_sleepers(32);
      const auto other = join();
      Publisher foreign(other->attach(config("s32")));
      publish(foreign, 1);
      const DomainBytes domain;
      while (domain->rows[participant->row()].filtered_wakes.load_seq() == 0) std::this_thread::yield();
      Publisher own(other->attach(config("s17")));
      publish(own, 2);
    });
    Sleeper sleeper(*participant, mode);
    CHECK(sleeper.sleep(watches) == Woken::kNews);
    publishing.join();
    CHECK_EQUAL(sleeper.unwoken(), 0u);
    CHECK_EQUAL(take_value(*subscriptions[17]), 2u);
    CHECK(subscriptions[3]->slot().counters().filtered.load_seq() >= 1);
  }
}

TEST("sleeper: a publish to a bit on which nobody sleeps writes nothing that a sleeper could see") {
  const auto keep = join();
  std::vector<std::unique_ptr<Ends>> sleeping;
  std::vector<std::unique_ptr<Sleeper>> sleepers;
  for (const SleepMode mode : kSleepModes) {
    sleeping.push_back(std::make_unique<Ends>(config("other")));
    sleepers.push_back(std::make_unique<Sleeper>(*sleeping.back()->participant, mode));
    CHECK(!sleepers.back()->prepare(watch(sleeping.back()->subscription)));
  }
  Ends ends(config("mine"));
  const DomainBytes domain;
  const auto words = [&] {
    std::vector<uint32_t> seen{domain->header.event_word.load_seq()};
    for (const Row& row : domain->rows) seen.push_back(row.own_word.load_seq());
    return seen;
  };
  const auto before = words();
  publish(ends.publisher, 1);
  CHECK(words() == before);
  publish(sleeping[0]->publisher, 1);  // wakes two by their words
  auto after = before;
  ++after[0];
  ++after[1 + sleeping[1]->participant->row()];
  CHECK(words() == after);
}

TEST(
    "sleeper: one that is killed in its sleep leaves no bit and no bell, and those who sleep beside it are "
    "woken to look") {
  for (const SleepMode mode : kSleepModes) {
    Ends keep;
    Child victim([mode] {
      Ends ends;
      Sleeper(*ends.participant, mode).sleep(watch(ends.subscription));
    });
    await_sleepers(1);
    std::vector<Child> neighbours;
    for (const SleepMode other : kSleepModes)
      neighbours.emplace_back([other] {
        Ends ends(config("other"));
        Sleeper(*ends.participant, other).sleep(watch(ends.subscription));
      });
    await_sleepers(4);
    CHECK_EQUAL(bells().size(), mode == kDoorbell ? 2u : 1u);
    victim.kill();
    keep.participant->recover_the_dead();
    CHECK_EQUAL(DomainBytes().sleeping_rows(), 3u);
    CHECK_EQUAL(bells().size(), 1u);
    while (filtered_wakes() < 3) std::this_thread::yield();
    for (Child& neighbour : neighbours) neighbour.kill();
    keep.participant->recover_the_dead();
    CHECK_EQUAL(bells().size(), 0u);
  }
}

TEST("sleeper: a viewer that sleeps is woken when its domain is removed, and told once") {
  for (const SleepMode mode : {kEventWord, kOwnWord}) {
    const auto member = std::make_unique<std::unique_ptr<Ends>>(std::make_unique<Ends>());
    Child viewing([mode] {
      const auto viewer = join("viewer", false, Role::kViewer);
      Subscription subscription(viewer->attach("a/b"));
      Sleeper sleeper(*viewer, mode);
      CHECK(sleeper.sleep(watch(subscription)) == Woken::kRetired);
      CHECK_EQUAL(sleeper.unwoken(), 0u);
      CHECK(sleeper.sleep(watch(subscription), 1) == Woken::kTimeout);
    });
    await_sleepers(1);
    member->reset();
    CHECK(remove_domain(temp_root(), kDomain));
    viewing.join();
  }
}

namespace {

// The first half of a commit: the message is there, head does not say so yet, and nobody was woken.
void publish_halfway(const SlotConfig& slot, uint64_t value) {
  Ends* const ends = new Ends(slot);  // lives on, as its process does
  const ControlFile file(slot);
  const uint32_t buffer = ends->publisher.loan(8);
  std::memcpy(ends->publisher.payload(buffer), &value, sizeof value);
  stamp(ends->publisher, buffer, 1, 8);
  file.word(1).store_seq(file.ring_word(1, buffer));
}

void sleep_for_42(const SlotConfig& slot, SleepMode mode) {
  Ends ends(slot);
  Sleeper sleeper(*ends.participant, mode);
  CHECK(sleeper.sleep(watch(ends.subscription)) == Woken::kNews);
  CHECK_EQUAL(sleeper.unwoken(), 0u);
  CHECK_EQUAL(take_value(ends.subscription), 42u);
}

// Asleep when this returns.
std::vector<Child> one_of_each(const SlotConfig& slot) {
  std::vector<Child> sleeping;
  for (const SleepMode mode : kSleepModes) sleeping.emplace_back([&, mode] { sleep_for_42(slot, mode); });
  await_sleepers(3);
  return sleeping;
}

// One of each kind sleeps; a publisher dies at the step; then it is recovered.
void die_waking(Step step) {
  Ends keep(wide());
  std::vector<Child> sleeping = one_of_each(wide());
  Child publishing([step] {
    Ends ends(wide());
    signal_at(step, 1, SIGKILL);
    publish(ends.publisher, 42);
  });
  publishing.join_killed();
  keep.participant->recover_the_dead();
  for (Child& each : sleeping) each.join();
}

}  // namespace

TEST("sleeper: who died with a message there but head not moved yet wakes them once it is recovered") {
  Ends keep(wide());
  std::vector<Child> sleeping = one_of_each(wide());
  Child publishing([] {
    publish_halfway(wide(), 42);
    ::raise(SIGKILL);
  });
  publishing.join_killed();
  keep.participant->recover_the_dead();
  for (Child& each : sleeping) each.join();
}

TEST(
    "sleeper: who died after the message was there, before it woke anybody, wakes them once it is "
    "recovered") {
  die_waking(Step::kCommitAdvanced);
}

TEST("sleeper: who died when it had counted up the event word alone wakes them once it is recovered") {
  die_waking(Step::kWakeCounted);
}

TEST("sleeper: who died when it had counted up one own word alone wakes them once it is recovered") {
  die_waking(Step::kWakeOwnCounted);
}

TEST("sleeper: who died when it had rung one bell alone wakes them once it is recovered") {
  die_waking(Step::kBellRung);
}

TEST("sleeper: whoever moves head for a publisher that lags wakes the sleepers for it") {
  const std::pair<const char*, void (*)(Ends&)> ways[] = {
      {"asks", [](Ends& ends) { ends.subscription.newest(); }},
      {"takes", [](Ends& ends) { take_value(ends.subscription); }},
      {"publishes", [](Ends& ends) { publish(ends.publisher, 43); }},
  };
  for (const auto& [way, help] : ways) {
    const SlotConfig slot = wide(way);
    Ends keep(slot);
    std::vector<Child> sleeping = one_of_each(slot);
    const Signal halfway;
    Child lagging([&] {
      publish_halfway(slot, 42);
      halfway.give();
      wait_for_death();
    });
    halfway.await();
    help(keep);
    for (Child& each : sleeping) each.join();
    lagging.kill();
    keep.participant->recover_the_dead();
  }
}
