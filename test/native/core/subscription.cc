#include "core/subscription.hpp"

#include "support/slots.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;
namespace sync = babus::sync;

}  // namespace

TEST("subscription: starts with the next message and takes all in order") {
  Ends ends;
  publish(ends.publisher, 100);
  Subscription late(ends.participant->attach(config()));
  CHECK_EQUAL(take_value(late), 0u);
  CHECK_EQUAL(late.position(), 1u);
  for (uint64_t i = 101; i < 150; ++i) {
    const uint64_t sequence = publish(ends.publisher, i);
    Message message;
    CHECK(late.take(message));
    CHECK_EQUAL(value_of(late, message), i);
    CHECK_EQUAL(message.sequence, sequence);
    CHECK_EQUAL(message.missed, 0u);
    CHECK_EQUAL(message.length, 8u);
    CHECK(message.monotonic_ns > 0 && message.wall_ns > 1'600'000'000'000'000'000);
    late.release(message.pin);
    CHECK_EQUAL(take_value(late), 0u);
  }
}

TEST(
    "subscription: any of the last messages can be read, at a sequence or so many back, with no publisher "
    "alive") {
  const auto keep = join();
  {
    Ends ends;
    for (uint64_t i = 1; i <= 10; ++i) publish(ends.publisher, 100 + i);
  }
  Subscription late(keep->attach("a/b"));
  CHECK_EQUAL(late.newest(), 10u);
  for (uint64_t back = 0; back < 4; ++back) {
    Message message;
    CHECK(late.at(late.newest() - back, message));
    CHECK_EQUAL(value_of(late, message), 110 - back);
    late.release(message.pin);
  }
  for (const uint64_t sequence : {uint64_t{0}, uint64_t{6}, uint64_t{11}, ~uint64_t{0}, uint64_t{1} << 62}) {
    Message message;
    CHECK(!late.at(sequence, message));
  }
  CHECK_EQUAL(ControlFile().count_pins(), 0u);
}

TEST("subscription: history is read from where it is sought") {
  Ends ends;
  for (uint64_t i = 1; i <= 4; ++i) publish(ends.publisher, i);
  ends.subscription.seek(2);
  CHECK_EQUAL(take_value(ends.subscription), 3u);
  CHECK_EQUAL(take_value(ends.subscription), 4u);
  CHECK_EQUAL(take_value(ends.subscription), 0u);
  ends.subscription.seek(10);  // not there yet
  for (uint64_t i = 5; i <= 11; ++i) publish(ends.publisher, i);
  CHECK_EQUAL(take_value(ends.subscription), 11u);
}

TEST("subscription: one that was lapped learns with the next message how many it missed") {
  Ends ends;
  publish(ends.publisher, 1);
  CHECK_EQUAL(take_value(ends.subscription), 1u);
  for (uint64_t i = 2; i <= 20; ++i) publish(ends.publisher, i);
  Message message;
  CHECK(ends.subscription.take(message));
  CHECK_EQUAL(message.sequence, 17u);
  CHECK_EQUAL(message.missed, 15u);
  ends.subscription.release(message.pin);
  CHECK(ends.subscription.take(message));
  CHECK_EQUAL(message.sequence, 18u);
  CHECK_EQUAL(message.missed, 0u);
  const RowCounters& counters = ends.subscription.slot().counters();
  CHECK_EQUAL(counters.delivered.load_seq(), 3u);
  CHECK_EQUAL(counters.missed.load_seq(), 15u);
}

