#include "sync/events.hpp"

#include <memory>

#include "harness.hpp"

namespace {

using babus::sync::Events;
using babus::sync::kEventBits;
using babus::sync::RowSet;
using babus::sync::Word32;

struct Rig {
  Word32 word;
  RowSet sleepers[kEventBits];
  uint32_t woken_bits = 0;
  int wakes = 0;

  Events events() { return {word, sleepers}; }
  auto wake() {
    return [this](const Word32*, uint32_t bits) {
      woken_bits = bits;
      ++wakes;
    };
  }
};

}  // namespace

TEST("events: a publish wakes nobody, and writes no shared word, when nobody sleeps on its bit") {
  Rig rig;
  rig.events().announce(7, 1u << 4);
  rig.events().notify(3, rig.wake());
  CHECK_EQUAL(rig.wakes, 0);
  CHECK_EQUAL(rig.word.load_seq(), 0u);
}

TEST("events: a publish wakes the sleepers of its bit alone") {
  Rig rig;
  rig.events().announce(255, (1u << 4) | (1u << 31));
  rig.events().notify(31, rig.wake());
  CHECK_EQUAL(rig.wakes, 1);
  CHECK_EQUAL(rig.woken_bits, 1u << 31);
  CHECK_EQUAL(rig.word.load_seq(), 1u);
}

TEST("events: who retracted is not woken any more, others are") {
  Rig rig;
  rig.events().announce(1, ~uint32_t{0});
  rig.events().announce(2, 1u << 5);
  rig.events().retract(1, ~uint32_t{0});
  rig.events().notify(6, rig.wake());
  CHECK_EQUAL(rig.wakes, 0);
  rig.events().notify(5, rig.wake());
  CHECK_EQUAL(rig.wakes, 1);
}

TEST("events: waking all needs no sleeper and changes the word") {
  Rig rig;
  rig.events().notify_all(0xff, rig.wake());
  CHECK_EQUAL(rig.wakes, 1);
  CHECK_EQUAL(rig.woken_bits, 0xffu);
  CHECK_EQUAL(rig.word.load_seq(), 1u);
}

TEST("events: who finds news at the last look does not sleep") {
  Rig rig;
  int waits = 0;
  CHECK(rig.events().sleep_once(
      1, [] { return true; }, [&](auto...) { ++waits; }));
  CHECK_EQUAL(waits, 0);
}

TEST("events: a publish between the last look and the system call is seen by the kernel") {
  Rig rig;
  rig.events().announce(0, 1);
  bool published = false;
  uint32_t expected = 0, asked = 0;
  const bool news = rig.events().sleep_once(
      1,
      [&] {
        if (published) return true;
        rig.events().notify(0, rig.wake());  // after this look found nothing
        published = true;
        return false;
      },
      [&](const Word32*, uint32_t seen, uint32_t bits) {
        expected = seen;
        asked = bits;
      });
  CHECK(news);
  CHECK_EQUAL(asked, 1u);
  CHECK(expected != rig.word.load_seq());  // the kernel compares these two, and does not sleep
}
