#pragma once
#include <cstdint>
#include <optional>

#include "sync/atomic.hpp"
#include "sync/events.hpp"
#include "sync/step.hpp"

namespace babus::sync {

// State of one buffer: who may write to it. 16 bytes in the slot's control file.
struct BufferState {
  Word64 state;     // see Ring::free_state() and its neighbours
  Word64 reserved;  // bytes of the buffer that are backed by memory; changed by the claimer alone
};
static_assert(sizeof(BufferState) == 16);

// Where the parts of a ring lie and how many there are of each. The numbers are a private copy, checked when
// the slot was opened: what another process writes into the file later cannot send us out of bounds.
struct RingParts {
  Word64* head;          // next sequence; starts at 1
  Word64* words;         // [depth]
  BufferState* buffers;  // [buffer_count]
  Word64* hazards;       // [kRows][pins_per_row]
  const RowSet* readers;
  uint32_t depth;
  uint32_t buffer_count;
  uint32_t pins_per_row;
};

// What a JavaScript number holds exactly: 285 years of a message each microsecond. A buffer's state word has
// room for 2^62.
constexpr uint64_t kSequenceMax = (uint64_t{1} << 53) - 1;

// kCorrupt: the ring names what cannot be.
enum class Found { kMessage, kNotYet, kGone, kCorrupt };

// The last `depth` messages of a slot, many publishers, many readers, no locks. Each ring word holds {lap +
// 1, buffer} and is never reset, so it names one sequence for ever: sequence = lap * depth + place. A message
// is published at the instant its ring word is swapped in; head follows, helped by whoever finds it behind.
// Readers announce a hazard before they believe a ring word; claimers look for hazards after they took a
// buffer. ../README.md has the protocol and its pairs.
class Ring {
 public:
  explicit Ring(const RingParts& parts) noexcept : p_(parts) {
    while ((uint64_t{1} << buffer_bits_) < parts.buffer_count) ++buffer_bits_;
    const uint64_t last_lap = ~uint64_t{0} >> buffer_bits_;
    if (last_lap <= kSequenceMax / parts.depth) last_ = last_lap * parts.depth - 1;
  }

  static constexpr uint64_t free_state() noexcept { return 0; }
  static constexpr uint64_t claimed_state(uint32_t row, uint64_t generation) noexcept {
    return 1u | (uint64_t{row} << 2) | (generation << 10);
  }
  static constexpr uint64_t published_state(uint64_t sequence) noexcept { return 2u | (sequence << 2); }

  // The last sequence that a ring word has room for. Head may say one more.
  uint64_t last_sequence() const noexcept { return last_; }
  uint32_t depth() const noexcept { return p_.depth; }
  uint32_t buffer_count() const noexcept { return p_.buffer_count; }

  // Sequence of the newest message, 0 when there is none. Moves head over messages whose publisher has not,
  // and says so in `helped`: the caller must then wake the sleepers, because that publisher may have died
  // before it could.
  uint64_t newest(bool& helped) noexcept {
    for (uint32_t turn = 0; turn < kTurns; ++turn) {
      const uint64_t next = p_.head->load_seq();
      if (lap_of(word_at(next).load_seq()) != lap_for(next)) return before(next);
      helped |= advance_head(next);
    }
    return newest_seen();
  }

  // The same without helping: may be one message behind.
  uint64_t newest_seen() const noexcept { return before(p_.head->load_seq()); }  // PAIR sleep

  // Whether message `sequence` is there now, without keeping it.
  Found look(uint64_t sequence) const noexcept {
    return judge(word_at(sequence).load_acquire(), sequence);  // PAIR ahead
  }

  // Looks for message `sequence` and keeps its buffer from being written while hazard `place` of `row` names
  // it.
  Found pin(uint32_t row, uint32_t place, uint64_t sequence, uint32_t& buffer) noexcept {
    const uint64_t word = word_at(sequence).load_acquire();  // PAIR publish, PAIR ahead
    const Found found = judge(word, sequence);
    if (found != Found::kMessage) return found;
    buffer = buffer_of(word);
    if (buffer >= p_.buffer_count) return Found::kCorrupt;
    reached(Step::kPinLooked);
    hazard(row, place).store_seq(uint64_t{buffer} + 1);  // PAIR pin
    reached(Step::kPinAnnounced);
    if (word_at(sequence).load_seq() == word) {  // PAIR pin
      reached(Step::kPinHeld);
      return Found::kMessage;
    }
    reached(Step::kPinMissed);
    hazard(row, place).store_release(0);
    return Found::kGone;
  }

