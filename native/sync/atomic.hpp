#pragma once
#include <atomic>
#include <cstdint>

namespace babus::sync {

// A word in memory that processes share. The methods name the memory order, so that a reader of a protocol
// sees at each step what it relies on; native/README.md lists which store each load pairs with.
template <typename T>
class Atomic {
 public:
  constexpr Atomic() noexcept : value_(0) {}
  T load_relaxed() const noexcept { return value_.load(std::memory_order_relaxed); }
  T load_acquire() const noexcept { return value_.load(std::memory_order_acquire); }
  T load_seq() const noexcept { return value_.load(std::memory_order_seq_cst); }

  void store_relaxed(T value) noexcept { value_.store(value, std::memory_order_relaxed); }
  void store_release(T value) noexcept { value_.store(value, std::memory_order_release); }
  void store_seq(T value) noexcept { value_.store(value, std::memory_order_seq_cst); }

  // On failure `expected` becomes what was there.
  bool swap_if_seq(T& expected, T desired) noexcept {
    return value_.compare_exchange_strong(expected, desired, std::memory_order_seq_cst,
                                          std::memory_order_seq_cst);
  }

  T add_seq(T amount) noexcept { return value_.fetch_add(amount, std::memory_order_seq_cst); }
  T set_bits_seq(T bits) noexcept { return value_.fetch_or(bits, std::memory_order_seq_cst); }
  T clear_bits_seq(T bits) noexcept {
    return value_.fetch_and(static_cast<T>(~bits), std::memory_order_seq_cst);
  }

  // For a counter with one writer: no locked instruction.
  void add_alone(T amount) noexcept { store_relaxed(static_cast<T>(load_relaxed() + amount)); }

 private:
  std::atomic<T> value_;
};

using Word32 = Atomic<uint32_t>;
using Word64 = Atomic<uint64_t>;

// Lock-free and without hidden state, or another process could not use the same bytes.
static_assert(std::atomic<uint32_t>::is_always_lock_free && sizeof(Word32) == 4 && alignof(Word32) == 4);
static_assert(std::atomic<uint64_t>::is_always_lock_free && sizeof(Word64) == 8 && alignof(Word64) == 8);

}  // namespace babus::sync
