#include <atomic>
#include <thread>

#include "core/inspection.hpp"
#include "core/sleeper.hpp"
#include "support/slots.hpp"

// Control words that nobody who keeps to the protocol can have written, one kind at a time. (fuzz.cc writes
// anything.)
namespace {

using namespace babus::core;
using namespace babus::test;

}  // namespace

// Nobody can publish over it: whoever finds that first tells all.
TEST("corruption: a ring full of nonsense refuses the slot at all ends, sleepers included, and no other") {
  for (const bool found_by_publisher : {true, false})
    for (const uint64_t word : {~uint64_t{0}, uint64_t{1} << 40, uint64_t{7} << 4}) {
      const SlotConfig c = config("s" + std::to_string(word) + (found_by_publisher ? "p" : "r"));
      Ends ends(c), beside(config("beside"));
      for (uint64_t i = 1; i <= 6; ++i) publish(ends.publisher, i);
      std::atomic<bool> told{false};
      const auto sleeping = join("sleeping");
      Subscription reader(sleeping->attach(c));
      std::thread thread([&] {
        Sleeper sleeper(*sleeping);
        sleeper.sleep({{reader.slot().shared_from_this(), reader.position()}});
        Message message;
        CHECK_THROWS(reader.take(message), "ERR_BABUS_SLOT_CORRUPT", "overwritten");
        told = true;
      });
      while (DomainBytes().sleeping_rows() == 0) std::this_thread::yield();
      const ControlFile file(c);
      for (uint64_t place = 0; place < 4; ++place) file.word(place).store_seq(word);
      Message message;
      if (found_by_publisher) {
        const uint32_t buffer = ends.publisher.loan(8);
        CHECK_THROWS(ends.publisher.commit(buffer, 8), "ERR_BABUS_SLOT_CORRUPT", "overwritten");
      } else {
        ends.subscription.seek(6);
        CHECK_THROWS(ends.subscription.take(message), "ERR_BABUS_SLOT_CORRUPT", "overwritten");
      }
      thread.join();
      CHECK(told.load());
      CHECK_THROWS(ends.publisher.loan(8), "ERR_BABUS_SLOT_CORRUPT", "overwritten");
      CHECK_THROWS(ends.subscription.take(message), "ERR_BABUS_SLOT_CORRUPT", "overwritten");
      CHECK_THROWS(join("late")->attach(c), "ERR_BABUS_SLOT_CORRUPT", "cannot go on");
      publish(beside.publisher, 7);
      CHECK_EQUAL(take_value(beside.subscription), 7u);
    }
}

TEST("corruption: a word of a later lap than head's costs one error for its message") {
  Ends ends;
  for (uint64_t i = 1; i <= 6; ++i) publish(ends.publisher, i);
  const ControlFile file;
  file.word(4).store_seq(~uint64_t{0});
  Message message;
  CHECK(!ends.subscription.at(1, message));  // gone, as ever
  CHECK_EQUAL(take_value(ends.subscription), 3u);
  CHECK_THROWS(ends.subscription.take(message), "ERR_BABUS_SLOT_CORRUPT", "message 4");
  CHECK_EQUAL(take_value(ends.subscription), 5u);
  CHECK_EQUAL(take_value(ends.subscription), 6u);
  CHECK_EQUAL(ends.subscription.slot().counters().missed.load_seq(), 3u);
}

TEST("corruption: bits of rows that are not attached keep nobody out, and are not shown") {
  Ends ends;
  const ControlFile file;
  for (auto* rows : {&file.header().readers, &file.header().publishers})
    for (uint32_t row = 0; row < kRows; ++row) rows->add(row);
  const auto late = join("late");
  Subscription reader(late->attach(config()));
  Publisher publisher(late->attach(config()));
  publish(publisher, 9);
  CHECK_EQUAL(take_value(reader), 9u);
  CHECK_EQUAL(take_value(ends.subscription), 9u);
  const auto seen = inspect(temp_root(), kDomain);
  CHECK(seen.slots[0].subscribers == (std::vector<std::string>{"tester", "late"}));
  CHECK(seen.slots[0].publishers == (std::vector<std::string>{"tester", "late"}));
}