  void unpin(uint32_t row, uint32_t place) noexcept {
    hazard(row, place).store_release(0);  // PAIR reuse
    reached(Step::kReleaseDone);
  }

  // Takes buffer `b` for writing if no message in the ring and no reader uses it.
  bool try_claim(uint32_t b, uint64_t claimed) noexcept {
    Word64& state = p_.buffers[b].state;
    uint64_t old = state.load_seq();
    if (tag_of(old) == kClaimed) return false;
    if (tag_of(old) == kPublished && is_in_ring(sequence_of(old), b)) return false;
    reached(Step::kClaimLooked);
    if (!state.swap_if_seq(old, claimed)) return false;  // PAIR reuse
    reached(Step::kClaimSwapped);
    if (!is_pinned(b)) {
      reached(Step::kClaimDone);
      return true;
    }
    reached(Step::kClaimRefused);
    state.store_release(old);
    return false;
  }

  // Gives a claimed buffer back unpublished.
  void discard(uint32_t b) noexcept {
    p_.buffers[b].state.store_release(free_state());  // PAIR reuse
    reached(Step::kDiscardDone);
  }

  // Frees every buffer that is claimed for a row of which may_claim(row) is not true. Who takes such a row
  // meanwhile claims under another generation, so under another state.
  template <typename MayClaim>
  void free_claims_unless(MayClaim&& may_claim) {
    for (uint32_t b = 0; b < p_.buffer_count; ++b) {
      uint64_t claimed = p_.buffers[b].state.load_seq();
      if (tag_of(claimed) == kClaimed && !may_claim(static_cast<uint32_t>(claimed >> 2 & 0xff)))
        p_.buffers[b].state.swap_if_seq(claimed, free_state());
    }
  }

  struct Committed {
    uint64_t sequence = 0;  // 0: the control words cannot be, or sequences are used up; nothing was published
    std::optional<uint32_t> pushed_out;  // the buffer whose message left the ring
  };

  // Publishes a claimed buffer. stamp(sequence) fills the message's header and may be called more than once,
  // before each attempt. The caller wakes the sleepers afterwards.
  template <typename Stamp>
  Committed commit(uint32_t b, Stamp&& stamp) noexcept {
    for (uint32_t turn = 0; turn < kTurns; ++turn) {
      const uint64_t next = p_.head->load_seq();  // PAIR ahead
      if (next == 0 || next > last_) return {};
      Word64& place = word_at(next);
      uint64_t old = place.load_seq();
      const uint64_t lap = lap_of(old);
      if (lap == lap_for(next)) {  // another publisher is, or died, between its two steps
        advance_head(next);
        reached(Step::kCommitHelped);
        continue;
      }
      if (lap > lap_for(next)) {  // `next` is old; if head still says so, somebody wrote nonsense
        if (p_.head->load_seq() == next) return {};
        continue;
      }
      stamp(next);
      reached(Step::kCommitStamped);
      if (!place.swap_if_seq(old, word_for(next, b))) continue;  // PAIR publish, PAIR pin, PAIR ahead
      reached(Step::kCommitPublished);
      p_.buffers[b].state.store_release(published_state(next));  // PAIR reuse
      reached(Step::kCommitStated);
      advance_head(next);
      reached(Step::kCommitAdvanced);
      if (lap == 0 || buffer_of(old) >= p_.buffer_count) return {next, std::nullopt};
      return {next, buffer_of(old)};
    }
    return {};
  }

