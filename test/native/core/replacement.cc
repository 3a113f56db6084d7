#include "core/replacement.hpp"

#include <signal.h>
#include <sys/resource.h>

#include "core/creation.hpp"
#include "support/child.hpp"
#include "support/slots.hpp"
#include "support/steps.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;
namespace os = babus::os;
using babus::sync::Step;

SlotConfig deeper(uint32_t depth = 9) {
  SlotConfig slot = config();
  slot.depth = depth;
  return slot;
}

// The slot a/b as it was made, with a message, and nobody who uses it.
void leave_old_slot() {
  Ends ends;
  publish(ends.publisher, 5);
}

Current current() {
  const auto viewer = join("viewer", false, Role::kViewer);
  return current_of(viewer->domain().entry(*find_slot(viewer->domain(), "a/b")));
}

// Where somebody may die or be stopped who replaces a slot.
constexpr Step kSteps[] = {Step::kReplaceClosing, Step::kReplaceLooked, Step::kCreateAnnounced,
                           Step::kCreateDataMade, Step::kCreateMade,    Step::kReplaceSwapped,
                           Step::kReplaceRemoved, Step::kCreateDone};
// From here on the new slot is there.
bool is_replaced(Step step) { return step >= Step::kReplaceSwapped || step == Step::kCreateDone; }

}  // namespace

TEST("replacement: a slot that nobody uses takes other settings, and keeps its bit but no messages") {
  const auto participant = join();
  participant->attach(config("first"));  // has bit 0
  leave_old_slot();
  const Current before = current();
  {
    const auto viewer = join("viewer", false, Role::kViewer);
    Subscription outlived(viewer->attach("a/b"));
    CHECK_EQUAL(outlived.newest(), 1u);
  }
  SlotConfig other = deeper();
  other.layout_hash = 99;
  other.schema_name = "std/Other";
  Publisher publisher(participant->attach(other));
  CHECK_EQUAL(publisher.slot().newest(), 0u);
  CHECK_EQUAL(publisher.slot().control().config().depth, 9u);
  CHECK_EQUAL(publish(publisher, 6), 1u);
  CHECK(current().generation > before.generation);
  CHECK_EQUAL(current().bit, before.bit);
  CHECK_EQUAL(publisher.slot().control().bit(), before.bit);
  CHECK(before.bit != 0 && !current().closing);
  CHECK_EQUAL(count_files(), 4u);
}

TEST("replacement: refused while anybody lives who uses the slot, who notices nothing") {
  Ends ends(config(), "camera");
  const auto viewer = join("echo", false, Role::kViewer), other = join("other");
  auto seen = std::make_unique<Subscription>(viewer->attach("a/b"));
  const uint64_t word = current().word();
  CHECK_THROWS(other->attach(deeper()), "ERR_BABUS_SLOT_CONFIG", "depth is 4 there and 9 here",
               "in use by camera, echo, so it cannot be replaced");
  CHECK_THROWS(viewer->attach(deeper()), "ERR_BABUS_SLOT_CONFIG", "depth is 4 there and 9 here");
  SlotConfig schema = config();
  schema.layout_hash = 1;
  CHECK_THROWS(other->attach(schema), "ERR_BABUS_SCHEMA_MISMATCH", "in use by camera, echo");
  CHECK_THROWS(ends.participant->attach(deeper()), "ERR_BABUS_SLOT_CONFIG", "in use by camera, echo");
  CHECK_EQUAL(current().word(), word);
  CHECK_EQUAL(publish(ends.publisher, 7), 1u);
  CHECK_EQUAL(take_value(*seen), 7u);
  CHECK_EQUAL(take_value(ends.subscription), 7u);
}

