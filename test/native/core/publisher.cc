#include "core/publisher.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "os/error.hpp"
#include "support/slots.hpp"
#include "support/small_tmpfs.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;

uint64_t used_bytes(const SlotConfig& slot) {
  struct stat info;
  CHECK_EQUAL(::stat((domain_path() + "/" + data_name(slot)).c_str(), &info), 0);
  return static_cast<uint64_t>(info.st_blocks) * 512;
}

}  // namespace

TEST("publisher: sequences start at 1 and have no holes") {
  Ends ends;
  for (uint64_t i = 1; i <= 100; ++i) CHECK_EQUAL(publish(ends.publisher, i), i);
}

TEST("publisher: a loan's fixed part is zero, whatever the buffer held before") {
  Ends ends;
  for (int i = 0; i < 50; ++i) {
    const uint32_t buffer = ends.publisher.loan(64);
    std::byte* payload = ends.publisher.payload(buffer);
    CHECK(std::all_of(payload, payload + 64, [](std::byte b) { return b == std::byte{0}; }));
    std::memset(payload, 0xff, 64);
    i % 3 == 0 ? ends.publisher.discard(buffer) : void(ends.publisher.commit(buffer, 64));
  }
}

TEST("publisher: more loans than its quota are refused, and one given back makes room") {
  Ends ends;
  const auto other = join();
  Publisher second(ends.participant->attach(config())), elsewhere(other->attach(config()));
  const uint32_t a = ends.publisher.loan(8);
  const uint32_t b = second.loan(8);  // the quota is the participant's
  CHECK(a != b);
  CHECK_THROWS(ends.publisher.loan(8), "ERR_BABUS_LOAN_QUOTA", "a/b", "2 loans are open",
               "loans_per_publisher");
  elsewhere.discard(elsewhere.loan(8));  // nobody else notices
  ends.publisher.discard(a);
  CHECK(ends.publisher.commit(ends.publisher.loan(8), 8) == 1);
  CHECK_EQUAL(second.commit(b, 8), 2u);
}

TEST("publisher: a loan is committed or discarded once, by its publisher") {
  Ends ends;
  Publisher second(ends.participant->attach(config()));
  const uint32_t buffer = ends.publisher.loan(8);
  CHECK_THROWS(second.commit(buffer, 8), "ERR_BABUS_LOAN_CLOSED");
  ends.publisher.commit(buffer, 8);
  CHECK_THROWS(ends.publisher.commit(buffer, 8), "ERR_BABUS_LOAN_CLOSED");
  CHECK_THROWS(ends.publisher.discard(buffer), "ERR_BABUS_LOAN_CLOSED");
  CHECK_THROWS(ends.publisher.reserve(buffer, 8), "ERR_BABUS_LOAN_CLOSED");
  CHECK_THROWS(ends.publisher.discard(1'000'000), "ERR_BABUS_LOAN_CLOSED", "1000000");
  CHECK_EQUAL(ends.subscription.newest(), 1u);
}

TEST("publisher: a message that is too long is refused, and its loan stays open") {
  Ends ends;
  CHECK_THROWS(ends.publisher.loan(65), "ERR_BABUS_MESSAGE_TOO_LONG", "65 bytes needed, 64 are the most",
               "slots.a/b.max_bytes");
  for (int i = 0; i < 10; ++i) CHECK_THROWS(ends.publisher.loan(~uint64_t{0}), "ERR_BABUS_MESSAGE_TOO_LONG");
  const uint32_t buffer = ends.publisher.loan(64);
  CHECK_THROWS(ends.publisher.reserve(buffer, 65), "ERR_BABUS_MESSAGE_TOO_LONG");
  CHECK_THROWS(ends.publisher.commit(buffer, 65), "ERR_BABUS_MESSAGE_TOO_LONG");
  CHECK_EQUAL(ends.publisher.commit(buffer, 64), 1u);
}

