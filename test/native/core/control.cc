#include "core/control.hpp"

#include <unistd.h>

#include "os/error.hpp"
#include "support/slots.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;
namespace os = babus::os;

// What everybody gets who opens the damaged slot a/b; a slot beside it works on.
void check_refused(const char* code, const char* part) {
  const auto participant = join();
  CHECK_THROWS(participant->attach(config()), code, part);
  CHECK_THROWS(participant->attach("a/b"), code, part);
  Publisher beside(participant->attach(config("beside")));
  CHECK(publish(beside, 1) > 0);
}

void resize_control(uint64_t bytes) {
  os::resize(*os::open_file(domain_folder(), control_name(config()), os::Access::kReadWrite), bytes,
             "control");
}

}  // namespace

TEST("control: what was configured can be read back by who attaches by name") {
  const auto participant = join();
  SlotConfig c = config();
  c.descriptor = std::string(40'000, 'd');
  c.encoding = Encoding::kBytes;
  const auto slot = participant->attach(c);
  const Control read(participant->domain(), *find_slot(participant->domain(), "a/b"), os::Access::kRead);
  CHECK_EQUAL(read.config().name, c.name);
  CHECK_EQUAL(read.config().schema_name, c.schema_name);
  CHECK(read.config().descriptor == c.descriptor);
  CHECK_EQUAL(read.config().layout_hash, c.layout_hash);
  CHECK_EQUAL(read.config().encoding, Encoding::kBytes);
  CHECK_EQUAL(read.config().max_bytes, 64u);
  CHECK_EQUAL(read.data_file(), data_name(c));
}

TEST("control: each damaged header value refuses that slot and no other") {
  { const Ends ends; }
  const std::pair<const char*, void (*)(SlotHeader&)> cases[] = {
      {"is no slot of babus", [](SlotHeader& h) { h.magic ^= 1; }},
      {"access or encoding is out of range", [](SlotHeader& h) { h.access = 3; }},
      {"access or encoding is out of range", [](SlotHeader& h) { h.encoding = 3; }},
      {"says it is slot a.b@9", [](SlotHeader& h) { h.generation = 9; }},
      {"depth is 0", [](SlotHeader& h) { h.depth = 0; }},
      {"depth is 4294967295", [](SlotHeader& h) { h.depth = ~0u; }},
      {"does not fit its size", [](SlotHeader& h) { h.depth += 8; }},
      {"does not fit its size", [](SlotHeader& h) { h.buffers += 1; }},
      {"does not fit its size", [](SlotHeader& h) { h.max_readers += 1; }},
      {"max_readers is 257", [](SlotHeader& h) { h.max_readers = 257; }},
      {"pins_per_reader is 2000000000", [](SlotHeader& h) { h.pins_per_reader = 2'000'000'000; }},
      {"does not fit its size", [](SlotHeader& h) { h.max_publishers -= 1; }},
      {"loans_per_publisher is 0", [](SlotHeader& h) { h.loans_per_publisher = 0; }},
      {"does not fit its size", [](SlotHeader& h) { h.stride += 64; }},
      {"does not fit its size", [](SlotHeader& h) { h.max_bytes += 64; }},
      {"max_bytes is", [](SlotHeader& h) { h.max_bytes = ~uint64_t{0}; }},
      {"descriptor length", [](SlotHeader& h) { h.descriptor_bytes = kDescriptorBytesMax + 1; }},
      {"does not fit its size", [](SlotHeader& h) { h.descriptor_bytes = 60'000; }},
      {"event bit", [](SlotHeader& h) { h.bit = 32; }},
      {"says it is slot", [](SlotHeader& h) { h.name[0] = 'z'; }},
      {"does not fit its size", [](SlotHeader& h) { h.head.store_seq(0); }},
      {"does not fit its size", [](SlotHeader& h) { h.head.store_seq(~uint64_t{0}); }},
  };
  alignas(64) std::byte sound[sizeof(SlotHeader)];
  std::memcpy(sound, &ControlFile().header(), sizeof sound);
  for (const auto& [part, damage] : cases) {
    const ControlFile file;
    damage(file.header());
    check_refused("ERR_BABUS_SLOT_CORRUPT", part);
    std::memcpy(static_cast<void*>(&file.header()), sound, sizeof sound);
  }
  const Ends ends;  // and it was nothing else
}

TEST("control: a slot of another version is refused by its number") {
  { const Ends ends; }
  ControlFile().header().version = 7;
  check_refused("ERR_BABUS_DOMAIN_VERSION", "layout version 7");
}

TEST("control: a file that was cut, grown or removed is refused by name") {
  { const Ends ends; }
  const uint64_t bytes = ControlFile().geometry().control_bytes;
  for (const uint64_t size : {uint64_t{0}, uint64_t{1023}}) {
    resize_control(size);
    check_refused("ERR_BABUS_SLOT_CORRUPT", "a.b@1.ctl has");
  }
  resize_control(bytes);  // zeros where the header was
  check_refused("ERR_BABUS_SLOT_CORRUPT", "no slot of babus");
  os::remove_file(domain_folder(), control_name(config()));
  check_refused("ERR_BABUS_SLOT_MISSING", "a.b@1.ctl is gone");
}

TEST("control: a file shorter or longer than its header says is refused") {
  { const Ends ends; }
  const uint64_t bytes = ControlFile().geometry().control_bytes;
  for (const uint64_t size : {bytes - 4096, bytes + 1}) {
    resize_control(size);
    check_refused("ERR_BABUS_SLOT_CORRUPT", "does not fit its size");
  }
}

TEST("control: a data file that was cut, replaced or removed is refused by name") {
  const Ends first;
  const std::string data = data_name(config());
  const auto participant = join();
  const auto refused = [&](const char* code, const char* part) {
    const auto slot = participant->attach(config());
    CHECK_THROWS(Publisher publisher(slot), code, part);
    CHECK_THROWS(Subscription subscription(slot), code, part);
    CHECK(!slot->control().header().readers.has(participant->row()));
    CHECK(!slot->control().header().publishers.has(participant->row()));
  };
  os::resize(*os::open_file(domain_folder(), data, os::Access::kReadWrite), 64, data);
  refused("ERR_BABUS_SLOT_CORRUPT", "a.b@1.dat was truncated");
  os::remove_file(domain_folder(), data);
  refused("ERR_BABUS_SLOT_MISSING", "a.b@1.dat is gone");
  CHECK_EQUAL(::symlink("/etc/passwd", (domain_path() + "/" + data).c_str()), 0);
  refused("ERR_BABUS_SLOT_CORRUPT", "a.b@1.dat is a symbolic link");
}

TEST("control: a damaged directory costs the slot it names") {
  { const Ends ends; }
  const DomainBytes domain;
  const auto participant = join();
  DirectoryEntry& entry = domain->directory[*find_slot(participant->domain(), "a/b")];
  const uint64_t sound = entry.name[0].load_seq();
  const auto index = static_cast<uint32_t>(&entry - domain->directory);
  uint64_t word = 0;
  std::memcpy(&word, "../../x", 8);
  entry.name[0].store_seq(word);
  CHECK_THROWS(Control(participant->domain(), index, os::Access::kRead), "ERR_BABUS_NAME");
  CHECK_THROWS(participant->attach("a/b"), "ERR_BABUS_SLOT_MISSING");
  for (auto& part : entry.name) part.store_seq(0x6161616161616161);  // not even an end
  CHECK_THROWS(Control(participant->domain(), index, os::Access::kRead), "ERR_BABUS_NAME");
  CHECK_THROWS(participant->attach("a/b"), "ERR_BABUS_SLOT_MISSING");
  for (auto& part : entry.name) part.store_seq(0);
  entry.name[0].store_seq(sound);
  entry.current.store_seq(Current{77, 0, 0, false}.word());
  CHECK_THROWS(participant->attach("a/b"), "ERR_BABUS_SLOT_MISSING", "a.b@77.ctl is gone");
  Publisher beside(participant->attach(config("beside")));
  CHECK_EQUAL(publish(beside, 1), 1u);
}
