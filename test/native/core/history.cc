#include "core/history.hpp"

#include <atomic>
#include <thread>

#include "os/clock.hpp"
#include "support/slots.hpp"

namespace {

using namespace babus::core;
using namespace babus::test;

MessageHeader& header_of(const Ends& ends, const ControlFile& file, uint64_t sequence) {
  const uint64_t buffer = file.word(sequence).load_seq() & 15;  // 16 buffers in config()
  return *ends.publisher.data()->at<MessageHeader>(buffer * file.geometry().stride);
}

// Publishes `count` messages; message s, of value s, is published at 10 * s.
void publish_at_tens(Ends& ends, const ControlFile& file, uint64_t count) {
  for (uint64_t s = 1; s <= count; ++s) {
    publish(ends.publisher, s);
    header_of(ends, file, s).monotonic_ns = 10 * s;
  }
}

std::vector<uint64_t> take_all(Subscription& subscription) {
  std::vector<uint64_t> values;
  Message message;
  while (subscription.take(message)) {
    CHECK_EQUAL(message.missed, 0u);
    values.push_back(value_of(subscription, message));
    subscription.release(message.pin);
  }
  return values;
}

std::vector<uint64_t> read_all(Subscription& subscription, History& history) {
  std::vector<uint64_t> sequences;
  Message message;
  while (history.next(message)) {
    CHECK_EQUAL(value_of(subscription, message), message.sequence);
    sequences.push_back(message.sequence);
  }
  return sequences;
}

using Numbers = std::vector<uint64_t>;

}  // namespace

TEST("history: a subscription begins where it is asked to, and what was before is not missed") {
  Ends ends;
  const ControlFile file;
  const auto begun = [&](Start start) {
    Subscription late(ends.participant->attach(config()), start);
    return take_all(late);
  };
  CHECK(begun(Start::oldest()).empty() && begun(Start::since(0)).empty());
  publish_at_tens(ends, file, 2);
  CHECK(begun(Start::oldest()) == (Numbers{1, 2}));
  CHECK(begun(Start::last(3)) == (Numbers{1, 2}));
  for (uint64_t s = 3; s <= 9; ++s) {
    publish(ends.publisher, s);
    header_of(ends, file, s).monotonic_ns = 10 * s;
  }
  CHECK(begun(Start::next()).empty());
  CHECK(begun(Start::last(0)).empty());
  CHECK(begun(Start::last(1)) == (Numbers{9}));
  CHECK(begun(Start::last(3)) == (Numbers{7, 8, 9}));
  CHECK(begun(Start::last(~uint64_t{0})) == (Numbers{6, 7, 8, 9}));
  CHECK(begun(Start::oldest()) == (Numbers{6, 7, 8, 9}));
  CHECK(begun(Start::since(0)) == (Numbers{6, 7, 8, 9}));
  CHECK(begun(Start::since(71)) == (Numbers{8, 9}));
  CHECK(begun(Start::since(91)).empty());
}

TEST("history: what came before the joining and what comes after it is one row without gap or double") {
  SlotConfig c = config();
  c.depth = 4096;
  c.max_readers = 200;
  Ends ends(c);
  constexpr uint64_t kLast = 4000;
  std::thread publishing([&] {
    const auto participant = join();
    Publisher publisher(participant->attach(c));
    for (uint64_t s = 1; s <= kLast; ++s) publish(publisher, s);
  });
  while (ends.subscription.newest() == 0) std::this_thread::yield();
  uint32_t joined = 0;
  for (uint64_t newest = 0; newest < kLast; ++joined) {
    newest = ends.subscription.newest();
    Subscription late(ends.participant->attach(c), joined % 2 == 0 ? Start::oldest() : Start::last(50));
    uint64_t expected = joined % 2 == 0 ? 1 : 0;
    while (expected <= kLast) {
      Message message;
      if (!late.take(message)) continue;
      if (expected == 0) {
        CHECK(message.sequence == 1 || message.sequence + 50 > newest);
        expected = message.sequence;
      }
      CHECK_EQUAL(message.sequence, expected++);
      CHECK_EQUAL(message.missed, 0u);
      late.release(message.pin);
      if (message.sequence > newest + 100) break;
    }
  }
  publishing.join();
  CHECK(joined > 0);
}

TEST("history: a subscription that cannot begin gives its place back") {
  Ends ends;
  const ControlFile file;
  publish(ends.publisher, 1);
  const auto other = join();
  Subscription holder(other->attach(config()), Start::oldest());
  Message first, second;
  CHECK(holder.take(first) && holder.at(1, second));
  CHECK_THROWS(Subscription(holder.slot().shared_from_this(), Start::since(0)), "ERR_BABUS_PIN_QUOTA");
  holder.release(first.pin);
  Subscription begun(holder.slot().shared_from_this(), Start::since(0));
  CHECK_EQUAL(begun.position(), 0u);
}