TEST("replacement: a reader alone is enough, until it has gone or died") {
  const auto other = join("other");
  const Signal there;
  Child reader([&] {
    const auto participant = join("reader");
    const Subscription subscription(participant->attach(config()));
    there.give();
    wait_for_death();
  });
  there.await();
  CHECK_THROWS(other->attach(deeper()), "ERR_BABUS_SLOT_CONFIG", "in use by reader");
  reader.signal(SIGSTOP);
  CHECK_THROWS(other->attach(deeper()), "ERR_BABUS_SLOT_CONFIG", "in use by reader");
  reader.kill_to_zombie();
  CHECK_EQUAL(other->attach(deeper())->control().config().depth, 9u);
  CHECK_EQUAL(count_files(), 2u);
}

TEST("replacement: many who want the same new settings at once get them") {
  const auto keep = join();
  for (uint32_t round = 0; round < 25; ++round) {
    SlotConfig slot = deeper(4 + round);
    slot.max_publishers = 8;
    auto& generations = shared<uint64_t[6]>();
    const Signal attached, leave;
    Child all([&] {
      in_processes(6, [&](int i) {
        const auto participant = join("p");
        Publisher publisher(participant->attach(slot));
        generations[i] = publisher.slot().control().generation();
        attached.give();
        leave.await();
        CHECK(publish(publisher, 1) > 0);
      });
    });
    for (int i = 0; i < 6; ++i) attached.await();
    for (const uint64_t generation : generations) CHECK_EQUAL(generation, current().generation);
    for (int i = 0; i < 6; ++i) leave.give();
    all.join();
    CHECK_EQUAL(keep->attach(slot)->newest(), 6u);
    CHECK_EQUAL(count_files(), 2u);
  }
}

TEST("replacement: one who is killed at any step of it keeps the slot from nobody") {
  const auto keep = join();
  for (const Step step : kSteps)
    for (const bool old : {true, false}) {
      { const auto again = keep->attach(config()); }
      Child victim([&] {
        const auto participant = join("victim");
        signal_at(step, 1, SIGKILL);
        participant->attach(deeper());
      });
      victim.join_killed();
      // Whoever comes gets what it asks for, whichever is there.
      const auto next = join("next");
      Publisher publisher(next->attach(old ? config() : deeper()));
      CHECK_EQUAL(publish(publisher, 7), 1u);
      CHECK(!current().closing);
      CHECK_EQUAL(count_files(), 2u);
      CHECK_EQUAL(DomainBytes().taken_rows(), 2u);
    }
}

TEST("replacement: one who is stopped at any step of it hurts nobody who attaches meanwhile") {
  for (const Step step : kSteps) {
    const auto keep = join();
    { const auto again = keep->attach(config()); }
    leave_old_slot();
    const uint64_t newest = keep->attach(config())->newest();
    Child stopped([&] {
      const auto participant = join("stopped");
      signal_at(step, 1, SIGSTOP);
      const std::string error = thrown_by([&] { participant->attach(deeper()); });
      check_contains(error, {is_replaced(step) ? "" : "depth is 4 there and 9 here"}, __FILE__, __LINE__);
    });
    stopped.await_stop();
    Ends ends(is_replaced(step) ? deeper() : config());
    CHECK_EQUAL(ends.subscription.newest(), is_replaced(step) ? 0u : newest);
    publish(ends.publisher, 7);
    stopped.signal(SIGCONT);
    stopped.join();
    publish(ends.publisher, 8);
    CHECK_EQUAL(ends.publisher.slot().control().generation(), current().generation);
    CHECK_EQUAL(take_value(ends.subscription), 7u);
    CHECK_EQUAL(take_value(ends.subscription), 8u);
    CHECK_EQUAL(count_files(), 2u);
  }
}

TEST("replacement: one who is stopped with the new slot half made is overtaken by others who want the same") {
  for (const Step step : {Step::kReplaceClosing, Step::kCreateAnnounced, Step::kCreateMade}) {
    const auto keep = join();
    { const auto again = keep->attach(config()); }
    Child stopped([&] {
      const auto participant = join("stopped");
      signal_at(step, 1, SIGSTOP);
      Publisher publisher(participant->attach(deeper()));
      CHECK_EQUAL(publish(publisher, 2), 2u);
    });
    stopped.await_stop();
    Ends ends(deeper());
    CHECK_EQUAL(publish(ends.publisher, 1), 1u);
    stopped.signal(SIGCONT);
    stopped.join();
    CHECK_EQUAL(take_value(ends.subscription), 1u);
    CHECK_EQUAL(take_value(ends.subscription), 2u);
    CHECK_EQUAL(count_files(), 2u);
  }
}

