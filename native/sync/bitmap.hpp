#pragma once
#include <bit>
#include <cstdint>

#include "sync/atomic.hpp"

namespace babus::sync {

// A set of small numbers in shared words: which rows read a slot, which slots a row is attached to.
template <uint32_t kBits>
class Bitmap {
 public:
  static constexpr uint32_t kWords = kBits / 64;
  static_assert(kBits % 64 == 0);

  void add(uint32_t bit) noexcept { words_[bit / 64].set_bits_seq(mask(bit)); }
  void remove(uint32_t bit) noexcept { words_[bit / 64].clear_bits_seq(mask(bit)); }
  bool has(uint32_t bit) const noexcept { return (words_[bit / 64].load_seq() & mask(bit)) != 0; }

  bool any() const noexcept {
    uint64_t all = 0;
    for (const Word64& word : words_) all |= word.load_seq();
    return all != 0;
  }

  uint32_t count() const noexcept {
    uint32_t total = 0;
    for (const Word64& word : words_) total += static_cast<uint32_t>(std::popcount(word.load_seq()));
    return total;
  }

  void clear() noexcept {
    for (Word64& word : words_) word.store_seq(0);
  }

  // Calls visit(bit) for each member until one returns false; returns false then.
  template <typename Visit>
  bool each(Visit&& visit) const {
    for (uint32_t i = 0; i < kWords; ++i)
      for (uint64_t left = words_[i].load_seq(); left != 0; left &= left - 1)
        if (!visit(i * 64 + static_cast<uint32_t>(std::countr_zero(left)))) return false;
    return true;
  }

 private:
  static constexpr uint64_t mask(uint32_t bit) noexcept { return uint64_t{1} << (bit % 64); }
  Word64 words_[kWords];
};

}  // namespace babus::sync
