#pragma once
#include <bit>
#include <cstdint>

#include "sync/atomic.hpp"
#include "sync/bitmap.hpp"
#include "sync/step.hpp"

namespace babus::sync {

constexpr uint32_t kEventBits = 32;
constexpr uint32_t kAllBits = ~uint32_t{0};
constexpr uint32_t kRows = 256;

using RowSet = Bitmap<kRows>;

// Who sleeps on which of the 32 event bits, and the word that many of them sleep on. A bitmap of rows, not a
// counter: when a sleeper dies its bits can be taken back without knowing how far it got.
//
// A sleeper announces itself, then looks at the heads of its slots; a publisher moves a head, then looks for
// sleepers. All four are sequentially consistent, so at least one of the two sees the other (PAIR sleep in
// native/README.md). That holds however the sleeper is woken then.
class Events {
 public:
  Events(Word32& word, RowSet* sleepers) noexcept : word_(word), sleepers_(sleepers) {}

  void announce(uint32_t row, uint32_t bits) noexcept {
    for (uint32_t left = bits; left != 0; left &= left - 1)
      sleepers_[std::countr_zero(left)].add(row);  // PAIR sleep, PAIR refusal, PAIR removal
    reached(Step::kSleepAnnounced);
  }

  void retract(uint32_t row, uint32_t bits) noexcept {
    for (uint32_t left = bits; left != 0; left &= left - 1) sleepers_[std::countr_zero(left)].remove(row);
    reached(Step::kSleepRetracted);
  }

  // After a head moved. visit(row) is called for each sleeper of the bit: it wakes those that have a way of
  // their own, and returns true for those on the event word. If there are any, wake(word, bits) is called
  // once for all of them.
  template <typename Visit, typename Wake>
  void notify(uint32_t bit, Visit&& visit, Wake&& wake) noexcept {
    bool on_word = false;
    sleepers_[bit].each([&](uint32_t row) {  // PAIR sleep, PAIR refusal
      on_word |= visit(row);
      return true;
    });
    if (on_word) notify_word(uint32_t{1} << bit, wake);
  }

  // The same for the sleepers of all bits, whether or not something was published: they look again and sleep
  // on. Each is visited once.
  template <typename Visit, typename Wake>
  void notify_everybody(Visit&& visit, Wake&& wake) noexcept {
    uint64_t seen[RowSet::kWords] = {};
    bool on_word = false;
    for (uint32_t bit = 0; bit < kEventBits; ++bit)
      sleepers_[bit].each([&](uint32_t row) {  // PAIR sleep, PAIR removal
        const uint64_t mask = uint64_t{1} << (row % 64);
        if ((seen[row / 64] & mask) == 0) on_word |= visit(row);
        seen[row / 64] |= mask;
        return true;
      });
    if (on_word) notify_word(kAllBits, wake);
  }

  // Those on the event word alone, without looking who they are.
  template <typename Wake>
  void notify_word(uint32_t bits, Wake&& wake) noexcept {
    // A sleeper between its last look and the system call finds the word changed and does not sleep.
    word_.add_seq(1);  // PAIR wake
    reached(Step::kWakeCounted);
    wake(&word_, bits);
    reached(Step::kWakeDone);
  }

  // One turn of sleeping on a word: wait(word, expected) is called unless news() is true already. The caller
  // has announced itself before and retracts after its last turn.
  template <typename News, typename Wait>
  static bool sleep_once(const Word32& word, News&& news, Wait&& wait) noexcept {
    const uint32_t seen = word.load_seq();  // PAIR wake
    if (news()) return true;
    reached(Step::kSleepLooked);
    wait(&word, seen);
    reached(Step::kSleepWoken);
    return news();
  }

 private:
  Word32& word_;
  RowSet* sleepers_;
};

}  // namespace babus::sync