TEST("publisher: only what is published and reserved takes memory") {
  SlotConfig c = config();
  c.max_bytes = 1 << 20;
  Ends ends(c);
  const uint32_t buffer = ends.publisher.loan(100);
  CHECK_EQUAL(used_bytes(c), 4096u);
  ends.publisher.reserve(buffer, 10'000);
  CHECK_EQUAL(used_bytes(c), 12'288u);
  ends.publisher.commit(buffer, 10'000);
  for (int i = 0; i < 200; ++i) publish(ends.publisher, 1);
  CHECK(used_bytes(c) <= 12'288u + (c.depth + 1) * 4096u);  // as few buffers as the ring needs
}

TEST("publisher: with prefault, memory is there before it is needed, and no page is waited for") {
  SlotConfig c = config();
  c.max_bytes = 1 << 20;
  Ends ends(c);
  ends.publisher.prefault();
  const uint64_t backed = used_bytes(c);
  CHECK(backed >= uint64_t{c.depth + c.loans_per_publisher} << 20);
  const auto faults = [] {
    struct rusage usage;
    CHECK_EQUAL(::getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_minflt;
  };
  const auto before = faults();
  for (uint32_t i = 0; i < 3 * c.depth; ++i) {
    const uint32_t buffer = ends.publisher.loan(8);
    std::memset(ends.publisher.payload(buffer), 'x', 1 << 20);
    ends.publisher.commit(buffer, 1 << 20);
  }
  // Without, each of the 256 pages of depth + 1 buffers; sanitizers have a page of their own for each eight.
  CHECK(faults() - before < 128 * (c.depth + 1));
  CHECK_EQUAL(used_bytes(c), backed);
}

TEST("publisher: prefault that finds no memory is an error, and the publisher goes on without") {
  mount_small_tmpfs(1 << 20);
  SlotConfig c = config();
  c.max_bytes = 1 << 20;
  Ends ends(c);
  CHECK_THROWS(ends.publisher.prefault(), "no space", "a/b");
  CHECK_EQUAL(publish(ends.publisher, 7), 1u);
  CHECK_EQUAL(take_value(ends.subscription), 7u);
}

TEST("publisher: a full file system is an error at the loan, and nothing is lost by it") {
  mount_small_tmpfs(1 << 20);
  SlotConfig c = config();
  c.max_bytes = 4 << 20;
  Ends ends(c);
  const uint32_t buffer = ends.publisher.loan(8);
  std::memset(ends.publisher.payload(buffer), 'x', 8);
  CHECK_THROWS(ends.publisher.reserve(buffer, 2 << 20), "no space", "a/b");
  uint64_t fits = 1 << 20;  // all that is left, so that there is no page for a second buffer
  for (; fits >= 4096; fits -= 4096)
    if (thrown_by([&] { ends.publisher.reserve(buffer, fits); }).empty()) break;
  for (int i = 0; i < 50; ++i)
    CHECK_THROWS(ends.publisher.loan(8), "no space", "a/b");  // more than loans or buffers
  CHECK_EQUAL(ends.publisher.payload(buffer)[7], std::byte{'x'});
  CHECK_EQUAL(ControlFile(c).count_states(1), 1u);  // our loan; no claim is left of those that failed
  CHECK_EQUAL(ends.publisher.commit(buffer, fits), 1u);
  Message message;
  CHECK(ends.subscription.take(message));
  CHECK_EQUAL(message.length, fits);
  CHECK_THROWS(ends.participant->attach(config("another")), "no space");
}

TEST("publisher: within its quota it always finds a buffer, whatever the others hold") {
  SlotConfig c = config();
  c.depth = 1;
  std::vector<std::unique_ptr<Ends>> all;
  for (uint32_t i = 0; i < c.max_publishers; ++i) all.push_back(std::make_unique<Ends>(c));
  std::vector<Message> held;
  for (const auto& ends : all)  // every reader holds all it may, each another message
    for (uint32_t i = 0; i < c.pins_per_reader; ++i) {
      publish(all[0]->publisher, 1);
      CHECK(ends->subscription.at(ends->subscription.newest(), held.emplace_back()));
    }
  publish(all[0]->publisher, 1);
  for (int round = 0; round < 20; ++round) {
    std::vector<std::pair<Publisher*, uint32_t>> loans;
    for (const auto& ends : all)
      for (uint32_t i = 0; i < c.loans_per_publisher; ++i)
        loans.emplace_back(&ends->publisher, ends->publisher.loan(8));
    for (const auto& [publisher, buffer] : loans) publisher->commit(buffer, 8);
  }
}

TEST("publisher: open loans are given back when it is closed") {
  Ends ends;
  {
    Publisher second(ends.participant->attach(config()));
    second.loan(8);
    second.loan(8);
    CHECK_THROWS(ends.publisher.loan(8), "ERR_BABUS_LOAN_QUOTA");
  }
  CHECK_EQUAL(ControlFile().count_states(1), 0u);
  ends.publisher.discard(ends.publisher.loan(8));
}

TEST("publisher: as many participants publish as the slot allows") {
  SlotConfig c = config();
  std::vector<std::unique_ptr<Participant>> participants;
  std::vector<std::unique_ptr<Publisher>> publishers;
  for (uint32_t i = 0; i <= c.max_publishers; ++i) participants.push_back(join());
  for (uint32_t i = 0; i < c.max_publishers; ++i)
    for (int twice = 0; twice < 2; ++twice)  // two of one participant count once
      publishers.push_back(std::make_unique<Publisher>(participants[i]->attach(c)));
  const auto late = participants.back()->attach(c);
  CHECK_THROWS(Publisher publisher(late), "ERR_BABUS_SLOT_FULL", "already has 3 publishers",
               "max_publishers");
  publishers.pop_back();
  CHECK_THROWS(Publisher publisher(late), "ERR_BABUS_SLOT_FULL");
  publishers.pop_back();
  Publisher publisher(late);
  CHECK_EQUAL(publish(publisher, 1), 1u);
}

TEST("publisher: a corrupt ring is an error that leaves the loan open") {
  Ends ends;
  publish(ends.publisher, 1);
  const ControlFile file;
  const uint32_t buffer = ends.publisher.loan(8);
  const uint64_t head = file.header().head.load_seq();
  file.header().head.store_seq(0);
  CHECK_THROWS(ends.publisher.commit(buffer, 8), "ERR_BABUS_SLOT_CORRUPT", "slot a/b");
  file.header().head.store_seq(~uint64_t{0} - 1);
  CHECK_THROWS(ends.publisher.commit(buffer, 8), "ERR_BABUS_SLOT_CORRUPT");
  file.header().head.store_seq(head);
  CHECK_EQUAL(ends.publisher.commit(buffer, 8), 2u);
}

TEST("publisher: buffers claimed in the name of nobody who lives are found free") {
  Ends ends;
  const ControlFile file;
  for (const uint64_t word : {babus::sync::Ring::claimed_state(200, 5), ~uint64_t{0}, ~uint64_t{0} - 2}) {
    for (uint32_t b = 0; b < file.geometry().buffers; ++b) file.buffer(b).state.store_seq(word);
    for (uint64_t i = 1; i <= 20; ++i) {
      publish(ends.publisher, i);
      CHECK_EQUAL(take_value(ends.subscription), i);
    }
  }
}

TEST("publisher: no buffer at all is an error, not a hang") {
  Ends ends, other;
  const ControlFile file;
  for (uint32_t b = 0; b < file.geometry().buffers; ++b)
    file.buffer(b).state.store_seq(babus::sync::Ring::claimed_state(other.participant->row(), 5));
  CHECK_THROWS(ends.publisher.loan(8), "ERR_BABUS_SLOT_CORRUPT", "no buffer is free");
  for (uint32_t b = 0; b < file.geometry().buffers; ++b) file.buffer(b).state.store_seq(0);
  CHECK_EQUAL(publish(ends.publisher, 1), 1u);
}
