#pragma once
#include <cstdint>

#include "sync/atomic.hpp"
#include "sync/bitmap.hpp"
#include "sync/step.hpp"

namespace babus::sync {

constexpr uint32_t kEventBits = 32;
constexpr uint32_t kRows = 256;

using RowSet = Bitmap<kRows>;

// Who sleeps on which of the 32 event bits, and the word they sleep on. A bitmap of rows, not a counter: when
// a sleeper dies its bits can be taken back without knowing how far it got.
//
// A sleeper announces itself, then looks at the heads of its slots; a publisher moves a head, then looks for
// sleepers. All four are sequentially consistent, so at least one of the two sees the other (PAIR sleep in
// native/README.md).
class Events {
 public:
  Events(Word32& word, RowSet* sleepers) noexcept : word_(word), sleepers_(sleepers) {}

  void announce(uint32_t row, uint32_t bits) noexcept {
    for (uint32_t bit = 0; bit < kEventBits; ++bit)
      if ((bits >> bit) & 1u) sleepers_[bit].add(row);  // PAIR sleep
  }

  void retract(uint32_t row, uint32_t bits) noexcept {
    for (uint32_t bit = 0; bit < kEventBits; ++bit)
      if ((bits >> bit) & 1u) sleepers_[bit].remove(row);
  }

  // After a head moved. wake(word, bits) is called only when somebody sleeps on the bit.
  template <typename Wake>
  void notify(uint32_t bit, Wake&& wake) noexcept {
    if (!sleepers_[bit].any()) return;  // PAIR sleep
    // A sleeper between its last look and the system call finds the word changed and does not sleep.
    word_.add_seq(1);  // PAIR wake
    reached(Step::kWakeCounted);
    wake(&word_, uint32_t{1} << bit);
    reached(Step::kWakeDone);
  }

  // Wakes the sleepers of all `bits`, whether or not something was published: they look again and sleep on.
  template <typename Wake>
  void notify_all(uint32_t bits, Wake&& wake) noexcept {
    word_.add_seq(1);  // PAIR wake
    wake(&word_, bits);
  }

  // One turn of sleeping: wait(word, expected, bits) is called unless news() is true already. The caller has
  // announced itself before and retracts after its last turn.
  template <typename News, typename Wait>
  bool sleep_once(uint32_t bits, News&& news, Wait&& wait) noexcept {
    const uint32_t seen = word_.load_seq();  // PAIR wake
    if (news()) return true;
    wait(&word_, seen, bits);
    return news();
  }

 private:
  Word32& word_;
  RowSet* sleepers_;
};

}  // namespace babus::sync
