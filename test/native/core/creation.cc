#include "core/creation.hpp"

#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <map>
#include <set>

#include "core/control.hpp"
#include "os/error.hpp"
#include "support/child.hpp"
#include "support/slots.hpp"
#include "support/steps.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;
namespace os = babus::os;
using babus::sync::Step;

SlotConfig tiny(const std::string& name) {
  SlotConfig c = config(name);
  c.depth = c.max_readers = c.pins_per_reader = c.max_publishers = c.loans_per_publisher = 1;
  c.max_bytes = 8;
  return c;
}

uint32_t make(const Participant& participant, const SlotConfig& slot) {
  return find_or_create_slot(participant.domain(), participant.row(), slot);
}

// Where somebody may die or be stopped who makes a slot.
constexpr Step kSteps[] = {Step::kCreateClaimed,  Step::kCreateNamed, Step::kCreateAnnounced,
                           Step::kCreateDataMade, Step::kCreateMade,  Step::kCreateCurrent,
                           Step::kCreateDone};

}  // namespace

TEST("creation: of many that need a slot at once one creates it, and all are in the same") {
  constexpr int kCount = 8;
  const auto keep = join();
  for (int round = 0; round < 20; ++round) {
    const SlotConfig c = config("round" + std::to_string(round));
    auto& sequences = shared<uint64_t[kCount]>();
    in_processes(kCount, [&](int i) {
      SlotConfig own = c;
      own.max_publishers = kCount;
      const auto participant = join();
      Publisher publisher(participant->attach(own));
      sequences[i] = publish(publisher, 1);
    });
    const std::set<uint64_t> all(std::begin(sequences), std::end(sequences));
    CHECK_EQUAL(all.size(), size_t{kCount});
    CHECK_EQUAL(*all.rbegin(), uint64_t{kCount});
    CHECK_EQUAL(count_files(), 2u * (static_cast<size_t>(round) + 1));
  }
}

TEST("creation: a slot is found again by name and by configuration") {
  const auto participant = join();
  CHECK(!find_slot(participant->domain(), "a/b"));
  CHECK_THROWS(participant->attach("a/b"), "ERR_BABUS_SLOT_MISSING", "no slot 'a/b' in domain 'test'");
  const uint32_t index = make(*participant, config());
  CHECK(find_slot(participant->domain(), "a/b") == index);
  CHECK_EQUAL(make(*participant, config()), index);
  CHECK(make(*participant, config("a/c")) != index);
  CHECK(participant->attach("a/b") == participant->attach(config()));  // one object while it is in use
  CHECK_THROWS(find_slot(participant->domain(), "a.b"), "ERR_BABUS_NAME");
}

TEST("creation: whoever wants other settings is told which") {
  const auto participant = join();
  const auto slot = participant->attach(config());
  const std::pair<const char*, void (*)(SlotConfig&)> cases[] = {
      {"depth is 4 there and 5 here", [](SlotConfig& c) { c.depth = 5; }},
      {"max_bytes is 64 there and 65 here", [](SlotConfig& c) { c.max_bytes = 65; }},
      {"max_readers is 3 there and 9 here", [](SlotConfig& c) { c.max_readers = 9; }},
      {"pins_per_reader is 2 there and 9 here", [](SlotConfig& c) { c.pins_per_reader = 9; }},
      {"max_publishers is 3 there and 9 here", [](SlotConfig& c) { c.max_publishers = 9; }},
      {"loans_per_publisher is 2 there and 9 here", [](SlotConfig& c) { c.loans_per_publisher = 9; }},
      {"encoding is 0 there and 1 here", [](SlotConfig& c) { c.encoding = Encoding::kJson; }},
  };
  for (const auto& [message, change] : cases) {
    SlotConfig c = config();
    change(c);
    CHECK_THROWS(participant->attach(c), "ERR_BABUS_SLOT_CONFIG", "slot a/b", message, "in use by tester");
  }
  SlotConfig c = config();
  c.layout_hash = 99;
  CHECK_THROWS(participant->attach(c), "ERR_BABUS_SCHEMA_MISMATCH", "slot a/b", "std/Number");
  c = config();
  c.schema_name = "std/Other";
  CHECK_THROWS(participant->attach(c), "ERR_BABUS_SCHEMA_MISMATCH", "std/Number", "std/Other");
}