TEST("replacement: one who is stopped while attaching is seen by who wants to replace") {
  const auto keep = join();
  for (const Step step : {Step::kAttachAdded, Step::kAttachLooked}) {
    { const auto again = keep->attach(config()); }
    Child stopped([&] {
      const auto participant = join("slow");
      signal_at(step, 1, SIGSTOP);
      Publisher publisher(participant->attach(config()));
      CHECK_EQUAL(publish(publisher, 1), 1u);
    });
    stopped.await_stop();
    CHECK_THROWS(keep->attach(deeper()), "ERR_BABUS_SLOT_CONFIG", "in use by slow");
    stopped.signal(SIGCONT);
    stopped.join();
    CHECK_EQUAL(keep->attach(config())->newest(), 1u);
    CHECK_EQUAL(keep->attach(deeper())->newest(), 0u);
  }
}

// A stopped replacer must not take a later closing for its own.
TEST("replacement: a swap from long ago never takes a slot from under its user") {
  leave_old_slot();
  const auto keep = join();
  Child stopped([&] {
    const auto participant = join("stopped");
    signal_at(Step::kCreateMade, 1, SIGSTOP);
    CHECK_THROWS(participant->attach(deeper()), "ERR_BABUS_SLOT_CONFIG", "in use by");
  });
  stopped.await_stop();
  const auto user = join("user");
  Publisher publisher(user->attach(config()));  // opens it again
  CHECK(!current().closing);
  // Somebody else has closed it, and is about to look who uses it.
  DomainBytes domain;
  DirectoryEntry& entry = domain->directory[*find_slot(keep->domain(), "a/b")];
  Current closing = current_of(entry);
  const Current open = closing;
  ++closing.turns;
  closing.closing = true;
  entry.current.store_seq(closing.word());
  stopped.signal(SIGCONT);
  stopped.join();
  CHECK_EQUAL(current_of(entry).generation, open.generation);
  CHECK_EQUAL(publish(publisher, 2), 2u);
  CHECK_EQUAL(keep->attach(config())->newest(), 2u);
}

TEST("replacement: two settings that fight over one slot, and nobody who uses it is ever hurt") {
  const auto keep = join();
  in_processes(4, [](int i) {
    for (int round = 0; round < 150; ++round) {
      const auto participant = join("p" + std::to_string(i));
      std::shared_ptr<Slot> slot;
      const std::string error = thrown_by([&] { slot = participant->attach(deeper(i % 2 == 0 ? 5 : 6)); });
      if (!error.empty()) {
        check_contains(error, {"ERR_BABUS_SLOT_CONFIG", "depth is"}, __FILE__, __LINE__);
        continue;
      }
      Publisher publisher(slot);
      const uint64_t sequence = publish(publisher, 1);
      const DirectoryEntry& entry = participant->domain().entry(*find_slot(participant->domain(), "a/b"));
      CHECK_EQUAL(current_of(entry).generation, slot->control().generation());
      CHECK(os::open_file(domain_folder(), slot->control().data_file(), os::Access::kRead));
      CHECK(slot->newest() >= sequence);
    }
  });
  keep->recover_the_dead();
  CHECK_EQUAL(count_files(), 2u);
}

TEST("replacement: a new slot that does not fit leaves the old one as it was") {
  leave_old_slot();
  Child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1 << 20, RLIM_INFINITY};
    CHECK_EQUAL(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    SlotConfig large = config();
    large.max_bytes = 1 << 20;
    CHECK_THROWS(join("child")->attach(large), "no space", "a.b@2.dat");
    CHECK_EQUAL(join()->attach(config())->newest(), 1u);
  }).join();
  CHECK(!current().closing);
  CHECK_EQUAL(count_files(), 2u);
}