TEST("subscription: a held message does not change while others lap the ring many times") {
  Ends ends;
  publish(ends.publisher, 0x1111);
  Message held;
  CHECK(ends.subscription.take(held));
  for (uint64_t i = 0; i < 200; ++i) {
    publish(ends.publisher, i);
    CHECK_EQUAL(value_of(ends.subscription, held), 0x1111u);
  }
  ends.subscription.release(held.pin);
  bool reused = false;
  for (uint64_t i = 0; i < 200 && !reused; ++i) {
    const uint32_t buffer = ends.publisher.loan(8);
    reused = buffer == held.buffer;
    ends.publisher.commit(buffer, 8);
  }
  // Its buffer is free again; it comes round when the ones in use do not suffice.
  const uint32_t a = ends.publisher.loan(8), b = ends.publisher.loan(8);
  CHECK(a != b);
  CHECK_EQUAL(ControlFile().count_pins(), 0u);
}

TEST("subscription: more pins than its quota are refused, and one given back makes room") {
  Ends ends;
  const auto other = join();
  Subscription modest(other->attach(config()));
  for (uint64_t i = 1; i <= 4; ++i) publish(ends.publisher, i);
  Message first, second, third;
  CHECK(ends.subscription.take(first));
  CHECK(ends.subscription.at(4, second));
  CHECK_THROWS(ends.subscription.take(third), "ERR_BABUS_PIN_QUOTA", "a/b", "2 messages are held",
               "pins_per_reader");
  CHECK_THROWS(ends.subscription.at(3, third), "ERR_BABUS_PIN_QUOTA");
  CHECK_EQUAL(take_value(modest), 1u);  // nobody else notices
  ends.subscription.release(first.pin);
  CHECK(ends.subscription.take(third));
  CHECK_EQUAL(third.sequence, 2u);  // the refusal skipped nothing
  CHECK_EQUAL(third.missed, 0u);
}

TEST("subscription: with all pins held, nothing new is no error, and nor is a message that is not there") {
  Ends ends;
  for (uint64_t i = 1; i <= 6; ++i) publish(ends.publisher, i);
  Message first, second, third;
  ends.subscription.seek(4);
  CHECK(ends.subscription.take(first) && ends.subscription.take(second));
  CHECK(!ends.subscription.take(third));
  for (const uint64_t sequence : {2u, 7u, 100u}) CHECK(!ends.subscription.at(sequence, third));
  CHECK_THROWS(ends.subscription.at(3, third), "ERR_BABUS_PIN_QUOTA");
  publish(ends.publisher, 7);
  CHECK_THROWS(ends.subscription.take(third), "ERR_BABUS_PIN_QUOTA");
  for (uint64_t i = 8; i <= 20; ++i) publish(ends.publisher, i);
  CHECK_THROWS(ends.subscription.take(third), "ERR_BABUS_PIN_QUOTA");
  ends.subscription.release(first.pin);
  CHECK(ends.subscription.take(third));
  CHECK_EQUAL(third.sequence, 17u);
  CHECK_EQUAL(third.missed, 10u);  // counted once, whatever was refused meanwhile
}

TEST(
    "subscription: what was missed before, at and after a message that cannot be comes with the next sound "
    "one") {
  Ends ends;
  const ControlFile file;
  for (uint64_t i = 1; i <= 6; ++i) publish(ends.publisher, i);  // 1 and 2 are gone
  const uint64_t buffer = file.word(3).load_seq() & 15;
  ends.publisher.data()->at<MessageHeader>(buffer * file.geometry().stride)->length = 65;
  Message message;
  CHECK_THROWS(ends.subscription.take(message), "ERR_BABUS_SLOT_CORRUPT", "message 3");
  for (uint64_t i = 7; i <= 9; ++i) publish(ends.publisher, i);  // 4 and 5 go too
  CHECK(ends.subscription.take(message));
  CHECK_EQUAL(message.sequence, 6u);
  CHECK_EQUAL(message.missed, 5u);
  CHECK_EQUAL(ends.subscription.slot().counters().missed.load_seq(), 5u);
}