TEST("creation: a refused configuration leaves no trace") {
  const auto keep = join("keeper"), participant = join();
  const auto slot = keep->attach(config());
  SlotConfig c = config();
  c.depth = 5;
  CHECK_THROWS(participant->attach(c), "ERR_BABUS_SLOT_CONFIG", "in use by keeper");
  CHECK_EQUAL(DomainBytes()->rows[participant->row()].attached.count(), 0u);
  c = config("other");
  c.depth = 0;
  CHECK_THROWS(participant->attach(c), "ERR_BABUS_ARGUMENT");
  CHECK(!find_slot(participant->domain(), "other"));
  CHECK_EQUAL(count_files(), 2u);
}

TEST("creation: the 1025th slot is refused, and the others go on") {
  const auto participant = join();
  std::set<uint32_t> places;
  for (uint32_t i = 0; i < kSlots; ++i) places.insert(make(*participant, tiny("s" + std::to_string(i))));
  CHECK_EQUAL(places.size(), size_t{kSlots});
  CHECK_THROWS(participant->attach(tiny("more")), "ERR_BABUS_SLOT_FULL", "slot more", "1024 slots");
  CHECK(!find_slot(participant->domain(), "more"));
  for (uint32_t i = 0; i < kSlots; i += 37) CHECK(find_slot(participant->domain(), "s" + std::to_string(i)));
}

TEST("creation: the 32 bits are given out evenly") {
  const auto participant = join();
  std::map<uint32_t, int> uses;
  for (int i = 0; i < 80; ++i) {
    const uint32_t index = make(*participant, tiny("s" + std::to_string(i)));
    const Control control(participant->domain(), index, os::Access::kRead);
    CHECK_EQUAL(control.bit(), current_of(participant->domain().entry(index)).bit);
    ++uses[control.bit()];
    for (const auto& [bit, count] : uses) CHECK(count <= i / 32 + 1);
  }
  CHECK_EQUAL(uses.size(), 32u);
}

TEST("creation: a creator that is killed at any step keeps the slot from nobody, and leaves nothing behind") {
  const auto keep = join();
  for (const Step step : kSteps) {
    const SlotConfig slot = config("s" + std::to_string(static_cast<uint32_t>(step)));
    const size_t before = count_files();
    Child victim([&] {
      const auto participant = join("victim");
      signal_at(step, 1, SIGKILL);
      participant->attach(slot);
    });
    victim.join_killed();
    Ends ends(slot);
    CHECK_EQUAL(publish(ends.publisher, 7), 1u);
    CHECK_EQUAL(take_value(ends.subscription), 7u);
    CHECK_EQUAL(count_files(), before + 2);
    CHECK_EQUAL(DomainBytes().taken_rows(), 2u);
  }
}

TEST("creation: a creator that is stopped at any step is waited for by nobody, and joins what others made") {
  const auto keep = join();
  for (const Step step : kSteps) {
    const SlotConfig slot = config("s" + std::to_string(static_cast<uint32_t>(step)));
    const size_t before = count_files();
    const Signal done;
    Child stopped([&] {
      const auto participant = join("stopped");
      signal_at(step, 1, SIGSTOP);
      Publisher publisher(participant->attach(slot));
      CHECK_EQUAL(publish(publisher, 2), 2u);
    });
    stopped.await_stop();
    in_processes(2, [&](int) { Ends ends(slot); });
    Ends ends(slot);
    CHECK_EQUAL(publish(ends.publisher, 1), 1u);
    stopped.signal(SIGCONT);
    stopped.join();
    CHECK_EQUAL(take_value(ends.subscription), 1u);
    CHECK_EQUAL(take_value(ends.subscription), 2u);
    CHECK_EQUAL(count_files(), before + 2);
  }
}

