#pragma once
#include <bit>
#include <cstdint>

#include "sync/atomic.hpp"

namespace babus::sync {

// Latencies in buckets that grow with the value: eight to an octave (12.5 % wide), from 256 ns to 18 minutes.
// One writer, any number of readers, who may see a count a moment late.
class Histogram {
 public:
  static constexpr uint32_t kBuckets = 256;

  void count(uint64_t ns) noexcept { counts_[bucket_of(ns)].add_alone(1); }
  uint32_t at(uint32_t bucket) const noexcept { return counts_[bucket].load_relaxed(); }
  void clear() noexcept {
    for (Word32& word : counts_) word.store_relaxed(0);
  }

  static constexpr uint32_t bucket_of(uint64_t ns) noexcept {
    if (ns < kSmallest) return 0;
    const auto octave = static_cast<uint32_t>(std::bit_width(ns)) - 1;
    const auto eighth = static_cast<uint32_t>(ns >> (octave - 3)) & 7u;
    const uint32_t bucket = (octave - kFirstOctave) * 8 + eighth;
    return bucket < kBuckets ? bucket : kBuckets - 1;
  }

  // Smallest value that falls into the bucket; 0 for the first, which takes everything below too.
  static constexpr uint64_t lower_bound_ns(uint32_t bucket) noexcept {
    if (bucket == 0) return 0;
    return (uint64_t{8} + bucket % 8) << (kFirstOctave + bucket / 8 - 3);
  }

 private:
  static constexpr uint32_t kFirstOctave = 8;
  static constexpr uint64_t kSmallest = uint64_t{1} << kFirstOctave;
  Word32 counts_[kBuckets];
};

}  // namespace babus::sync