TEST("subscription: nothing wraps at 32 bits, and the last sequence of all is published and read") {
  for (const uint64_t from : {(uint64_t{1} << 32) - 3, sync::kSequenceMax - 5}) {
    SlotConfig c = config(from > (uint64_t{1} << 40) ? "late" : "early");
    Ends ends(c);
    ControlFile(c).header().head.store_seq(from);
    ends.subscription.seek(from - 1);
    for (uint64_t sequence = from; sequence < from + 6; ++sequence) {
      CHECK_EQUAL(publish(ends.publisher, sequence), sequence);
      Message message;
      CHECK(ends.subscription.take(message));
      CHECK_EQUAL(message.sequence, sequence);
      CHECK_EQUAL(value_of(ends.subscription, message), sequence);
      CHECK_EQUAL(message.missed, 0u);
      ends.subscription.release(message.pin);
    }
    CHECK_EQUAL(ends.subscription.newest(), from + 5);
    CHECK_EQUAL(ends.subscription.oldest(), from + 2);
    const uint64_t before = ends.subscription.newest();
    Message message;
    CHECK(ends.subscription.at(before - 3, message));
    CHECK_EQUAL(value_of(ends.subscription, message), before - 3);
    CHECK(!ends.subscription.at(before - 4, message));
  }
}

TEST("subscription: when the sequences are used up, publishing says so and reading goes on") {
  Ends ends;
  const ControlFile file;
  const uint64_t last = ends.subscription.slot().ring().last_sequence();
  CHECK(last > sync::kSequenceMax - 4);
  file.header().head.store_seq(last);
  ends.subscription.seek(last - 1);
  CHECK_EQUAL(publish(ends.publisher, 41), last);
  const uint32_t buffer = ends.publisher.loan(8);
  CHECK_THROWS(ends.publisher.commit(buffer, 8), "ERR_BABUS_SLOT_FULL", "slot a/b",
               std::to_string(last).c_str(), "start it again");
  ends.publisher.discard(buffer);
  CHECK_EQUAL(take_value(ends.subscription), 41u);
  CHECK_EQUAL(take_value(ends.subscription), 0u);
  CHECK_EQUAL(ends.subscription.newest(), last);
  file.header().head.store_seq(last + 2);
  Message message;
  CHECK_THROWS(ends.subscription.newest(), "ERR_BABUS_SLOT_CORRUPT", "a.b@1.ctl");
  CHECK_THROWS(ends.subscription.take(message), "ERR_BABUS_SLOT_CORRUPT", "a.b@1.ctl");
}

TEST("subscription: a pin is released once") {
  Ends ends;
  publish(ends.publisher, 1);
  Message message;
  CHECK(ends.subscription.take(message));
  ends.subscription.release(message.pin);
  CHECK_THROWS(ends.subscription.release(message.pin), "ERR_BABUS_CLOSED");
  CHECK_THROWS(ends.subscription.release(99), "ERR_BABUS_CLOSED", "99");
}

TEST("subscription: what it holds is given back when it is closed") {
  Ends ends;
  publish(ends.publisher, 1);
  {
    Subscription second(ends.participant->attach(config()));
    Message message;
    CHECK(second.at(1, message) && second.at(1, message));
    CHECK_EQUAL(ControlFile().count_pins(), 2u);
  }
  CHECK_EQUAL(ControlFile().count_pins(), 0u);
  CHECK(ControlFile().header().readers.has(ends.participant->row()));  // the first one reads on
}

TEST("subscription: as many participants read as the slot allows") {
  SlotConfig c = config();
  std::vector<std::unique_ptr<Participant>> participants;
  std::vector<std::unique_ptr<Subscription>> readers;
  for (uint32_t i = 0; i < c.max_readers; ++i) {
    participants.push_back(join());
    readers.push_back(std::make_unique<Subscription>(participants.back()->attach(c)));
  }
  const auto late = join();
  CHECK_THROWS(Subscription(late->attach(c)), "ERR_BABUS_SLOT_FULL", "already has 3 readers", "max_readers");
  readers.pop_back();
  Subscription reader(late->attach(c));
}