TEST("history: the messages before the newest are counted from it") {
  Ends ends;
  Message message;
  CHECK(!at_back(ends.subscription, 0, message));
  for (uint64_t s = 1; s <= 3; ++s) publish(ends.publisher, s);
  CHECK(!at_back(ends.subscription, 3, message));
  for (uint64_t s = 4; s <= 9; ++s) publish(ends.publisher, s);
  for (uint64_t back = 0; back < 4; ++back) {
    CHECK(at_back(ends.subscription, back, message));
    CHECK_EQUAL(message.sequence, 9 - back);
    ends.subscription.release(message.pin);
  }
  CHECK(!at_back(ends.subscription, 4, message));
  CHECK(!at_back(ends.subscription, ~uint64_t{0}, message));
  CHECK_EQUAL(take_value(ends.subscription), 6u);  // the cursor stands where it stood
}

TEST("history: the first message since a time is found, whichever it is and however many there are") {
  for (const uint32_t depth : {1u, 2u, 7u, 64u, 1000u}) {
    SlotConfig c = config("depth" + std::to_string(depth));
    c.depth = depth;
    Ends ends(c);
    const ControlFile file(c);
    CHECK_EQUAL(first_since(ends.subscription, 0), 1u);
    const auto header = [&](uint64_t sequence) -> MessageHeader& {
      uint64_t buffers = 1;
      while (buffers < file.geometry().buffers) buffers *= 2;
      const uint64_t buffer = file.word(sequence).load_seq() & (buffers - 1);
      return *ends.publisher.data()->at<MessageHeader>(buffer * file.geometry().stride);
    };
    const uint64_t last = 2 * depth + 1;
    for (uint64_t s = 1; s <= last; ++s) {
      publish(ends.publisher, s);
      header(s).monotonic_ns = s / 2 * 10;  // two messages of each time
    }
    const uint64_t oldest = last - depth + 1;
    for (uint64_t time = 0; time <= last * 5 + 20; time += 5) {
      uint64_t expected = oldest;
      while (expected <= last && expected / 2 * 10 < time) ++expected;
      CHECK_EQUAL(first_since(ends.subscription, time), expected);
    }
    CHECK_EQUAL(first_since(ends.subscription, ~uint64_t{0}), last + 1);
    CHECK_EQUAL(file.count_pins(), 0u);
  }
}

TEST("history: a look-up by time looks past messages that cannot be") {
  for (uint32_t broken = 0; broken < 16; ++broken) {
    Ends ends(config("slot" + std::to_string(broken)));
    const ControlFile file(config("slot" + std::to_string(broken)));
    publish_at_tens(ends, file, 4);
    for (uint64_t s = 1; s <= 4; ++s)
      if ((broken & (1u << (s - 1))) != 0) header_of(ends, file, s).length = 65;
    for (uint64_t time = 0; time <= 50; time += 5) {
      const auto is_sound = [&](uint64_t s) { return (broken & (1u << (s - 1))) == 0; };
      const uint64_t found = first_since(ends.subscription, time);
      CHECK(found >= 1 && found <= 5);
      for (uint64_t s = 1; s <= 4; ++s)
        if (is_sound(s)) CHECK_EQUAL(s >= found, 10 * s >= time);
    }
    History history(ends.subscription);
    CHECK_EQUAL(read_all(ends.subscription, history).size() + history.skipped(), 4u);
    CHECK_EQUAL(file.count_pins(), 0u);
  }
}

TEST("history: a walk shows what is there, oldest first, and holds one message at a time") {
  Ends ends;
  const ControlFile file;
  {
    History nothing(ends.subscription);
    Message message;
    CHECK(!nothing.next(message));
  }
  for (uint64_t s = 1; s <= 9; ++s) publish(ends.publisher, s);
  History all(ends.subscription), one(ends.subscription, 7, 7), some(ends.subscription, 2, 8),
      none(ends.subscription, 10);
  CHECK(read_all(ends.subscription, all) == (Numbers{6, 7, 8, 9}));
  CHECK(read_all(ends.subscription, one) == (Numbers{7}));
  CHECK(read_all(ends.subscription, some) == (Numbers{6, 7, 8}));
  CHECK(read_all(ends.subscription, none).empty());
  CHECK_EQUAL(all.skipped() + some.skipped(), 0u);
  {
    History left(ends.subscription);
    Message message;
    CHECK(left.next(message) && left.next(message));
    CHECK_EQUAL(file.count_pins(), 1u);
    Message taken;
    CHECK(ends.subscription.take(taken));
    CHECK_THROWS(History(ends.subscription).next(message), "ERR_BABUS_PIN_QUOTA");
    ends.subscription.release(taken.pin);
    CHECK(left.next(message));
    CHECK_EQUAL(message.sequence, 8u);
  }
  CHECK_EQUAL(file.count_pins(), 0u);
}

