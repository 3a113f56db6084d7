#include "core/inspection.hpp"

#include <sys/stat.h>

#include <fstream>
#include <sstream>

#include "core/sleeper.hpp"
#include "support/child.hpp"
#include "support/slots.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;

DomainInspection look() { return inspect(temp_root(), kDomain); }

std::string bytes_of(const std::string& name) {
  std::ifstream file(domain_path() + "/" + name, std::ios::binary);
  std::stringstream out;
  out << file.rdbuf();
  return out.str();
}

}  // namespace

TEST("inspection: shows slots, who uses them, and what they did") {
  Ends camera(config(), "camera");
  const auto other = join("viewer");
  Subscription viewer(other->attach("a/b"));
  for (uint64_t i = 1; i <= 10; ++i) publish(camera.publisher, i);
  while (take_value(viewer) != 0) continue;
  const DomainInspection seen = look();
  CHECK_EQUAL(seen.slots.size(), 1u);
  const SlotInspection& slot = seen.slots[0];
  CHECK_EQUAL(slot.name, std::string("a/b"));
  CHECK_EQUAL(slot.schema_name, std::string("std/Number"));
  CHECK_EQUAL(slot.depth, 4u);
  CHECK_EQUAL(slot.max_bytes, 64u);
  CHECK_EQUAL(slot.newest, 10u);
  CHECK(slot.publishers == std::vector<std::string>{"camera"});
  CHECK(slot.subscribers == (std::vector<std::string>{"camera", "viewer"}));
  CHECK_EQUAL(slot.published_bytes, 80u);
  CHECK_EQUAL(slot.delivered, 4u);
  CHECK_EQUAL(slot.missed, 6u);
  uint64_t latencies = 0;
  for (const uint64_t count : slot.latency) latencies += count;
  CHECK_EQUAL(latencies, 4u);
  CHECK_EQUAL(seen.participants.size(), 2u);
  CHECK_EQUAL(seen.participants[1].name, std::string("viewer"));
  CHECK(seen.participants[0].alive && seen.participants[1].alive);
}

TEST("inspection: shows of each reader what it got, missed and was woken for in vain, and how it sleeps") {
  Ends first(config(), "first");
  const auto second = join("second");
  Subscription reader(second->attach("a/b"));
  for (uint64_t i = 1; i <= 10; ++i) publish(first.publisher, i);
  while (take_value(reader) != 0) continue;
  CHECK_EQUAL(take_value(first.subscription), 7u);
  Sleeper sleeper(*second, SleepMode::kDoorbell);
  CHECK(!sleeper.prepare({{reader.slot().shared_from_this(), reader.position()}}));
  CHECK(!sleeper.look({{reader.slot().shared_from_this(), reader.position()}}));
  const DomainInspection seen = look();
  const auto& readers = seen.slots.at(0).readers;
  CHECK_EQUAL(readers.size(), 2u);
  CHECK_EQUAL(readers[0].row, first.participant->row());
  CHECK_EQUAL(readers[0].name, std::string("first"));
  CHECK_EQUAL(readers[0].delivered, 1u);
  CHECK_EQUAL(readers[0].missed, 6u);
  CHECK_EQUAL(readers[0].filtered, 0u);
  CHECK_EQUAL(readers[1].row, second->row());
  CHECK_EQUAL(readers[1].name, std::string("second"));
  CHECK_EQUAL(readers[1].delivered, 4u);
  CHECK_EQUAL(readers[1].missed, 6u);
  CHECK_EQUAL(readers[1].filtered, 1u);
  CHECK_EQUAL(seen.slots[0].filtered, 1u);
  CHECK(seen.participants[0].sleep_mode == SleepMode::kEventWord);
  CHECK_EQUAL(seen.participants[0].filtered_wakes, 0u);
  CHECK(seen.participants[1].sleep_mode == SleepMode::kDoorbell);
  CHECK_EQUAL(seen.participants[1].filtered_wakes, 1u);
}

TEST("inspection: a row's counters start anew with its next owner") {
  {
    Ends ends;
    publish(ends.publisher, 1);
    take_value(ends.subscription);
  }
  const Ends next;
  CHECK_EQUAL(look().slots[0].published_bytes, 0u);
  CHECK_EQUAL(look().slots[0].delivered, 0u);
}

TEST("inspection: shows the dead as dead") {
  const auto keep = join();
  const Signal there;
  Child child([&] {
    const Ends ends(config(), "victim");
    there.give();
    wait_for_death();
  });
  there.await();
  child.kill();
  const DomainInspection seen = look();
  CHECK_EQUAL(seen.participants.size(), 2u);
  CHECK(!seen.participants[1].alive);
}

TEST("inspection: changes not a byte, and wakes nobody") {
  Ends ends;
  publish(ends.publisher, 1);
  const std::string domain = bytes_of("domain"), control = bytes_of(control_name(config())),
                    data = bytes_of(data_name(config()));
  for (int i = 0; i < 3; ++i) look();
  CHECK(bytes_of("domain") == domain);
  CHECK(bytes_of(control_name(config())) == control);
  CHECK(bytes_of(data_name(config())) == data);
}

TEST("inspection: leaves damaged slots out, and shows the others") {
  Ends ends;
  const auto beside = ends.participant->attach(config("beside"));
  ControlFile().header().magic = 0;
  CHECK_EQUAL(look().slots.size(), 1u);
  CHECK_EQUAL(look().slots[0].name, std::string("beside"));
}

TEST("inspection: shows nobody whom a damaged bitmap alone names, and needs a domain") {
  CHECK_THROWS(look(), "ERR_BABUS_DOMAIN_MISSING");
  Ends ends;
  for (uint32_t row = 0; row < kRows; ++row) {
    ControlFile().header().readers.add(row);
    ControlFile().header().publishers.add(row);
  }
  CHECK(look().slots[0].subscribers == (std::vector<std::string>{"tester"}));
  CHECK(look().slots[0].publishers == (std::vector<std::string>{"tester"}));
}
