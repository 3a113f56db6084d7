#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <map>
#include <set>

#include "core/control.hpp"
#include "os/error.hpp"
#include "support/child.hpp"
#include "support/slots.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;
namespace os = babus::os;

SlotConfig tiny(const std::string& name) {
  SlotConfig c = config(name);
  c.depth = c.max_readers = c.pins_per_reader = c.max_publishers = c.loans_per_publisher = 1;
  c.max_bytes = 8;
  return c;
}

size_t count_files() {
  size_t count = 0;
  for (const auto& name : os::list_folder(domain_folder(), domain_path())) count += name == "domain" ? 0 : 1;
  return count;
}

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
  const uint32_t index = find_or_create_slot(participant->domain(), config());
  CHECK(find_slot(participant->domain(), "a/b") == index);
  CHECK_EQUAL(find_or_create_slot(participant->domain(), config()), index);
  CHECK(find_or_create_slot(participant->domain(), config("a/c")) != index);
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
    CHECK_THROWS(participant->attach(c), "ERR_BABUS_SLOT_CONFIG", "slot a/b", message);
  }
  SlotConfig c = config();
  c.layout_hash = 99;
  CHECK_THROWS(participant->attach(c), "ERR_BABUS_SCHEMA_MISMATCH", "slot a/b", "std/Number");
  c = config();
  c.schema_name = "std/Other";
  CHECK_THROWS(participant->attach(c), "ERR_BABUS_SCHEMA_MISMATCH", "std/Number", "std/Other");
}

TEST("creation: a refused configuration leaves no trace") {
  const auto participant = join();
  { const auto slot = participant->attach(config()); }
  SlotConfig c = config();
  c.depth = 5;
  CHECK_THROWS(participant->attach(c), "ERR_BABUS_SLOT_CONFIG");
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
  for (uint32_t i = 0; i < kSlots; ++i)
    places.insert(find_or_create_slot(participant->domain(), tiny("s" + std::to_string(i))));
  CHECK_EQUAL(places.size(), size_t{kSlots});
  CHECK_THROWS(participant->attach(tiny("more")), "ERR_BABUS_SLOT_FULL", "slot more", "1024 slots");
  CHECK(!find_slot(participant->domain(), "more"));
  for (uint32_t i = 0; i < kSlots; i += 37) CHECK(find_slot(participant->domain(), "s" + std::to_string(i)));
}

TEST("creation: the 32 bits are given out evenly") {
  const auto participant = join();
  std::map<uint32_t, int> uses;
  for (int i = 0; i < 80; ++i) {
    const uint32_t index = find_or_create_slot(participant->domain(), tiny("s" + std::to_string(i)));
    const Control control(participant->domain(), index, os::Access::kRead);
    CHECK_EQUAL(control.bit(), participant->domain().entry(index).bit.load_seq());
    ++uses[control.bit()];
    for (const auto& [bit, count] : uses) CHECK(count <= i / 32 + 1);
  }
  CHECK_EQUAL(uses.size(), 32u);
}

TEST("creation: one that was broken off is done again, over whatever it left") {
  const auto participant = join();
  const uint32_t index = find_or_create_slot(participant->domain(), config());
  DirectoryEntry& entry = participant->domain().entry(index);
  entry.state.store_seq(static_cast<uint32_t>(EntryState::kCreating));
  const auto control = os::open_file(domain_folder(), control_name(config()), os::Access::kReadWrite);
  os::resize(*control, 10, "half a file");
  CHECK(!find_slot(participant->domain(), "a/b"));
  CHECK_THROWS(participant->attach("a/b"), "ERR_BABUS_SLOT_MISSING");
  SlotConfig other = config();
  other.depth = 9;  // nobody has used the first one, so it binds nobody
  Publisher publisher(participant->attach(other));
  CHECK_EQUAL(publish(publisher, 1), 1u);
  CHECK_EQUAL(entry.generation.load_seq(), 1u);
  CHECK_EQUAL(count_files(), 2u);
}

TEST("creation: a creator that was killed before it said which slot leaves its place free") {
  const auto participant = join();
  const uint32_t index = find_or_create_slot(participant->domain(), config());
  DirectoryEntry& entry = participant->domain().entry(index);
  os::remove_file(domain_folder(), control_name(config()));
  os::remove_file(domain_folder(), data_name(config()));
  entry.state.store_seq(static_cast<uint32_t>(EntryState::kEmpty));  // the name is half written
  entry.name[1] = '?';
  CHECK_EQUAL(find_or_create_slot(participant->domain(), config()), index);
  CHECK_EQUAL(entry.generation.load_seq(), 2u);
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