  // Gives back what a dead row held: pins, then claims. A claimed buffer that the ring names was published
  // before its owner could say so. Every step can be done by several at once and again: only claims of
  // exactly this owner are touched, each by compare-and-swap. The caller has made sure that no newcomer can
  // use the row meanwhile.
  void recover(uint32_t row, uint64_t claimed) noexcept {
    for (uint32_t place = 0; place < p_.pins_per_row; ++place) hazard(row, place).store_seq(0);
    reached(Step::kRecoverUnpinned);
    for (uint32_t i = 0; i < p_.depth; ++i) {
      const uint64_t word = p_.words[i].load_seq();
      const uint32_t b = buffer_of(word);
      if (lap_of(word) == 0 || b >= p_.buffer_count) continue;
      uint64_t expected = claimed;
      p_.buffers[b].state.swap_if_seq(expected, published_state((lap_of(word) - 1) * p_.depth + i));
    }
    reached(Step::kRecoverStated);
    for (uint32_t b = 0; b < p_.buffer_count; ++b) {
      uint64_t expected = claimed;
      p_.buffers[b].state.swap_if_seq(expected, free_state());
    }
    reached(Step::kRecoverFreed);
    bool helped = false;
    newest(helped);
    reached(Step::kRecoverHelped);
  }

 private:
  // In each turn in which we get nowhere another publisher has published. A million in a row means that
  // somebody turns the words back and forth, and the loop must end all the same.
  static constexpr uint32_t kTurns = 1u << 20;
  static constexpr uint64_t kClaimed = 1;
  static constexpr uint64_t kPublished = 2;
  static constexpr uint64_t tag_of(uint64_t state) noexcept { return state & 3u; }
  static constexpr uint64_t sequence_of(uint64_t state) noexcept { return state >> 2; }

  // head is at least 1; a file that says 0 must not become the largest of all sequences.
  static constexpr uint64_t before(uint64_t next) noexcept { return next == 0 ? 0 : next - 1; }

  // What a ring word says about the message that would have its place. A message is published where head
  // stands, and head never goes back: a word ahead of it was written by nobody who keeps to the protocol.
  Found judge(uint64_t word, uint64_t sequence) const noexcept {
    const uint64_t lap = lap_of(word);
    if (lap == lap_for(sequence)) return Found::kMessage;
    if (lap < lap_for(sequence)) return Found::kNotYet;
    const uint64_t head = p_.head->load_seq();  // PAIR ahead
    const bool is_ahead =
        lap > lap_for(head) || (lap == lap_for(head) && sequence % p_.depth > head % p_.depth);
    return is_ahead ? Found::kCorrupt : Found::kGone;
  }

  uint64_t lap_of(uint64_t word) const noexcept { return word >> buffer_bits_; }  // lap + 1; 0: never written
  uint64_t lap_for(uint64_t sequence) const noexcept { return sequence / p_.depth + 1; }
  uint32_t buffer_of(uint64_t word) const noexcept {
    return static_cast<uint32_t>(word & ((uint64_t{1} << buffer_bits_) - 1));
  }
  uint64_t word_for(uint64_t sequence, uint32_t b) const noexcept {
    return (lap_for(sequence) << buffer_bits_) | b;
  }
  Word64& word_at(uint64_t sequence) const noexcept { return p_.words[sequence % p_.depth]; }
  Word64& hazard(uint32_t row, uint32_t place) const noexcept {
    return p_.hazards[uint64_t{row} * p_.pins_per_row + place];
  }

  bool advance_head(uint64_t from) noexcept { return p_.head->swap_if_seq(from, from + 1); }  // PAIR sleep

  bool is_in_ring(uint64_t sequence, uint32_t b) const noexcept {
    return word_at(sequence).load_seq() == word_for(sequence, b);  // PAIR pin
  }

  bool is_pinned(uint32_t b) const noexcept {
    return !p_.readers->each([&](uint32_t row) {  // PAIR readers
      for (uint32_t place = 0; place < p_.pins_per_row; ++place)
        if (hazard(row, place).load_seq() == uint64_t{b} + 1) return false;  // PAIR pin, PAIR reuse
      return true;
    });
  }

  RingParts p_;
  uint32_t buffer_bits_ = 0;
  uint64_t last_ = kSequenceMax;
};

}  // namespace babus::sync