TEST("subscription: depth 1 keeps the newest, and every other one is counted as missed") {
  SlotConfig c = config();
  c.depth = 1;
  Ends ends(c);
  for (uint64_t i = 1; i <= 9; ++i) publish(ends.publisher, i);
  Message message;
  CHECK(ends.subscription.take(message));
  CHECK_EQUAL(message.sequence, 9u);
  CHECK_EQUAL(message.missed, 8u);
}

TEST("subscription: a message whose publisher died before it moved head is delivered, and head is moved") {
  Ends ends;
  publish(ends.publisher, 1);
  CHECK_EQUAL(take_value(ends.subscription), 1u);
  const ControlFile file;
  const uint32_t buffer = ends.publisher.loan(8);
  stamp(ends.publisher, buffer, 2, 8);
  file.word(2).store_seq(file.ring_word(2, buffer));
  CHECK_EQUAL(file.header().head.load_seq(), 2u);
  Message message;
  CHECK(ends.subscription.take(message));
  CHECK_EQUAL(message.sequence, 2u);
  CHECK_EQUAL(file.header().head.load_seq(), 3u);
}

TEST("subscription: a message with a length or buffer that cannot be costs one error, and counts as missed") {
  Ends ends;
  const ControlFile file;
  for (uint64_t i = 1; i <= 3; ++i) publish(ends.publisher, i);
  file.word(1).store_seq(file.ring_word(1, 15) |
                         15);  // there are 16 buffers: name one that holds a lie instead
  const auto at = [&](uint64_t sequence) -> MessageHeader& {
    const uint64_t buffer = file.word(sequence).load_seq() & 15;
    return *ends.publisher.data()->at<MessageHeader>(buffer * file.geometry().stride);
  };
  at(1).length = 65;
  at(2).length = ~uint64_t{0};
  Message message;
  CHECK_THROWS(ends.subscription.at(1, message), "ERR_BABUS_SLOT_CORRUPT", "slot a/b", "message 1");
  CHECK_THROWS(ends.subscription.take(message), "ERR_BABUS_SLOT_CORRUPT", "message 1");
  CHECK_THROWS(ends.subscription.take(message), "ERR_BABUS_SLOT_CORRUPT", "message 2");
  CHECK(ends.subscription.take(message));
  CHECK_EQUAL(message.sequence, 3u);
  CHECK_EQUAL(message.missed, 2u);
  ends.subscription.release(message.pin);
  CHECK_EQUAL(file.count_pins(), 0u);
}

TEST("subscription: a ring word that names no buffer is an error, and reads nothing") {
  SlotConfig c = config();
  c.depth = 5;  // 17 buffers in 5 bits
  Ends ends(c);
  const ControlFile file(c);
  publish(ends.publisher, 1);
  publish(ends.publisher, 2);
  file.word(1).store_seq(file.ring_word(1, 31));
  Message message;
  CHECK_THROWS(ends.subscription.take(message), "ERR_BABUS_SLOT_CORRUPT", "message 1");
  CHECK_EQUAL(take_value(ends.subscription), 2u);
}

TEST("subscription: a head that leapt ahead is one error, not a busy loop") {
  Ends ends;
  publish(ends.publisher, 1);
  const ControlFile file;
  CHECK_EQUAL(take_value(ends.subscription), 1u);
  file.header().head.store_seq(1'000'001);
  Message message;
  CHECK_THROWS(ends.subscription.take(message), "ERR_BABUS_SLOT_CORRUPT", "message 2");
  CHECK(!ends.subscription.take(message));
  CHECK_EQUAL(ends.subscription.position(), 1'000'000u);
  file.header().head.store_seq(0);
  CHECK_THROWS(ends.subscription.take(message), "ERR_BABUS_SLOT_CORRUPT", "a.b@1.ctl");
  CHECK_THROWS(ends.subscription.newest(), "ERR_BABUS_SLOT_CORRUPT", "a.b@1.ctl");
}