TEST("creation: many at once, of whom some are killed on the way") {
  const auto keep = join();
  for (int round = 0; round < 12; ++round) {
    const SlotConfig slot = config("round" + std::to_string(round));
    std::vector<Child> children;
    for (int i = 0; i < 6; ++i)
      children.emplace_back([&, i] {
        const auto participant = join("child");
        if (i < 3) signal_at(kSteps[(round + i) % std::size(kSteps)], 1, SIGKILL);
        Publisher publisher(participant->attach(slot));
        CHECK(publish(publisher, 1) > 0);
      });
    for (size_t i = 3; i < 6; ++i) children[i].join();
    children.clear();
    keep->recover_the_dead();
    CHECK_EQUAL(count_files(), 2u * (static_cast<size_t>(round) + 1));
    const uint64_t newest = keep->attach(slot)->newest();
    CHECK(newest >= 3 && newest <= 6);
    CHECK_EQUAL(DomainBytes().taken_rows(), 1u);
  }
}

TEST("creation: two names that meet under one hash get a place each") {
  const auto participant = join();
  const uint32_t index = make(*participant, config());
  DirectoryEntry& entry = participant->domain().entry(index);
  // As if another name of the same length and hash had come first, or were on its way.
  for (const bool complete : {true, false}) {
    if (!complete) entry.current.store_seq(0);
    uint64_t word = 0;
    std::memcpy(&word, "x/y", 3);
    entry.name[0].store_seq(word);
    if (complete) CHECK(!find_slot(participant->domain(), "a/b"));
    const uint32_t other = make(*participant, config());
    CHECK_EQUAL(other, (index + 1) % kSlots);
    CHECK(find_slot(participant->domain(), "a/b") == other);
    CHECK_EQUAL(name_of(entry), std::string("x/y"));
  }
}

TEST("creation: what a dead creator left goes, and nothing else") {
  const auto participant = join();
  make(*participant, config());
  make(*participant, config("c"));
  const Domain& domain = participant->domain();
  for (const char* name : {"a.b@9.ctl", "a.b@9.dat", "d@9.dat", "d@8.dat", "x@9.txt", "@9.ctl", "d@09.dat"})
    os::create_file(domain_folder(), name);
  CHECK(remove_unfinished(domain, 1));
  CHECK_EQUAL(count_files(), 11u);
  CHECK(remove_unfinished(domain, 9));
  for (const char* gone : {"a.b@9.ctl", "a.b@9.dat", "d@9.dat"})
    CHECK(!os::open_file(domain_folder(), gone, os::Access::kRead));
  for (const char* there : {"a.b@1.ctl", "a.b@1.dat", "c@2.ctl", "c@2.dat", "d@8.dat", "x@9.txt", "@9.ctl"})
    CHECK(os::open_file(domain_folder(), there, os::Access::kRead));
}

TEST("creation: nothing of a removed domain's successor is taken for what a dead creator left") {
  join();
  const auto viewer = join("viewer", false, Role::kViewer);
  os::create_file(domain_folder(), "control.sock");  // so that the folder is used again
  CHECK(remove_domain(temp_root(), kDomain));
  const auto participant = join();
  os::create_file(domain_folder(), "new@9.dat");
  CHECK(remove_unfinished(viewer->domain(), 9));
  CHECK(os::open_file(domain_folder(), "new@9.dat", os::Access::kRead));
}

TEST("creation: what does not fit leaves no files behind, and can be tried again") {
  const auto keep = join();
  Child([] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{1 << 20, RLIM_INFINITY};
    CHECK_EQUAL(::setrlimit(RLIMIT_FSIZE, &limit), 0);
    const auto participant = join();
    SlotConfig large = config();
    large.max_bytes = 1 << 20;
    CHECK_THROWS(participant->attach(large), "no space", "a.b@1.dat");
    CHECK_EQUAL(count_files(), 0u);
    CHECK(!find_slot(participant->domain(), "a/b"));
    Publisher publisher(participant->attach(config()));
    CHECK_EQUAL(publish(publisher, 1), 1u);
  }).join();
  CHECK_EQUAL(count_files(), 2u);
}

TEST("creation: a large slot costs no memory before it is used") {
  SlotConfig large = config();
  large.max_bytes = 256u << 20;
  const auto participant = join();
  const Publisher publisher(participant->attach(large));
  struct stat info;
  CHECK_EQUAL(::stat((domain_path() + "/" + data_name(large)).c_str(), &info), 0);
  CHECK_EQUAL(static_cast<uint64_t>(info.st_size), geometry_of(large).data_bytes);
  CHECK_EQUAL(info.st_blocks, 0);
}
