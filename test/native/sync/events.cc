#include "sync/events.hpp"

#include <memory>
#include <set>
#include <vector>

#include "harness.hpp"

namespace {

using namespace babus::sync;

// Rows from 100 on have a way of their own to be woken.
struct Rig {
  Word32 word;
  RowSet sleepers[kEventBits];
  uint32_t woken_bits = 0;
  int wakes = 0;
  std::vector<uint32_t> visited;

  Events events() { return {word, sleepers}; }
  auto visit() {
    return [this](uint32_t row) {
      visited.push_back(row);
      return row < 100;
    };
  }
  auto wake() {
    return [this](const Word32*, uint32_t bits) {
      woken_bits = bits;
      ++wakes;
    };
  }
  void notify(uint32_t bit) { events().notify(bit, visit(), wake()); }
};

using Rows = std::vector<uint32_t>;

}  // namespace

TEST("events: a publish wakes nobody, and writes no shared word, when nobody sleeps on its bit") {
  Rig rig;
  rig.events().announce(7, 1u << 4);
  rig.events().announce(107, 1u << 4);
  rig.notify(3);
  CHECK_EQUAL(rig.wakes, 0);
  CHECK_EQUAL(rig.word.load_seq(), 0u);
  CHECK(rig.visited.empty());
}

TEST("events: a publish wakes the sleepers of its bit alone") {
  Rig rig;
  rig.events().announce(55, (1u << 4) | (1u << 31));
  rig.notify(31);
  CHECK_EQUAL(rig.wakes, 1);
  CHECK_EQUAL(rig.woken_bits, 1u << 31);
  CHECK_EQUAL(rig.word.load_seq(), 1u);
}

TEST("events: those on the event word are woken by one call, the others each by their own") {
  Rig rig;
  for (const uint32_t row : {1u, 64u, 99u, 100u, 200u, 255u}) rig.events().announce(row, 1u << 9);
  rig.events().announce(2, 1u << 8);
  rig.notify(9);
  CHECK(rig.visited == (Rows{1, 64, 99, 100, 200, 255}));
  CHECK_EQUAL(rig.wakes, 1);
  CHECK_EQUAL(rig.word.load_seq(), 1u);
}

TEST("events: the event word is left alone when all on the bit have ways of their own") {
  Rig rig;
  rig.events().announce(100, 1u << 9);
  rig.events().announce(255, 1u << 9);
  rig.notify(9);
  CHECK(rig.visited == (Rows{100, 255}));
  CHECK_EQUAL(rig.wakes, 0);
  CHECK_EQUAL(rig.word.load_seq(), 0u);
}

TEST("events: who retracted is not woken any more, others are") {
  Rig rig;
  rig.events().announce(1, kAllBits);
  rig.events().announce(2, 1u << 5);
  rig.events().retract(1, kAllBits);
  rig.notify(6);
  CHECK_EQUAL(rig.wakes, 0);
  rig.notify(5);
  CHECK_EQUAL(rig.wakes, 1);
}

TEST("events: waking everybody visits each sleeper once, whatever it sleeps on") {
  Rig rig;
  rig.events().announce(3, kAllBits);
  rig.events().announce(130, (1u << 2) | (1u << 30));
  rig.events().announce(255, 1u << 31);
  rig.events().notify_everybody(rig.visit(), rig.wake());
  CHECK(std::set<uint32_t>(rig.visited.begin(), rig.visited.end()) == (std::set<uint32_t>{3, 130, 255}));
  CHECK_EQUAL(rig.visited.size(), 3u);
  CHECK_EQUAL(rig.wakes, 1);
  CHECK_EQUAL(rig.woken_bits, kAllBits);
}

TEST("events: waking everybody when nobody sleeps writes nothing") {
  Rig rig;
  rig.events().notify_everybody(rig.visit(), rig.wake());
  CHECK_EQUAL(rig.wakes, 0);
  CHECK_EQUAL(rig.word.load_seq(), 0u);
}

TEST("events: waking the word needs no sleeper and changes the word") {
  Rig rig;
  rig.events().notify_word(0xff, rig.wake());
  CHECK_EQUAL(rig.wakes, 1);
  CHECK_EQUAL(rig.woken_bits, 0xffu);
  CHECK_EQUAL(rig.word.load_seq(), 1u);
}

TEST("events: who finds news at the last look does not sleep") {
  Rig rig;
  int waits = 0;
  CHECK(Events::sleep_once(
      rig.word, [] { return true; }, [&](auto...) { ++waits; }));
  CHECK_EQUAL(waits, 0);
}

TEST("events: a publish between the last look and the system call is seen by the kernel") {
  Rig rig;
  rig.events().announce(0, 1);
  bool published = false;
  uint32_t expected = 0;
  const bool news = Events::sleep_once(
      rig.word,
      [&] {
        if (published) return true;
        rig.notify(0);  // after this look found nothing
        published = true;
        return false;
      },
      [&](const Word32*, uint32_t seen) { expected = seen; });
  CHECK(news);
  CHECK(expected != rig.word.load_seq());  // the kernel compares these two, and does not sleep
}