TEST("history: a walk that is overtaken counts what it skipped, and ends where it was to end") {
  Ends ends;
  for (uint64_t s = 1; s <= 4; ++s) publish(ends.publisher, s);
  History walk(ends.subscription), lapped(ends.subscription);
  Message message;
  CHECK(walk.next(message));
  publish(ends.publisher, 5);
  publish(ends.publisher, 6);
  CHECK_EQUAL(value_of(ends.subscription, message), 1u);  // held, so it stays
  CHECK(read_all(ends.subscription, walk) == (Numbers{3, 4}));
  CHECK_EQUAL(walk.skipped(), 1u);
  for (uint64_t s = 7; s <= 20; ++s) publish(ends.publisher, s);
  CHECK(!lapped.next(message));
  CHECK_EQUAL(lapped.skipped(), 4u);
}

TEST("history: a head that leapt ahead ends walks and look-ups") {
  Ends ends;
  publish(ends.publisher, 1);
  const ControlFile file;
  file.header().head.store_seq(uint64_t{1} << 50);
  CHECK(first_since(ends.subscription, 0) <= uint64_t{1} << 50);
  History walk(ends.subscription);
  Message message;
  CHECK(!walk.next(message));
  CHECK_EQUAL(walk.skipped(), 4u);
  Subscription late(ends.participant->attach(config()), Start::oldest());
  CHECK_THROWS(late.take(message), "ERR_BABUS_SLOT_CORRUPT");
}

TEST("history: readers that look back while others publish find what they look for, in order") {
  SlotConfig c = config();
  c.depth = 16;
  Ends ends(c);
  std::atomic<bool> done{false};
  std::thread publishing([&] {
    const auto participant = join();
    Publisher publisher(participant->attach(c));
    for (uint64_t s = 1; !done.load(); ++s) publish(publisher, s);
  });
  while (ends.subscription.newest() < 16) std::this_thread::yield();
  for (int round = 0; round < 300; ++round) {
    const uint64_t asked = babus::os::monotonic_ns();
    CHECK(first_since(ends.subscription, asked) > 16 - c.depth);
    Message message;
    uint64_t before = 0, time = 0;
    History walk(ends.subscription);
    while (walk.next(message)) {
      CHECK(message.sequence > before && message.monotonic_ns >= time);
      CHECK_EQUAL(value_of(ends.subscription, message), message.sequence);
      before = message.sequence, time = message.monotonic_ns;
    }
    const uint64_t newest = ends.subscription.newest();
    if (at_back(ends.subscription, 3, message)) {
      CHECK(message.sequence + 3 >= newest);
      ends.subscription.release(message.pin);
    }
  }
  done.store(true);
  publishing.join();
  CHECK_EQUAL(ControlFile(c).count_pins(), 0u);
}

TEST("history: depth 65535 keeps 65535 messages, and all of them can be found") {
  SlotConfig c = config();
  c.depth = 65'535;
  Ends ends(c);
  constexpr uint64_t kLast = 70'000;
  for (uint64_t s = 1; s <= kLast; ++s) publish(ends.publisher, s);
  CHECK_EQUAL(ends.subscription.oldest(), kLast - 65'534);
  Message message;
  CHECK(!ends.subscription.at(kLast - 65'535, message));
  History walk(ends.subscription);
  uint64_t expected = kLast - 65'534;
  while (walk.next(message)) {
    CHECK_EQUAL(message.sequence, expected++);
    const uint64_t found = first_since(ends.subscription, message.monotonic_ns);
    CHECK(found <= message.sequence);
    if (found < message.sequence) {  // two messages within a nanosecond, or a coarse clock
      Message same;
      CHECK(ends.subscription.at(found, same));
      CHECK_EQUAL(same.monotonic_ns, message.monotonic_ns);
      ends.subscription.release(same.pin);
    }
  }
  CHECK_EQUAL(expected, kLast + 1);
  CHECK_EQUAL(walk.skipped(), 0u);
  CHECK(at_back(ends.subscription, 65'534, message));
  CHECK_EQUAL(value_of(ends.subscription, message), kLast - 65'534);
}
